import { type Block, blockMotion, randomFrom } from '@twnet/testing/made-motion';
import { describe, expect, it } from 'vitest';
import type { BlockMotion } from '../frame.js';
import { NO_MOTION } from '../frame.js';
import { denseMotion, hasPastMotion } from './dense-motion.js';
import type { Stride } from './grid.js';

/** The definition, pixel by pixel. Blocks must not overlap. */
function byPixels(motion: BlockMotion, width: number, height: number, stride: number) {
  const columns = Math.ceil(width / stride);
  const cells = columns * Math.ceil(height / stride);
  const sum = { dx: new Float64Array(cells), dy: new Float64Array(cells) };
  const covered = new Float64Array(cells);
  const pixels = new Float64Array(cells);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const cell = Math.floor(y / stride) * columns + Math.floor(x / stride);
      pixels[cell]++;
      for (let b = 0; b < motion.count; b++) {
        const inX = x >= motion.x[b] && x < motion.x[b] + motion.width[b];
        const inY = y >= motion.y[b] && y < motion.y[b] + motion.height[b];
        if (!inX || !inY || motion.direction[b] !== -1) continue;
        covered[cell]++;
        sum.dx[cell] += motion.dx[b];
        sum.dy[cell] += motion.dy[b];
      }
    }
  }
  return {
    dx: sum.dx.map((v, i) => (covered[i] ? v / covered[i] : 0)),
    dy: sum.dy.map((v, i) => (covered[i] ? v / covered[i] : 0)),
    coverage: covered.map((v, i) => v / pixels[i]),
  };
}

describe('denseMotion', () => {
  it('copies the vector of a block that fills its cells', () => {
    const motion = blockMotion([{ x: 16, y: 0, w: 16, h: 16, dx: 2.5, dy: -1 }]);
    const field = denseMotion(motion, 32, 16, 8);
    expect(field).toMatchObject({ rows: 2, columns: 4, stride: 8 });
    expect([...field.dx]).toEqual([0, 0, 2.5, 2.5, 0, 0, 2.5, 2.5]);
    expect([...field.dy]).toEqual([0, 0, -1, -1, 0, 0, -1, -1]);
    expect([...field.coverage]).toEqual([0, 0, 1, 1, 0, 0, 1, 1]);
  });

  it('weighs blocks by the area they share with a cell', () => {
    // One 16 × 16 cell: the left quarter moves by 4, an 8 × 8 corner by 8, the rest is intra.
    const motion = blockMotion([
      { x: 0, y: 0, w: 4, h: 16, dx: 4, dy: 0 },
      { x: 8, y: 8, w: 8, h: 8, dx: 8, dy: 2 },
    ]);
    const field = denseMotion(motion, 16, 16, 16);
    expect(field.dx[0]).toBe((64 * 4 + 64 * 8) / 128);
    expect(field.dy[0]).toBe(1);
    expect(field.coverage[0]).toBe(0.5);
  });

  it('never takes a reference in the future for the past', () => {
    const motion = blockMotion([
      { x: 0, y: 0, w: 16, h: 16, dx: 3, dy: 3, direction: 1 },
      { x: 16, y: 0, w: 16, h: 16, dx: 1, dy: 0 },
      { x: 16, y: 0, w: 16, h: 16, dx: -9, dy: 0, direction: 1 },
    ]);
    const field = denseMotion(motion, 32, 16, 16);
    expect([...field.dx]).toEqual([0, 1]);
    expect([...field.coverage]).toEqual([0, 1]);
    expect(hasPastMotion(motion)).toBe(true);
    expect(hasPastMotion(blockMotion([{ x: 0, y: 0, w: 8, h: 8, dx: 0, dy: 0, direction: 1 }]))).toBe(false);
  });

  it('averages entries that overlap and keeps coverage at most 1', () => {
    const both = blockMotion([
      { x: 0, y: 0, w: 16, h: 16, dx: 2, dy: 0 },
      { x: 0, y: 0, w: 16, h: 16, dx: 4, dy: 6 },
    ]);
    const field = denseMotion(both, 16, 16, 16);
    expect([field.dx[0], field.dy[0], field.coverage[0]]).toEqual([3, 3, 1]);
  });

  it('counts only what lies inside the frame', () => {
    const motion = blockMotion([
      { x: -8, y: -8, w: 16, h: 16, dx: 1, dy: 1 },
      { x: 16, y: 0, w: 16, h: 16, dx: 5, dy: 0 },
      { x: 100, y: 0, w: 16, h: 16, dx: 7, dy: 7 },
    ]);
    const field = denseMotion(motion, 20, 12, 8);
    expect(field).toMatchObject({ rows: 2, columns: 3 });
    expect([...field.dx]).toEqual([1, 0, 5, 0, 0, 5]);
    // The last column is 4 pixels wide, the last row 4 high: both wholly covered.
    expect([...field.coverage]).toEqual([1, 0, 1, 0, 0, 1]);
  });

  it('is all holes where there is no motion', () => {
    const field = denseMotion(NO_MOTION, 33, 17, 16);
    expect(field).toMatchObject({ rows: 2, columns: 3 });
    expect([...field.coverage, ...field.dx, ...field.dy].every((v) => v === 0)).toBe(true);
  });

  it.each([
    4, 8, 16,
  ] as Stride[])('equals the mean over pixels for blocks off the grid, stride %i', (stride) => {
    const random = randomFrom(stride);
    const blocks: Block[] = [];
    for (let y = -5; y < 50; y += 8) {
      for (let x = -3; x < 70; x += 8) {
        if (random() < 0.3) continue;
        const vector = { dx: Math.round(random() * 64 - 32) / 4, dy: Math.round(random() * 64 - 32) / 4 };
        blocks.push({ x, y, w: 8, h: 8, ...vector });
      }
    }
    const field = denseMotion(blockMotion(blocks), 61, 45, stride);
    const expected = byPixels(blockMotion(blocks), 61, 45, stride);
    for (const key of ['dx', 'dy', 'coverage'] as const) {
      expect(field[key].length).toBe(expected[key].length);
      field[key].forEach((v, i) => {
        expect(v).toBeCloseTo(expected[key][i], 4);
      });
    }
  });
});
