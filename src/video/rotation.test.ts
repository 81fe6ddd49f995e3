import { readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { movingTexture, prevailingMotion, readAll, TestFolder, writeClip } from './moving-texture.js';
import { type Rotation, rotatePixels } from './rotation.js';

const WIDTH = 96;
const HEIGHT = 64;

/** a, b, c, d of the display matrix that turns a picture clockwise. */
const MATRICES: Record<Rotation, readonly number[]> = {
  0: [1, 0, 0, 1],
  90: [0, 1, -1, 0],
  180: [-1, 0, 0, -1],
  270: [0, -1, 1, 0],
};

/** Where the displayed picture's pixel (x, y) comes from in the coded one. */
function sourceOf(x: number, y: number, rotation: Rotation): readonly [number, number] {
  if (rotation === 90) return [y, HEIGHT - 1 - x];
  if (rotation === 180) return [WIDTH - 1 - x, HEIGHT - 1 - y];
  if (rotation === 270) return [WIDTH - 1 - y, x];
  return [x, y];
}

function turned(pixels: Uint8Array, rotation: Rotation): Uint8Array {
  const [width, height] = rotation % 180 === 0 ? [WIDTH, HEIGHT] : [HEIGHT, WIDTH];
  const out = new Uint8Array(pixels.length);
  for (let plane = 0, i = 0; plane < 3; plane++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) {
        const [u, v] = sourceOf(x, y, rotation);
        out[i] = pixels[(plane * HEIGHT + v) * WIDTH + u];
      }
    }
  }
  return out;
}

/** Writes the display matrix into an MP4's track header (ISO 14496-12, tkhd, version 0). */
function setRotation(file: string, rotation: Rotation): void {
  const bytes = readFileSync(file);
  const matrix = bytes.indexOf('tkhd') + 4 + 40;
  MATRICES[rotation].forEach((value, i) => {
    bytes.writeInt32LE(0, matrix + 4 * [0, 1, 3, 4][i]);
    bytes.writeInt32BE(value * 65536, matrix + 4 * [0, 1, 3, 4][i]);
  });
  writeFileSync(file, bytes);
}

describe.each([90, 180, 270] as const)('a video displayed turned by %i°', (rotation) => {
  it('turns pixels, sizes and vectors', async () => {
    using folder = new TestFolder();
    const file = folder.at('turned.mp4');
    await writeClip(file, movingTexture(WIDTH, HEIGHT, 3, 3, 1));
    const upright = await readAll(file);
    setRotation(file, rotation);
    const { video, frames } = await readAll(file);
    const [width, height] = rotation === 180 ? [WIDTH, HEIGHT] : [HEIGHT, WIDTH];
    expect(video.info).toMatchObject({ rotation, width, height });
    frames.forEach((frame, i) => {
      expect(frame).toMatchObject({ width, height });
      expect(frame.pixels).toEqual(turned(upright.frames[i].pixels, rotation));
    });
    const vectors = { 90: [-1, 3], 180: [-3, -1], 270: [1, -3] };
    const { vector, share } = prevailingMotion(frames[1]);
    expect(vector).toEqual(vectors[rotation]);
    expect(share).toBeGreaterThan(0.6);
    // Every block of the upright frame, turned corner by corner, is a block of this one.
    const blocks = new Set<string>();
    const { motion } = frames[1];
    for (let b = 0; b < motion.count; b++)
      blocks.add([motion.x[b], motion.y[b], motion.width[b], motion.height[b]].join());
    const before = upright.frames[1].motion;
    expect(motion.count).toBe(before.count);
    for (let b = 0; b < before.count; b++) {
      const [x, y, w, h] = [before.x[b], before.y[b], before.width[b], before.height[b]];
      const moved = {
        90: [HEIGHT - y - h, x, h, w],
        180: [WIDTH - x - w, HEIGHT - y - h, w, h],
        270: [y, WIDTH - x - w, h, w],
      };
      expect(blocks).toContain(moved[rotation].join());
    }
  });
});

describe('rotatePixels', () => {
  it('leaves an upright picture alone, not copied', () => {
    const pixels = new Uint8Array(3 * 4);
    expect(rotatePixels(pixels, 2, 2, 0)).toBe(pixels);
  });
});
