import type { BlockMotion } from '../frame.js';
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
  const dx = new Float32Array(rows * columns);
  const dy = new Float32Array(rows * columns);
  const area = new Float32Array(rows * columns);
  // Strides are powers of two.
  const shift = Math.log2(stride);
  for (let b = 0; b < motion.count; b++) {
    if (motion.direction[b] >= 0) continue;
    const left = Math.max(0, motion.x[b]);
    const top = Math.max(0, motion.y[b]);
    const right = Math.min(width, motion.x[b] + motion.width[b]);
    const bottom = Math.min(height, motion.y[b] + motion.height[b]);
    const mx = motion.dx[b];
    const my = motion.dy[b];
    for (let y = top; y < bottom; ) {
      const row = y >> shift;
      const nextY = Math.min(bottom, (row + 1) << shift);
      for (let x = left; x < right; ) {
        const column = x >> shift;
        const nextX = Math.min(right, (column + 1) << shift);
        const shared = (nextY - y) * (nextX - x);
        const cell = row * columns + column;
        dx[cell] += shared * mx;
        dy[cell] += shared * my;
        area[cell] += shared;
        x = nextX;
      }
      y = nextY;
    }
  }
  const coverage = normalise(dx, dy, area, { rows, columns, width, height, stride });
  return { rows, columns, stride, dx, dy, coverage };
}

interface Grid {
  rows: number;
  columns: number;
  width: number;
  height: number;
  stride: number;
}

/** Turns area-weighted sums into means, in place, and the area into the share of each cell inside the frame. */
function normalise(dx: Float32Array, dy: Float32Array, area: Float32Array, grid: Grid): Float32Array {
  const { rows, columns, width, height, stride } = grid;
  for (let row = 0; row < rows; row++) {
    const cellHeight = Math.min(stride, height - row * stride);
    for (let column = 0; column < columns; column++) {
      const cell = row * columns + column;
      const covered = area[cell];
      if (covered === 0) continue;
      dx[cell] /= covered;
      dy[cell] /= covered;
      area[cell] = Math.min(1, covered / (cellHeight * Math.min(stride, width - column * stride)));
    }
  }
  return area;
}

/** Whether any block refers to the past: a frame without one is intra through and through. */
export function hasPastMotion(motion: BlockMotion): boolean {
  for (let b = 0; b < motion.count; b++) if (motion.direction[b] < 0) return true;
  return false;
}
