/** Batch norm folded into the convolution before it. */

import type { ConvolutionLayer } from './description.js';
import { NORM_EPSILON } from './normalisation.js';
import type { Weights, WeightTensor } from './safetensors.js';

/** Weight and bias of one convolution that does what convolution and frozen norm do together. */
export function foldedConvolution(
  layer: ConvolutionLayer,
  weights: Weights,
): { weight: WeightTensor; bias: Float32Array } {
  const of = (suffix: string): WeightTensor => {
    const tensor = weights.get(`${layer.name}.${suffix}`);
    if (!tensor) throw new Error(`parameter ${layer.name}.${suffix} is missing`);
    return tensor;
  };
  const weight = of('weight');
  const bias = layer.bias ? of('bias').data : new Float32Array(layer.channels);
  if (!layer.norm) return { weight, bias };

  const [gamma, beta, mean, variance] = ['gamma', 'beta', 'mean', 'variance'].map(
    (role) => of(`norm.${role}`).data,
  );
  const perChannel = weight.data.length / layer.channels;
  const folded = new Float32Array(weight.data.length);
  const foldedBias = new Float32Array(layer.channels);
  for (let c = 0; c < layer.channels; c++) {
    const factor = gamma[c] / Math.sqrt(variance[c] + NORM_EPSILON);
    for (let i = c * perChannel; i < (c + 1) * perChannel; i++) folded[i] = weight.data[i] * factor;
    foldedBias[c] = beta[c] + (bias[c] - mean[c]) * factor;
  }
  return { weight: { shape: weight.shape, data: folded }, bias: foldedBias };
}
