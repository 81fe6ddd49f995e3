/** Things in a still that move on their own: cut out, displaced frame by frame, the ground behind filled in. */

import { CAMVID, IGNORE_LABEL } from '@twnet/core/classes';
import type { Random } from '@twnet/core/random';
import type { Still } from './camvid.js';

export interface MovingObject {
  /** Its number in the id map, from 1. */
  readonly id: number;
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
  /** Pixels of the still a frame. */
  readonly velocityX: number;
  readonly velocityY: number;
  /** Relative growth a frame. */
  readonly growth: number;
  /** Walking: sideways swing of the lower half, pixels, and its phase. */
  readonly swing: number;
  readonly phase: number;
}

export interface MovingObjects {
  readonly objects: readonly MovingObject[];
  /** `height × width`: an object's id, 0 for the ground. */
  readonly ids: Uint8Array;
  /** The still without the objects: planar RGB and labels. */
  readonly ground: Still;
}

interface Mobility {
  /** Share of its components that move on their own. */
  readonly share: number;
  /** Largest speed, pixels a frame. */
  readonly speed: number;
  readonly walks: boolean;
}

const MOBILITY = new Map<number, Mobility>([
  [CAMVID.classes.indexOf('car'), { share: 0.6, speed: 9, walks: false }],
  [CAMVID.classes.indexOf('pedestrian'), { share: 0.8, speed: 4, walks: true }],
  [CAMVID.classes.indexOf('bicyclist'), { share: 0.8, speed: 6, walks: true }],
  // Poles and signs stand, but near ones pass faster than the tunnel says.
  [CAMVID.classes.indexOf('pole'), { share: 0.3, speed: 2, walks: false }],
  [CAMVID.classes.indexOf('sign'), { share: 0.3, speed: 2, walks: false }],
]);

const SMALLEST_AREA = 40;
const LARGEST_SHARE = 0.15;
const MOST_OBJECTS = 12;

/** Chooses components of the movable classes and gives each a motion. */
export function drawMovingObjects(still: Still, random: Random): MovingObjects {
  const { width, height } = still;
  const ids = new Uint8Array(width * height);
  const objects: MovingObject[] = [];
  const seen = new Uint8Array(width * height);
  for (let start = 0; start < seen.length && objects.length < MOST_OBJECTS; start++) {
    const mobility = MOBILITY.get(still.labels[start]);
    if (seen[start] || !mobility) continue;
    const pixels = component(still, start, seen);
    if (pixels.length < SMALLEST_AREA || pixels.length > LARGEST_SHARE * seen.length) continue;
    if (random() >= mobility.share) continue;
    const id = objects.length + 1;
    for (const pixel of pixels) ids[pixel] = id;
    objects.push({ id, ...bounds(pixels, width), ...drawMotion(mobility, random) });
  }
  return { objects, ids, ground: fillGround(still, ids) };
}

function drawMotion({ speed, walks }: Mobility, random: Random) {
  return {
    velocityX: (2 * random() - 1) * speed * random(),
    velocityY: (2 * random() - 1) * 0.2 * speed * random(),
    growth: 0.02 * (2 * random() - 1),
    swing: walks ? 1 + 3 * random() : 0,
    phase: 2 * Math.PI * random(),
  };
}

/** The 4-connected pixels of one label around `start`. */
function component({ labels, width }: Still, start: number, seen: Uint8Array): number[] {
  const label = labels[start];
  const pixels = [start];
  seen[start] = 1;
  for (let i = 0; i < pixels.length; i++) {
    const pixel = pixels[i];
    const column = pixel % width;
    const neighbours = [
      pixel - width,
      pixel + width,
      column > 0 ? pixel - 1 : -1,
      column < width - 1 ? pixel + 1 : -1,
    ];
    for (const next of neighbours) {
      if (next < 0 || next >= seen.length || seen[next] || labels[next] !== label) continue;
      seen[next] = 1;
      pixels.push(next);
    }
  }
  return pixels;
}

function bounds(pixels: readonly number[], width: number) {
  let [left, top, right, bottom] = [width, Number.POSITIVE_INFINITY, 0, 0];
  for (const pixel of pixels) {
    const column = pixel % width;
    const row = (pixel - column) / width;
    left = Math.min(left, column);
    right = Math.max(right, column);
    top = Math.min(top, row);
    bottom = Math.max(bottom, row);
  }
  return { left, top, right, bottom };
}

/** Fills cut-out stretches of each row between the pixels on their left and right. */
function fillGround(still: Still, ids: Uint8Array): Still {
  const { width, height } = still;
  const pixels = still.pixels.slice();
  const labels = still.labels.slice();
  for (let row = 0; row < height; row++) {
    const line = row * width;
    for (let column = 0; column < width; column++) {
      if (ids[line + column] === 0) continue;
      let end = column;
      while (end < width && ids[line + end] !== 0) end++;
      fillStretch(pixels, labels, width * height, line, column, end, width);
      column = end;
    }
  }
  return { ...still, pixels, labels };
}

function fillStretch(
  pixels: Uint8Array,
  labels: Uint8Array,
  area: number,
  line: number,
  start: number,
  end: number,
  width: number,
): void {
  const left = start > 0 ? start - 1 : end < width ? end : -1;
  const right = end < width ? end : left;
  for (let column = start; column < end; column++) {
    if (left < 0) {
      labels[line + column] = IGNORE_LABEL;
      continue;
    }
    const t = (column - start + 1) / (end - start + 1);
    labels[line + column] = labels[line + (t < 0.5 ? left : right)];
    for (let plane = 0; plane < 3; plane++) {
      const at = plane * area + line;
      pixels[at + column] = (1 - t) * pixels[at + left] + t * pixels[at + right];
    }
  }
}
