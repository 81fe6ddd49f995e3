/** Frames between two key frames: how much of each they are made of (after Jain & Gonzalez, 2018, Interp-mv). */
import { scratch } from '../kernels/kernels.js';
import type { MotionField, ResidualMap } from './field.js';

/** What a frame is propagated along, from one key frame. */
export interface Propagation {
  readonly field: Pick<MotionField, 'coverage'>;
  readonly residual?: Pick<ResidualMap, 'data'>;
}

/** Residuals of a quarter of a per cent say nothing: a little noise is everywhere. 0..255. */
const NOISE = 3;
/** What a cell is worth that could not be followed, of one that could. */
const LOST = 0.25;

/**
 * How much of each cell comes from the key frame after: by the distances to both, d and n − d frames, and by how well
 * either way explains the frame, the mean |residual| in the cell (or, without residuals, whether it could be followed):
 * b / (a + b), a = (1 − d/n) / (r⁻ + noise), b = (d/n) / (r⁺ + noise).
 *
 * @param distance d, frames since the key frame before
 * @param span n, frames from that to the one after
 * @returns one share a cell, 0 to 1
 */
export function shareOfFollowing(
  distance: number,
  span: number,
  preceding: Propagation,
  following: Propagation,
): Float32Array {
  const shares = trust(following);
  const before = trust(preceding);
  const near = distance / span;
  for (let cell = 0; cell < shares.length; cell++) {
    const b = near * shares[cell];
    shares[cell] = b / ((1 - near) * before[cell] + b);
  }
  return shares;
}

/** What each cell of a propagation is worth. */
function trust({ field: { coverage }, residual }: Propagation): Float32Array {
  const cells = coverage.length;
  const worth = new Float32Array(cells);
  if (!residual) for (let i = 0; i < cells; i++) worth[i] = coverage[i] > 0 ? 1 : LOST;
  else {
    const { data } = residual;
    for (let i = 0; i < cells; i++)
      worth[i] = 1 / ((data[i] + data[i + cells] + data[i + 2 * cells]) / 3 + NOISE);
  }
  return worth;
}

/** Of both residuals the smaller one, cell by cell and plane by plane: what neither key frame explains. */
export function leastResidual(preceding: ResidualMap, following: ResidualMap): ResidualMap {
  const data = preceding.data.slice();
  for (let i = 0; i < data.length; i++) data[i] = Math.min(data[i], following.data[i]);
  return { ...preceding, data };
}

/**
 * Features of both key frames, warped to the frame, as one: (1 − share) · preceding + share · following.
 *
 * @param preceding,following `channels × cells`
 * @param share one a cell, see {@link shareOfFollowing}
 */
export function mixFeatures(
  preceding: Float32Array,
  following: Float32Array,
  share: Float32Array,
): Float32Array {
  const kernels = scratch();
  const { byteLength, length } = preceding;
  const [a, b, shares] = kernels.layOut(byteLength, byteLength, share.byteLength);
  kernels.floats(a, length).set(preceding);
  kernels.floats(b, length).set(following);
  kernels.floats(shares, share.length).set(share);
  kernels.run.mixCells(a, b, shares, length / share.length, share.length);
  return kernels.floats(a, length).slice();
}
