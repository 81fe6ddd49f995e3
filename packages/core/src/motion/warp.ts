import { scratch as scratchKernels } from '../kernels/kernels.js';
import { warpCells, warpScratch } from '../kernels/warp.js';
import type { MotionField } from './field.js';

/**
 * Warps a feature map along the motion (the paper's Eq. 4): F̂[p] = F[p − Mv[p] / stride], bilinear between
 * cells, positions clamped to the border. Vectors of holes count as they stand in the field.
 *
 * Motion is constant over a block and often over many, so the cells are split into runs once and every channel
 * follows the same plan: whole-cell displacements are copied, equal fractional ones share their weights.
 *
 * @param features `channels × rows × columns` of the field's grid
 * @param out where to write; must not be `features`
 * @returns `out`, `channels × rows × columns`
 * @throws RangeError if the arrays do not have that size
 */
export function warpFeatures(
  features: Float32Array,
  channels: number,
  { rows, columns, stride, dx, dy }: Omit<MotionField, 'coverage'>,
  out: Float32Array = new Float32Array(features.length),
): Float32Array {
  const cells = rows * columns;
  if (features.length !== channels * cells || out.length !== features.length) {
    throw new RangeError(
      `warpFeatures: ${channels} channels of ${rows} × ${columns} cells need ${channels * cells} ` +
        `values, got ${features.length} to read and ${out.length} to write`,
    );
  }
  const bytes = features.byteLength;
  const kernels = scratchKernels();
  const [from, to, x, y, scratch] = kernels.layOut(bytes, bytes, 4 * cells, 4 * cells, warpScratch(cells));
  kernels.floats(from, features.length).set(features);
  kernels.floats(x, cells).set(dx);
  kernels.floats(y, cells).set(dy);
  const call = { features: from, out: to, channels, rows, columns, stride, dx: x, dy: y, scratch };
  warpCells(kernels, call);
  out.set(kernels.floats(to, out.length));
  return out;
}
