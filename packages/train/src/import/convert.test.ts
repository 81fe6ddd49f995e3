import type { ConvolutionLayer } from '@twnet/core/network/description';
import { foldedConvolution } from '@twnet/core/network/inference-graph';
import { PIXEL_SCALE, PIXEL_ZERO_POINT } from '@twnet/core/network/normalisation';
import { describe, expect, it } from 'vitest';
import { asLayer, forOwnPixels, type SourceConvolution, toOutputsFirst } from './convert.js';
import { PIXEL_RANGES, type PixelRange } from './names/naming.js';

const layer: ConvolutionLayer = {
  kind: 'convolution',
  name: 'c',
  input: 'x',
  channels: 2,
  kernel: 1,
  stride: 1,
  padding: 'end',
  depthwise: false,
  bias: true,
  norm: false,
  activation: 'none',
};
const shape = [2, 3, 1, 1];
const source: SourceConvolution = {
  weight: Float32Array.of(1, 2, 3, -4, 5, 0.5),
  bias: Float32Array.of(0.25, -1),
  norm: {
    gamma: Float32Array.of(1.5, -0.5),
    beta: Float32Array.of(0.1, 0.2),
    mean: Float32Array.of(2, -3),
    variance: Float32Array.of(0.7, 0),
    epsilon: 1e-3,
  },
};

/** What the source computes of one cell. */
function expected(x: readonly number[]): number[] {
  return [0, 1].map((o) => {
    const { gamma, beta, mean, variance, epsilon } = source.norm!;
    const sum = x.reduce((so, value, i) => so + value * source.weight[3 * o + i], source.bias![o]);
    return ((sum - mean[o]) / Math.sqrt(variance[o] + epsilon)) * gamma[o] + beta[o];
  });
}

/** What the described layer computes of it, as the inference graph folds it. */
function computed(described: ConvolutionLayer, from: SourceConvolution, x: readonly number[]): number[] {
  const parameters = new Map(
    [...asLayer(from, described, shape)].map(([suffix, tensor]) => [`c.${suffix}`, tensor]),
  );
  const { weight, bias } = foldedConvolution(described, parameters);
  return [0, 1].map((o) => x.reduce((so, value, i) => so + value * weight.data[3 * o + i], bias[o]));
}

describe('batch norm', () => {
  it.each([
    ['folded', layer],
    ['kept', { ...layer, bias: false, norm: true }],
  ])('%s, it computes what the source does, its own variance floor included', (_, described) => {
    const x = [0.3, -0.7, 1.1];
    for (const [o, value] of computed(described, source, x).entries())
      expect(value).toBeCloseTo(expected(x)[o], 4);
  });

  it('becomes the identity where the layer has one and the source is folded', () => {
    const folded = { weight: source.weight, bias: source.bias };
    const x = [0.3, -0.7, 1.1];
    const kept = computed({ ...layer, bias: false, norm: true }, folded, x);
    for (const [o, value] of computed(layer, folded, x).entries()) expect(kept[o]).toBeCloseTo(value, 5);
  });
});

describe('pixels', () => {
  it.each(
    Object.keys(PIXEL_RANGES) as PixelRange[],
  )('%s: the same result from this project’s range', (range) => {
    const { scale, zero } = PIXEL_RANGES[range];
    for (const pixels of [
      [0, 128, 255],
      [17, 200, 3],
    ]) {
      const theirs = pixels.map((pixel, i) => (pixel - zero[i]) * scale[i]);
      const ours = pixels.map((pixel) => (pixel - PIXEL_ZERO_POINT) * PIXEL_SCALE);
      const wanted = expected(theirs);
      for (const [o, value] of computed(layer, forOwnPixels(source, shape, range), ours).entries())
        expect(Math.abs(value - wanted[o])).toBeLessThan(1e-5 * Math.max(1, Math.abs(wanted[o])));
    }
  });
});

describe('TensorFlow’s order', () => {
  /** Values that name their place: outputs, inputs, rows, columns as digits. */
  const digits = (o: number, i: number, r: number, c: number): number => 1000 * o + 100 * i + 10 * r + c;
  const inOrder = (extents: number[], value: (...at: number[]) => number): Float32Array => {
    const [a, b, c, d] = extents;
    const list: number[] = [];
    for (let i = 0; i < a; i++)
      for (let j = 0; j < b; j++)
        for (let k = 0; k < c; k++) for (let l = 0; l < d; l++) list.push(value(i, j, k, l));
    return Float32Array.from(list);
  };

  it('turns rows, columns, inputs, outputs round', () => {
    const stored = inOrder([3, 2, 4, 5], (r, c, i, o) => digits(o, i, r, c));
    expect(toOutputsFirst(stored, [5, 4, 3, 2], false)).toEqual(inOrder([5, 4, 3, 2], digits));
  });

  it('turns depthwise rows, columns, channels, 1 round', () => {
    const stored = inOrder([3, 2, 5, 1], (r, c, o) => digits(o, 0, r, c));
    expect(toOutputsFirst(stored, [5, 1, 3, 2], true)).toEqual(inOrder([5, 1, 3, 2], digits));
  });
});
