import type { BlockMotion } from '../frame.js';
import { scratch } from '../kernels/kernels.js';
import type { MotionField } from './field.js';
import { gridSize, type Stride } from './grid.js';

/**
 * Block vectors brought to the grid of a feature map: each cell gets the mean of the vectors of the blocks
 * that reach into it, weighted by the area they share with it.
 *
 * Only references in the past count (direction −1); a cell that no such block touches is a hole, with vector 0
 * and coverage 0. Parts of blocks outside the frame are left out. Where entries overlap, the mean runs over
 * all of them and the coverage stays at most 1. Works per block and cell, never per pixel.
 *
 * @param width frame width, pixels
 * @param height frame height, pixels
 * @param stride pixels a cell
 */
export function denseMotion(motion: BlockMotion, width: number, height: number, stride: Stride): MotionField {
  const { rows, columns } = gridSize(width, height, stride);
  const cells = rows * columns;
  const kernels = scratch();
  const values = BLOCK_VALUES * motion.count;
  const [list, ...planes] = kernels.layOut(4 * values, 4 * cells, 4 * cells, 4 * cells);
  const count = packPast(motion, kernels.floats(list, values));
  const [x, y, covered] = planes;
  kernels.run.spreadBlocks(list, count, width, height, Math.log2(stride), x, y, covered);
  const [dx, dy, coverage] = planes.map((plane) => kernels.floats(plane, cells).slice());
  return { rows, columns, stride, dx, dy, coverage };
}

/** x, y, width, height, Mv: what the kernel takes of a block. */
export const BLOCK_VALUES = 6;

/** Writes the blocks that refer to the past as the kernel takes them; gives their number. */
export function packPast(
  { count, direction, x, y, width, height, dx, dy }: BlockMotion,
  blocks: Float32Array,
): number {
  let kept = 0;
  for (let b = 0, at = 0; b < count; b++) {
    if (direction[b] >= 0) continue;
    blocks[at++] = x[b];
    blocks[at++] = y[b];
    blocks[at++] = width[b];
    blocks[at++] = height[b];
    blocks[at++] = dx[b];
    blocks[at++] = dy[b];
    kept++;
  }
  return kept;
}

/** Whether any block refers to the past: a frame without one is intra through and through. */
export function hasPastMotion(motion: BlockMotion): boolean {
  for (let b = 0; b < motion.count; b++) if (motion.direction[b] < 0) return true;
  return false;
}
