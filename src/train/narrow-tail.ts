/** A narrower decoder layer 3, whose output the classifier alone reads: the channels that tell classes apart are kept. */
import { NORM_EPSILON } from '../network/normalisation.js';
import type { Weights, WeightTensor } from '../network/safetensors.js';

const FUSE = 'lateral3.fuse';
const CLASSIFIER = 'classifier.weight';

/**
 * The weights with `channels` of decoder layer 3's output channels, in their order; as they are where there are not more.
 *
 * Kept are the channels with the largest share in the differences between the scores: the variance of the classifier's
 * weights over the classes, times the mean square of what they multiply, a rectified normal distribution of the batch
 * norm's shift and scale.
 */
export function narrowTail(weights: Weights, channels: number): Weights {
  const classifier = weights.get(CLASSIFIER);
  if (!classifier || classifier.shape[1] <= channels) return weights;
  const importance = differences(classifier).map((difference, c) => difference * activity(weights, c));
  const kept = importance
    .map((_, c) => c)
    .sort((a, b) => importance[b] - importance[a])
    .slice(0, channels)
    .sort((a, b) => a - b);
  const narrowed = new Map(weights);
  narrowed.set(CLASSIFIER, selected(classifier, 1, kept));
  for (const [name, tensor] of weights)
    if (name.startsWith(`${FUSE}.`)) narrowed.set(name, selected(tensor, 0, kept));
  return narrowed;
}

/** For each input channel: the variance of the weights over the classes, summed over the kernel's cells. */
function differences({ data, shape: [classes, inputs, ...kernel] }: WeightTensor): number[] {
  const cells = kernel.reduce((product, n) => product * n, 1);
  return Array.from({ length: inputs }, (_, c) => {
    let sum = 0;
    for (let cell = 0; cell < cells; cell++) {
      const column = Array.from({ length: classes }, (_, o) => data[(o * inputs + c) * cells + cell]);
      const mean = column.reduce((total, w) => total + w, 0) / classes;
      sum += column.reduce((total, w) => total + (w - mean) ** 2, 0) / classes;
    }
    return sum;
  });
}

/** Mean square of a channel after batch norm and ReLU. */
function activity(weights: Weights, channel: number): number {
  const [gamma, beta] = ['gamma', 'beta'].map((role) => weights.get(`${FUSE}.norm.${role}`)!.data[channel]);
  return rectifiedMeanSquare(beta, Math.max(Math.abs(gamma), Math.sqrt(NORM_EPSILON)));
}

/** E[max(0, x)²] of a normal distribution. */
export function rectifiedMeanSquare(mean: number, deviation: number): number {
  const z = mean / deviation;
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  return (mean * mean + deviation * deviation) * cumulative(z) + mean * deviation * density;
}

/** The normal distribution function, to within 1e-7 (Abramowitz and Stegun 1964, 26.2.17). */
function cumulative(z: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(z));
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * series;
  return z >= 0 ? 1 - tail : tail;
}

/** Some of a tensor's slices along an axis. */
function selected({ data, shape }: WeightTensor, axis: 0 | 1, kept: readonly number[]): WeightTensor {
  const outer = axis === 0 ? 1 : shape[0];
  const inner = data.length / (outer * shape[axis]);
  const out = new Float32Array(outer * kept.length * inner);
  for (let o = 0; o < outer; o++) {
    kept.forEach((channel, i) => {
      const start = (o * shape[axis] + channel) * inner;
      out.set(data.subarray(start, start + inner), (o * kept.length + i) * inner);
    });
  }
  return { data: out, shape: shape.with(axis, kept.length) };
}
