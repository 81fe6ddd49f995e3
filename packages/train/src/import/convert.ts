/** Weights of another program's convolution as the described layer wants them. */

import type { ConvolutionLayer } from '@twnet/core/network/description';
import { NORM_EPSILON } from '@twnet/core/network/normalisation';
import type { WeightTensor } from '@twnet/core/network/safetensors';
import { PIXEL_RANGES, type PixelRange } from './names/naming.js';

/** A convolution and, unless folded, the batch norm behind it; vectors of as many values as there are outputs. */
export interface SourceConvolution {
  /** Outputs × inputs a group × rows × columns. */
  readonly weight: Float32Array;
  readonly bias?: Float32Array;
  readonly norm?: {
    readonly gamma: Float32Array;
    readonly beta: Float32Array;
    readonly mean: Float32Array;
    readonly variance: Float32Array;
    readonly epsilon: number;
  };
}

/** TensorFlow's rows × columns × inputs × outputs, or of depthwise ones rows × columns × channels × 1, as OIHW. */
export function toOutputsFirst(
  values: Float32Array,
  shape: readonly number[],
  depthwise: boolean,
): Float32Array {
  const [outputs, inputs, rows, columns] = shape;
  const result = new Float32Array(values.length);
  // Depthwise, the channels stand where the inputs otherwise do; both ways the outputs are innermost but one of size 1.
  const [perInput, perOutput] = depthwise ? [0, 1] : [outputs, 1];
  const perCell = depthwise ? outputs : inputs * outputs;
  let at = 0;
  for (let o = 0; o < outputs; o++)
    for (let i = 0; i < inputs; i++)
      for (let cell = 0; cell < rows * columns; cell++)
        result[at++] = values[cell * perCell + i * perInput + o * perOutput];
  return result;
}

/**
 * The first convolution, made for pixels of `range`, as one for pixels of the range `own`: the change of range is affine
 * by channel, so it goes into weights and bias. Exact but for the border, where the padding's zeros are that range's
 * zero (mid-grey) and not the source's.
 *
 * @param shape outputs, inputs, rows, columns
 */
export function forOwnPixels(
  source: SourceConvolution,
  shape: readonly number[],
  range: PixelRange,
  own: PixelRange = 'twnet',
): SourceConvolution {
  const { scale, zero } = PIXEL_RANGES[range];
  const to = PIXEL_RANGES[own];
  const [outputs, inputs, rows, columns] = shape;
  const area = rows * columns;
  const weight = new Float32Array(source.weight.length);
  const bias = source.bias ? source.bias.slice() : new Float32Array(outputs);
  for (let o = 0; o < outputs; o++) {
    let constant = 0;
    for (let i = 0; i < inputs; i++) {
      const factor = scale[i] / to.scale[i];
      const shift = scale[i] * (to.zero[i] - zero[i]);
      const start = (o * inputs + i) * area;
      for (let k = start; k < start + area; k++) {
        weight[k] = source.weight[k] * factor;
        constant += source.weight[k] * shift;
      }
    }
    bias[o] += constant;
  }
  return { ...source, weight, bias };
}

/** The layer's parameters by suffix (`weight`, `bias`, `norm.gamma`, …): batch norm folded unless the layer has one. */
export function asLayer(
  source: SourceConvolution,
  layer: Pick<ConvolutionLayer, 'bias' | 'norm' | 'channels'>,
  shape: readonly number[],
): Map<string, WeightTensor> {
  const vector = (data: Float32Array): WeightTensor => ({ shape: [layer.channels], data });
  if (!layer.norm) {
    const { weight, bias } = folded(source, layer.channels);
    return new Map([
      ['weight', { shape, data: weight }],
      ...(layer.bias ? [['bias', vector(bias)] as const] : []),
    ]);
  }
  const { gamma, beta, mean, variance } = normOf(source, layer.channels);
  return new Map([
    ['weight', { shape, data: source.weight }],
    ['norm.gamma', vector(gamma)],
    ['norm.beta', vector(beta)],
    ['norm.mean', vector(mean)],
    ['norm.variance', vector(variance)],
  ]);
}

function folded(
  { weight, bias, norm }: SourceConvolution,
  channels: number,
): { weight: Float32Array; bias: Float32Array } {
  const start = bias ?? new Float32Array(channels);
  if (!norm) return { weight, bias: start };
  const perChannel = weight.length / channels;
  const result = { weight: new Float32Array(weight.length), bias: new Float32Array(channels) };
  for (let c = 0; c < channels; c++) {
    const factor = norm.gamma[c] / Math.sqrt(norm.variance[c] + norm.epsilon);
    for (let i = c * perChannel; i < (c + 1) * perChannel; i++) result.weight[i] = weight[i] * factor;
    result.bias[c] = norm.beta[c] + (start[c] - norm.mean[c]) * factor;
  }
  return result;
}

/** A batch norm with this project's variance floor; the bias ahead of it goes into the mean. */
function normOf(
  { bias, norm }: SourceConvolution,
  channels: number,
): Omit<NonNullable<SourceConvolution['norm']>, 'epsilon'> {
  const start = bias ?? new Float32Array(channels);
  if (!norm) {
    const one = new Float32Array(channels).fill(1);
    return {
      gamma: one,
      beta: start,
      mean: new Float32Array(channels),
      variance: one.map(() => 1 - NORM_EPSILON),
    };
  }
  return {
    gamma: norm.gamma,
    beta: norm.beta,
    mean: norm.mean.map((mean, c) => mean - start[c]),
    variance: norm.variance.map((variance) => variance + norm.epsilon - NORM_EPSILON),
  };
}
