import { type Block, blockMotion, macroblocks, randomFrom } from '@twnet/testing/made-motion';
import { describe, expect, it } from 'vitest';
import { type BlockMotion, NO_MOTION } from '../frame.js';
import type { Stride } from './grid.js';
import { Residuals, residualMap } from './residual-map.js';

const randomPixels = (width: number, height: number, seed: number) => {
  const random = randomFrom(seed);
  return Uint8Array.from({ length: 3 * width * height }, () => random() * 256);
};

/** The definition, pixel by pixel. Blocks must not overlap. */
function byPixels(
  current: Uint8Array,
  previous: Uint8Array,
  motion: BlockMotion,
  width: number,
  height: number,
  stride: number,
): Float64Array {
  const columns = Math.ceil(width / stride);
  const cells = columns * Math.ceil(height / stride);
  const sum = new Float64Array(3 * cells);
  const count = new Float64Array(3 * cells);
  const clamp = (v: number, last: number) => Math.min(Math.max(v, 0), last);
  for (let plane = 0; plane < 3; plane++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let predicted = 0;
        for (let b = 0; b < motion.count; b++) {
          const inX = x >= motion.x[b] && x < motion.x[b] + motion.width[b];
          const inY = y >= motion.y[b] && y < motion.y[b] + motion.height[b];
          if (!inX || !inY || motion.direction[b] !== -1) continue;
          const fromX = clamp(x - Math.round(motion.dx[b]), width - 1);
          const fromY = clamp(y - Math.round(motion.dy[b]), height - 1);
          predicted = previous[(plane * height + fromY) * width + fromX];
        }
        const cell = plane * cells + Math.floor(y / stride) * columns + Math.floor(x / stride);
        sum[cell] += Math.abs(current[(plane * height + y) * width + x] - predicted);
        count[cell]++;
      }
    }
  }
  return sum.map((v, i) => v / count[i]);
}

/** Every second pixel both ways of planar RGB. */
function secondPixels(pixels: Uint8Array, width: number, height: number): Uint8Array {
  return pixels.filter((_, i) => (i % width) % 2 === 0 && (Math.floor(i / width) % height) % 2 === 0);
}

/** A frame whose content is that of `previous` moved by (dx, dy), borders repeated. */
function moved(previous: Uint8Array, width: number, height: number, dx: number, dy: number): Uint8Array {
  const out = new Uint8Array(previous.length);
  const clamp = (v: number, last: number) => Math.min(Math.max(v, 0), last);
  for (let i = 0; i < out.length; i++) {
    const plane = Math.floor(i / (width * height));
    const y = Math.floor(i / width) % height;
    out[i] =
      previous[(plane * height + clamp(y - dy, height - 1)) * width + clamp((i % width) - dx, width - 1)];
  }
  return out;
}

describe('residualMap', () => {
  it('is the mean difference of each colour over a cell', () => {
    const previous = new Uint8Array(3 * 16 * 16).fill(100);
    const current = previous.slice().fill(110, 0, 256).fill(90, 256, 384).fill(100, 384);
    const still = macroblocks(16, 16, () => [0, 0]);
    // Red is brighter by 10; green darker by 10 in its upper half; blue as it was.
    expect([...residualMap(current, previous, still, 16, 16, 16).data]).toEqual([10, 5, 0]);
    expect([...residualMap(current, previous, still, 16, 16, 8).data]).toEqual([
      10, 10, 10, 10, 10, 10, 0, 0, 0, 0, 0, 0,
    ]);
  });

  it('can follow a video from picture to picture', () => {
    const pictures = [1, 2, 3, 4].map((seed) => randomPixels(40, 24, seed));
    const motion = macroblocks(40, 24, (x) => (x === 16 ? undefined : [2, -1]));
    const residuals = new Residuals(40, 24, 8);
    const against = (now: number, before: number) =>
      residualMap(pictures[now], pictures[before], motion, 40, 24, 8);
    residuals.refer(pictures[0]);
    // The array that it came in may change.
    pictures.push(pictures[0].slice());
    pictures[0].fill(0);
    expect(residuals.map(pictures[1], motion)).toEqual(against(1, 4));
    expect(residuals.map(pictures[2], motion)).toEqual(against(2, 4));
    residuals.referToLast();
    expect(residuals.map(pictures[3], motion)).toEqual(against(3, 2));
    residuals.refer(pictures[1]);
    expect(residuals.map(pictures[3], motion)).toEqual(against(3, 1));
  });

  it('vanishes where the motion explains the frame, borders included', () => {
    const previous = randomPixels(64, 48, 1);
    const current = moved(previous, 64, 48, 5, -3);
    const right = residualMap(
      current,
      previous,
      macroblocks(64, 48, () => [5, -3]),
      64,
      48,
      8,
    );
    expect(right.data.every((v) => v === 0)).toBe(true);
    const wrong = residualMap(
      current,
      previous,
      macroblocks(64, 48, () => [-5, 3]),
      64,
      48,
      8,
    );
    expect(Math.min(...wrong.data)).toBeGreaterThan(20);
  });

  it('is the content itself in a frame without any vector', () => {
    const current = new Uint8Array(3 * 20 * 12).fill(60, 0, 240).fill(120, 240, 480).fill(7, 480);
    const { rows, columns, data } = residualMap(current, current, NO_MOTION, 20, 12, 8);
    expect([rows, columns]).toEqual([2, 3]);
    expect([...data]).toEqual([...Array(6).fill(60), ...Array(6).fill(120), ...Array(6).fill(7)]);
  });

  it('is the content itself where only the future is referred to', () => {
    const current = randomPixels(16, 16, 2);
    const future = blockMotion([{ x: 0, y: 0, w: 16, h: 16, dx: 1, dy: 1, direction: 1 }]);
    const full = residualMap(current, randomPixels(16, 16, 3), NO_MOTION, 16, 16, 8);
    expect(residualMap(current, randomPixels(16, 16, 3), future, 16, 16, 8)).toEqual(full);
  });

  it.each([
    4, 8, 16,
  ] as Stride[])('equals the definition for blocks off the grid, holes, borders: %i', (stride) => {
    const random = randomFrom(stride);
    const blocks: Block[] = [];
    for (let y = -5; y < 45; y += 8) {
      for (let x = -3; x < 61; x += 8) {
        if (random() < 0.3) continue;
        const vector = { dx: Math.round(random() * 200 - 100) / 4, dy: Math.round(random() * 80 - 40) / 4 };
        blocks.push({ x, y, w: 8, h: 8, ...vector });
      }
    }
    const [current, previous] = [randomPixels(61, 45, 4), randomPixels(61, 45, 5)];
    const map = residualMap(current, previous, blockMotion(blocks), 61, 45, stride);
    const expected = byPixels(current, previous, blockMotion(blocks), 61, 45, stride);
    expect(map.data.length).toBe(expected.length);
    map.data.forEach((v, i) => {
      expect(v).toBeCloseTo(expected[i], 3);
    });
  });

  it.each([
    [64, 48],
    [61, 45],
  ])('equals the definition for blocks of whole cells of 4 × 4, alike and not, at %i×%i', (width, height) => {
    const random = randomFrom(width);
    const blocks: Block[] = [];
    let vector = { dx: 0, dy: 0 };
    for (let y = 0; y < height; y += 4) {
      for (let x = 0, w = 0; x < width; x += w) {
        w = 4 * (1 + Math.floor(4 * random()));
        if (random() < 0.1) continue;
        // Some go past the border, most neighbours have one vector.
        if (random() < 0.4)
          vector = { dx: Math.round(random() * 60 - 30) / 2, dy: Math.round(random() * 20 - 10) };
        blocks.push({ x, y, w, h: 4, ...vector });
      }
    }
    const [current, previous] = [randomPixels(width, height, 8), randomPixels(width, height, 9)];
    const map = residualMap(current, previous, blockMotion(blocks), width, height, 4);
    const expected = byPixels(current, previous, blockMotion(blocks), width, height, 4);
    map.data.forEach((v, i) => {
      expect(v).toBeCloseTo(expected[i], 3);
    });
  });

  it('is approximated by every second pixel', () => {
    const [width, height] = [96, 80];
    const wave = (i: number, phase: number) =>
      128 + 90 * Math.sin(((i % width) + phase) / 25 + i / width / 30);
    const previous = Uint8Array.from({ length: 3 * width * height }, (_, i) => wave(i, 0));
    const current = Uint8Array.from({ length: 3 * width * height }, (_, i) => wave(i, 4));
    const motion = macroblocks(width, height, (x, y) => (x === 32 && y < 40 ? undefined : [x % 5, y % 3]));
    const every = residualMap(current, previous, motion, width, height, 8, { sampling: 1 }).data;
    const second = residualMap(current, previous, motion, width, height, 8, { sampling: 2 }).data;
    // Slopes are at most 90/25 + 90/30 a pixel, and the samples lie half a pixel off the cell's centre.
    const meanOf = (map: Float32Array) => map.reduce((sum, v) => sum + v, 0) / map.length;
    expect(Math.abs(meanOf(second) - meanOf(every))).toBeLessThan(0.02 * meanOf(every));
    every.forEach((v, i) => {
      expect(Math.abs(second[i] - v)).toBeLessThan(4);
    });
  });

  it('equals the definition over every second pixel, whatever the blocks’ sizes', () => {
    const random = randomFrom(11);
    const [current, previous] = [randomPixels(64, 48, 6), randomPixels(64, 48, 7)];
    const blocks: Block[] = [];
    for (let y = 0; y < 48; y += 8) {
      for (let x = 0, w: number; x < 64; x += w) {
        w = Math.min([4, 8, 16, 12][Math.floor(4 * random())], 64 - x);
        // Even vectors from within the frame, so that samples are compared with samples.
        const [fromX, fromY] = [64 - w, 40].map((last) => 2 * Math.floor((random() * last) / 2));
        const vector = { dx: x - fromX, dy: y - fromY };
        if (random() < 0.8) blocks.push({ x, y, w, h: 8, ...vector });
      }
    }
    const halved = blocks.map(({ x, y, w, h, dx, dy }) => ({
      ...{ x: x / 2, y: y / 2, w: w / 2, h: h / 2, dx: dx / 2, dy: dy / 2 },
    }));
    const map = residualMap(current, previous, blockMotion(blocks), 64, 48, 8, { sampling: 2 });
    const expected = byPixels(
      secondPixels(current, 64, 48),
      secondPixels(previous, 64, 48),
      blockMotion(halved),
      32,
      24,
      4,
    );
    map.data.forEach((v, i) => {
      expect(v).toBeCloseTo(expected[i], 3);
    });
  });

  it('samples frames with odd sizes and blocks at odd places without losing a cell', () => {
    const current = new Uint8Array(3 * 37 * 21).fill(80);
    const motion = blockMotion([{ x: 3, y: 5, w: 16, h: 16, dx: 1, dy: 1 }]);
    const { data } = residualMap(current, current, motion, 37, 21, 4, { sampling: 2 });
    expect(data.every((v) => v >= 0 && v <= 80)).toBe(true);
    expect(data[0]).toBe(80);
    expect(data[3 * 10 + 2]).toBe(0);
  });
});
