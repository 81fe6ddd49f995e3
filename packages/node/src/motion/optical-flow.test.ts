import type { BlockMotion } from '@twnet/core/frame';
import { denseMotion } from '@twnet/core/motion/dense-motion';
import { type DenseFlow, flowBlocks } from '@twnet/core/motion/flow-blocks';
import { residualMap } from '@twnet/core/motion/residual-map';
import { movingTexture } from '@twnet/testing/moving-texture';
import { describe, expect, it } from 'vitest';
import { OpticalFlow } from './optical-flow.js';

describe('OpticalFlow', () => {
  it('leaves the process’s errors to the process', async () => {
    const count = () =>
      ['uncaughtException', 'unhandledRejection'].map((event) => process.listenerCount(event));
    const before = count();
    using _flow = await OpticalFlow.open(64, 64);
    expect(count()).toEqual(before);
  });

  it.each([
    [3, 2],
    [-5.5, 4.25],
    [0, -6],
  ])('finds a texture’s motion by (%f, %f), sub-pixel too', async (dx, dy) => {
    const { width, height, frames } = movingTexture(162, 122, 3, dx, dy);
    using flow = await OpticalFlow.open(width, height);
    for (const t of [1, 2]) {
      const motion = await flow.between(frames[t], frames[t - 1]);
      const { rows, columns, ...field } = denseMotion(motion, width, height, 8);
      expect(field.coverage.every((share) => share === 1)).toBe(true);
      for (let row = 3; row < rows - 3; row++) {
        for (let column = 3; column < columns - 3; column++) {
          const cell = row * columns + column;
          expect(Math.hypot(field.dx[cell] - dx, field.dy[cell] - dy)).toBeLessThan(0.5);
        }
      }
      const left = residualMap(frames[t], frames[t - 1], motion, width, height, 16).data;
      const still = residualMap(frames[t], frames[t - 1], unmoved(motion), width, height, 16);
      const sum = (values: Float32Array) => values.reduce((a, b) => a + b, 0);
      expect(sum(left)).toBeLessThan(0.4 * sum(still.data));
    }
  });

  it('takes any pair, not only consecutive pictures', async () => {
    const { width, height, frames } = movingTexture(128, 96, 3, 2, 1);
    using flow = await OpticalFlow.open(width, height);
    await flow.between(frames[1], frames[0]);
    const back = denseMotion(await flow.between(frames[0], frames[2]), width, height, 16);
    const middle = 3 * back.columns + 4;
    expect(back.dx[middle]).toBeCloseTo(-4, 0);
    expect(back.dy[middle]).toBeCloseTo(-2, 0);
  });
});

/** The same blocks, none of which moves. */
const unmoved = (motion: BlockMotion): BlockMotion => ({
  ...motion,
  dx: new Float32Array(motion.count),
  dy: new Float32Array(motion.count),
});

describe('flowBlocks', () => {
  /** A flow of x = 10 · column + row of the flow, y = row, on a grid of `rows × columns`. */
  const ramp = (rows: number, columns: number, more: Partial<DenseFlow>): DenseFlow => ({
    rows,
    columns,
    data: Float32Array.from({ length: 2 * rows * columns }, (_, i) => {
      const cell = i % (rows * columns);
      const row = Math.floor(cell / columns);
      return i < rows * columns ? 10 * (cell % columns) + row : row;
    }),
    step: 1,
    offset: rows * columns,
    cellWidth: 1,
    cellHeight: 1,
    unitX: 1,
    unitY: 1,
    ...more,
  });

  it('takes the mean over the 4 × 4 pixels of each block, what lies inside the frame', () => {
    const motion = flowBlocks(ramp(6, 8, {}), 8, 6);
    expect([...motion.dx]).toEqual([-16.5, -56.5, -19.5, -59.5]);
    expect([...motion.dy]).toEqual([-1.5, -1.5, -4.5, -4.5]);
  });

  it('takes a coarser flow’s cell around each block, with its units', () => {
    const motion = flowBlocks(ramp(2, 2, { cellWidth: 8, cellHeight: 8, unitX: 8, unitY: 2 }), 16, 12);
    expect([...motion.dx.slice(0, 4)].map((v) => v / -8)).toEqual([0, 0, 10, 10]);
    expect([...motion.dy]).toEqual([0, 0, 0, 0, 0, 0, 0, 0, -2, -2, -2, -2].map((v) => v || -0));
  });
});
