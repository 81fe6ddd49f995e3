/**
 * A clip made from one labelled still (docs: still-to-clip pairs): a driving camera, things that move on their
 * own over filled-in ground, a little light and noise. Every frame's labels follow its pixels exactly.
 */

import { IGNORE_LABEL } from '@twnet/core/classes';
import type { Random } from '@twnet/core/random';
import { type CameraPath, drawCameraPath, projectFrame } from './camera-path.js';
import type { Still } from './camvid.js';
import { drawMovingObjects, type MovingObject, type MovingObjects } from './moving-objects.js';

/** Frames as planar 8-bit RGB, and one train id a pixel (255 where the still does not reach). */
export interface RenderedClip {
  readonly width: number;
  readonly height: number;
  readonly frames: readonly Uint8Array[];
  readonly labels: readonly Uint8Array[];
}

const NOISE_SIZE = 1 << 16;

/** Another still of the same size that the clip shows from frame `from` on, moved along the same camera path. */
export interface Jump {
  readonly to: Still;
  readonly from: number;
}

export function stillToClip(still: Still, length: number, random: Random, jump?: Jump): RenderedClip {
  const { width, height } = still;
  const path = drawCameraPath(width, height, length, random);
  const moving = drawMovingObjects(still, random);
  const later = jump && { still: jump.to, moving: drawMovingObjects(jump.to, random) };
  const noise = noiseTable(1 + 2 * random(), random);
  const x = new Float32Array(width * height);
  const y = new Float32Array(width * height);
  const frames: Uint8Array[] = [];
  const labels: Uint8Array[] = [];
  path.poses.forEach((pose, t) => {
    projectFrame(path, pose, width, height, x, y);
    const frame = new Uint8Array(3 * width * height);
    const map = new Uint8Array(width * height);
    const shown = later && t >= jump.from ? later : { still, moving };
    composeFrame(shown.still, shown.moving, { x, y, path, t }, frame, map, {
      gain: pose.gain,
      noise,
      shift: Math.floor(random() * NOISE_SIZE),
    });
    frames.push(frame);
    labels.push(map);
  });
  return { width, height, frames, labels };
}

interface Projection {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly path: CameraPath;
  readonly t: number;
}

interface Light {
  readonly gain: number;
  readonly noise: Int8Array;
  readonly shift: number;
}

function composeFrame(
  still: Still,
  { objects, ids, ground }: MovingObjects,
  { x, y, t }: Projection,
  frame: Uint8Array,
  labels: Uint8Array,
  light: Light,
): void {
  const { width, height } = still;
  for (let i = 0; i < labels.length; i++) {
    let source = ground;
    let px = x[i];
    let py = y[i];
    for (const object of objects) {
      const place = placeIn(object, px, py, t);
      if (place === undefined) continue;
      if (ids[Math.round(place.y) * width + Math.round(place.x)] !== object.id) continue;
      source = still;
      px = place.x;
      py = place.y;
      break;
    }
    const inside = px >= -0.5 && py >= -0.5 && px <= width - 0.5 && py <= height - 0.5;
    px = Math.min(Math.max(px, 0), width - 1);
    py = Math.min(Math.max(py, 0), height - 1);
    labels[i] = inside ? source.labels[Math.round(py) * width + Math.round(px)] : IGNORE_LABEL;
    samplePixel(source, px, py, frame, i, labels.length, light);
  }
}

const found = { x: 0, y: 0 };

/** Where a point of the still at frame `t` lies in the object as it was cut out; undefined outside its bounds. */
function placeIn(
  object: MovingObject,
  px: number,
  py: number,
  t: number,
): { x: number; y: number } | undefined {
  const centreX = (object.left + object.right) / 2;
  const { bottom, top } = object;
  const scale = 1 / (1 + object.growth * t);
  const y = bottom + (py - bottom - object.velocityY * t) * scale;
  if (y < top || y > bottom) return undefined;
  const below = Math.max(0, ((y - top) / (bottom - top + 1)) * 2 - 1);
  const swing = object.swing * below * Math.sin(0.9 * t + object.phase + 3 * below);
  const x = centreX + (px - centreX - object.velocityX * t) * scale + swing;
  if (x < object.left || x > object.right) return undefined;
  found.x = x;
  found.y = y;
  return found;
}

function samplePixel(
  source: Still,
  px: number,
  py: number,
  frame: Uint8Array,
  index: number,
  area: number,
  { gain, noise, shift }: Light,
): void {
  const { width, height, pixels } = source;
  const x0 = px | 0;
  const y0 = py | 0;
  const fx = px - x0;
  const fy = py - y0;
  const right = x0 < width - 1 ? 1 : 0;
  const at = y0 * width + x0;
  const below = y0 < height - 1 ? width : 0;
  const grain = noise[(index + shift) & (NOISE_SIZE - 1)];
  for (let plane = 0; plane < 3; plane++) {
    const p = plane * area + at;
    const upper = pixels[p] + (pixels[p + right] - pixels[p]) * fx;
    const lower = pixels[p + below] + (pixels[p + below + right] - pixels[p + below]) * fx;
    const value = (upper + (lower - upper) * fy) * gain + grain;
    frame[plane * area + index] = value < 0 ? 0 : value > 255 ? 255 : value + 0.5;
  }
}

function noiseTable(deviation: number, random: Random): Int8Array {
  // The sum of three uniform draws is near enough to a bell.
  return Int8Array.from({ length: NOISE_SIZE }, () =>
    Math.round((random() + random() + random() - 1.5) * 2 * deviation),
  );
}
