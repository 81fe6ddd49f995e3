import { type Block, blockMotion } from '@twnet/testing/made-motion';
import { describe, expect, it } from 'vitest';
import { NO_MOTION } from '../frame.js';
import { denseMotion } from './dense-motion.js';
import { mirrorFuture } from './mirror-future.js';
import { warpField } from './warp-field.js';

describe('warpField', () => {
  it('gives holes the mean vector of their neighbours, ring by ring, and still marks them', () => {
    // 6 × 1 cells: two known at the left, one at the right, three holes between.
    const motion = blockMotion([
      { x: 0, y: 0, w: 16, h: 8, dx: 2, dy: 1 },
      { x: 40, y: 0, w: 8, h: 8, dx: 8, dy: -3 },
    ]);
    const field = warpField(motion, 48, 8, 8);
    expect([...field.dx]).toEqual([2, 2, 2, 5, 8, 8]);
    expect([...field.dy]).toEqual([1, 1, 1, -1, -3, -3]);
    expect([...field.coverage]).toEqual([1, 1, 0, 0, 0, 1]);
  });

  it('is the dense motion where there is no hole, and 0 where there is nothing else', () => {
    const motion = blockMotion([{ x: 0, y: 0, w: 32, h: 32, dx: 3, dy: -7 }]);
    expect(warpField(motion, 32, 32, 8)).toEqual(denseMotion(motion, 32, 32, 8));
    expect([...warpField(NO_MOTION, 32, 32, 8).dx].every((v) => v === 0)).toBe(true);
  });

  it('does not depend on the order of cells: a mirrored picture gives the mirrored field', () => {
    const blocks = [
      { x: 8, y: 0, w: 8, h: 8, dx: 4, dy: 1 },
      { x: 24, y: 16, w: 8, h: 8, dx: -2, dy: 6 },
    ];
    const mirrored = blocks.map((block) => ({ ...block, x: 40 - block.x - block.w, dx: -block.dx }));
    const field = warpField(blockMotion(blocks), 40, 24, 8);
    const other = warpField(blockMotion(mirrored), 40, 24, 8);
    for (let row = 0; row < 3; row++)
      for (let column = 0; column < 5; column++) {
        const [here, there] = [row * 5 + column, row * 5 + 4 - column];
        expect(other.dx[there]).toBeCloseTo(-field.dx[here], 6);
        expect(other.dy[there]).toBeCloseTo(field.dy[here], 6);
      }
  });
});

describe('mirrorFuture', () => {
  it('continues motion towards the future into the past, by the distances that two-way blocks show', () => {
    // Two-way blocks move by 4 a frame; the past reference is one frame away, the future one two.
    const motion = blockMotion([
      { x: 0, y: 0, w: 16, h: 16, dx: 4, dy: 2 },
      { x: 0, y: 0, w: 16, h: 16, dx: -8, dy: -4, direction: 1 },
      { x: 16, y: 0, w: 16, h: 16, dx: -6, dy: 10, direction: 1 },
    ]);
    const turned = mirrorFuture(motion);
    expect(turned.count).toBe(2);
    expect([...turned.direction]).toEqual([-1, -1]);
    expect([...turned.x]).toEqual([0, 16]);
    expect([...turned.dx]).toEqual([4, 3]);
    expect([...turned.dy]).toEqual([2, -5]);
  });

  it('takes the distances to be equal where no block refers both ways, or those that do stand still', () => {
    const alone: Block = { x: 16, y: 0, w: 16, h: 8, dx: -6, dy: 10, direction: 1 };
    expect([...mirrorFuture(blockMotion([alone])).dx]).toEqual([6]);
    const still: Block[] = [
      { x: 0, y: 0, w: 16, h: 16, dx: 0, dy: 0 },
      { x: 0, y: 0, w: 16, h: 16, dx: 0, dy: 0, direction: 1 },
    ];
    expect([...mirrorFuture(blockMotion([...still, alone])).dx]).toEqual([0, 6]);
  });

  it('leaves motion into the past alone', () => {
    const motion = blockMotion([{ x: 0, y: 0, w: 16, h: 16, dx: 4, dy: 2 }]);
    expect(mirrorFuture(motion)).toBe(motion);
  });
});
