/** The tail's 3 × 3 convolutions as two: to few channels (3 × 3) and from them (1 × 1), the nearest of that rank. */

import { NORM_EPSILON } from '@twnet/core/network/normalisation';
import type { Weights, WeightTensor } from '@twnet/core/network/safetensors';
import { Matrix, SVD } from 'ml-matrix';

const DECODER_LAYERS = ['lateral2', 'lateral3'];

/**
 * The weights with every decoder layer's 3 × 3 convolution `fuse` taken apart into `basis` and `fuse`, as a network with
 * this `tailRank` has them; as they are with rank 0, or where they are taken apart already.
 *
 * Nearest in the least squares of the weights, each output channel's multiplied by what its batch norm multiplies it by
 * (truncated singular value decomposition, Eckart and Young 1936).
 */
export function factoriseTail(weights: Weights, rank: number): Weights {
  if (rank === 0) return weights;
  const factorised = new Map(weights);
  for (const layer of DECODER_LAYERS) {
    const fuse = weights.get(`${layer}.fuse.weight`);
    if (fuse?.shape[2] !== 3) continue;
    const gamma = weights.get(`${layer}.fuse.norm.gamma`)!.data;
    const variance = weights.get(`${layer}.fuse.norm.variance`)!.data;
    const gains = Array.from(gamma, (g, i) =>
      Math.max(Math.abs(g) / Math.sqrt(variance[i] + NORM_EPSILON), SMALLEST_GAIN),
    );
    const parts = lowRank(fuse, gains, rank);
    factorised.set(`${layer}.basis.weight`, parts.basis);
    factorised.set(`${layer}.fuse.weight`, parts.fuse);
  }
  return factorised;
}

/** A channel whose batch norm lets nothing through still has weights to find. */
const SMALLEST_GAIN = 1e-3;

/** W ≈ fuse · basis, W being [outputs, inputs · 9]; both factors of like size. */
function lowRank(
  { data, shape: [outputs, inputs, height, width] }: WeightTensor,
  gains: readonly number[],
  rank: number,
): { basis: WeightTensor; fuse: WeightTensor } {
  const columns = inputs * height * width;
  const scaled = Matrix.zeros(outputs, columns);
  for (let o = 0; o < outputs; o++)
    for (let c = 0; c < columns; c++) scaled.set(o, c, data[o * columns + c] * gains[o]);
  const { leftSingularVectors, rightSingularVectors, diagonal } = new SVD(scaled, { autoTranspose: true });
  const basis = new Float32Array(rank * columns);
  const fuse = new Float32Array(outputs * rank);
  for (let r = 0; r < rank; r++) {
    const root = Math.sqrt(diagonal[r] ?? 0);
    for (let c = 0; c < columns; c++) basis[r * columns + c] = root * rightSingularVectors.get(c, r);
    for (let o = 0; o < outputs; o++) fuse[o * rank + r] = (root * leftSingularVectors.get(o, r)) / gains[o];
  }
  return {
    basis: { data: basis, shape: [rank, inputs, height, width] },
    fuse: { data: fuse, shape: [outputs, rank, 1, 1] },
  };
}
