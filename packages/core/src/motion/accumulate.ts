import type { MotionField } from './field.js';
import { warpFeatures } from './warp.js';

/**
 * Follows motion back over several frames, as CoViAR does (accu_t[p] = accu_{t−1}[p − Mv_t[p]], from the
 * identity), as displacements on the grid: D_t[p] = Mv_t[p] + D_{t−1}[p − Mv_t[p]].
 *
 * @param past displacement of frame t − 1 since the start; none if t − 1 is the start
 * @param field motion from frame t − 1 to frame t, on the same grid
 * @returns displacement since the start; its coverage is the share that could be followed all the way
 */
export function accumulateMotion(past: MotionField | undefined, field: MotionField): MotionField {
  if (past === undefined) return field;
  const cells = field.rows * field.columns;
  const stacked = new Float32Array(3 * cells);
  stacked.set(past.dx, 0);
  stacked.set(past.dy, cells);
  stacked.set(past.coverage, 2 * cells);
  const moved = warpFeatures(stacked, 3, field);
  const dx = moved.subarray(0, cells);
  const dy = moved.subarray(cells, 2 * cells);
  const coverage = moved.subarray(2 * cells);
  for (let i = 0; i < cells; i++) {
    dx[i] += field.dx[i];
    dy[i] += field.dy[i];
    coverage[i] *= field.coverage[i];
  }
  return { rows: field.rows, columns: field.columns, stride: field.stride, dx, dy, coverage };
}
