import { readFileSync, writeFileSync } from 'node:fs';
import {
  movingTexture,
  prevailingMotion,
  readAll,
  TestFolder,
  writeClip,
} from '@twnet/testing/moving-texture';
import { describe, expect, it } from 'vitest';
import type { Orientation } from './orientation.js';

const WIDTH = 96;
const HEIGHT = 64;

/** a, b, c, d of a display matrix: the coded picture's (x, y) is shown at (a x + c y, b x + d y), moved into view. */
type Matrix = readonly [number, number, number, number];

const ALL: readonly (readonly [string, Matrix, Orientation])[] = [
  ['turned by 90°', [0, 1, -1, 0], { mirrored: false, rotation: 90 }],
  ['turned by 180°', [-1, 0, 0, -1], { mirrored: false, rotation: 180 }],
  ['turned by 270°', [0, -1, 1, 0], { mirrored: false, rotation: 270 }],
  ['mirrored left to right', [-1, 0, 0, 1], { mirrored: true, rotation: 0 }],
  ['mirrored and turned by 90°', [0, -1, -1, 0], { mirrored: true, rotation: 90 }],
  ['mirrored top to bottom', [1, 0, 0, -1], { mirrored: true, rotation: 180 }],
  ['mirrored and turned by 270°', [0, 1, 1, 0], { mirrored: true, rotation: 270 }],
];

const sizeOf = ([a]: Matrix) => (a === 0 ? [HEIGHT, WIDTH] : [WIDTH, HEIGHT]);

/** Where the corner lines x, y of the coded picture are shown. */
function shownAt(x: number, y: number, [a, b, c, d]: Matrix): readonly [number, number] {
  const [u, v] = [a * x + c * y, b * x + d * y];
  return [a + c < 0 ? u + (a === 0 ? HEIGHT : WIDTH) : u, b + d < 0 ? v + (d === 0 ? WIDTH : HEIGHT) : v];
}

function shown(pixels: Uint8Array, matrix: Matrix): Uint8Array {
  const [width] = sizeOf(matrix);
  const out = new Uint8Array(pixels.length);
  for (let plane = 0, i = 0; plane < 3; plane++) {
    for (let y = 0; y < HEIGHT; y++) {
      for (let x = 0; x < WIDTH; x++, i++) {
        const [u, v] = shownAt(x + 0.5, y + 0.5, matrix);
        out[plane * WIDTH * HEIGHT + Math.floor(v) * width + Math.floor(u)] = pixels[i];
      }
    }
  }
  return out;
}

/** Writes the display matrix into an MP4's track header (ISO 14496-12, tkhd, version 0). */
function setMatrix(file: string, values: Matrix): void {
  const bytes = readFileSync(file);
  const matrix = bytes.indexOf('tkhd') + 4 + 40;
  values.forEach((value, i) => {
    bytes.writeInt32BE(Math.round(value * 65536), matrix + 4 * [0, 1, 3, 4][i]);
  });
  writeFileSync(file, bytes);
}

describe.each(ALL)('a video displayed %s', (_name, matrix, orientation) => {
  it('turns pixels, sizes and vectors', async () => {
    using folder = new TestFolder();
    const file = folder.at('turned.mp4');
    await writeClip(file, movingTexture(WIDTH, HEIGHT, 3, 3, 1));
    const upright = await readAll(file);
    setMatrix(file, matrix);
    const { video, frames } = await readAll(file);
    const [width, height] = sizeOf(matrix);
    expect(video.info).toMatchObject({ ...orientation, width, height, pixelAspect: { num: 1, den: 1 } });
    frames.forEach((frame, i) => {
      expect(frame).toMatchObject({ width, height });
      expect(frame.pixels).toEqual(shown(upright.frames[i].pixels, matrix));
    });
    const [a, b, c, d] = matrix;
    const { vector, share } = prevailingMotion(frames[1]);
    expect(vector).toEqual([3 * a + c, 3 * b + d]);
    expect(share).toBeGreaterThan(0.6);
    // Every block of the upright frame, moved corner by corner, is a block of this one.
    const blocks = new Set<string>();
    const { motion } = frames[1];
    for (let i = 0; i < motion.count; i++)
      blocks.add([motion.x[i], motion.y[i], motion.width[i], motion.height[i]].join());
    const before = upright.frames[1].motion;
    expect(motion.count).toBe(before.count);
    for (let i = 0; i < before.count; i++) {
      const [left, top] = shownAt(before.x[i], before.y[i], matrix);
      const [right, bottom] = shownAt(before.x[i] + before.width[i], before.y[i] + before.height[i], matrix);
      const corner = [Math.min(left, right), Math.min(top, bottom)];
      expect(blocks).toContain([...corner, Math.abs(right - left), Math.abs(bottom - top)].join());
    }
  });
});

describe('a turn between right angles', () => {
  it.each([
    [40, { mirrored: false, rotation: 0 }],
    [50, { mirrored: false, rotation: 90 }],
    [-140, { mirrored: false, rotation: 180 }],
  ] as const)('of %i° becomes the nearest of them, and is said', async (degrees, orientation) => {
    using folder = new TestFolder();
    const file = folder.at('turned.mp4');
    await writeClip(file, movingTexture(WIDTH, HEIGHT, 1, 0, 0));
    const [cosine, sine] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    setMatrix(file, [cosine, sine, -sine, cosine]);
    const { video } = await readAll(file);
    expect(video.info).toMatchObject(orientation);
    expect(video.notes.join()).toMatch(/right angle/);
  });
});
