import type { ConvolutionAttributes } from '@twnet/core/graph/operators/convolution';
import { type CheckedInput, gradientError, ramp } from '@twnet/testing/check-gradient';
import { describe, expect, it } from 'vitest';
import { softmaxCrossEntropy } from '../losses/cross-entropy.js';
import { divergence } from '../losses/divergence.js';
import { softJaccard } from '../losses/soft-jaccard.js';
import { meanSquaredError } from '../objectives.js';
import type { Differentiable } from '../tape.js';
import { warp } from '../unrolled.js';
import { hardSwish, relu, relu6, sigmoid } from './activation.js';
import { batchNorm, foldedBias, foldedWeight } from './batch-norm.js';
import { convolution } from './convolution.js';
import { add, concat, multiply, scale } from './elementwise.js';
import { linearAttention } from './linear-attention.js';
import { adaptivePool, enlarge, halve, maxPool, resize } from './resampling.js';

const input = (shape: number[], seed: number, low = -1, high = 1): CheckedInput => ({
  shape,
  data: ramp(shape, low, high, seed),
});

/** Values at least 0.05 away from the kinks at 0 and 6. */
const awayFromKinks = (shape: number[]): CheckedInput => ({
  shape,
  data: ramp(shape, -3, 9, 5).map((x) => (Math.abs(x) < 0.05 || Math.abs(x - 6) < 0.05 ? x + 0.2 : x)),
});

describe('gradient rules against central differences', () => {
  const same = { top: 1, left: 1, bottom: 1, right: 1 };
  const farSide = (bottom: number, right: number) => ({ top: 0, left: 0, bottom, right });
  const none = { top: 0, left: 0, bottom: 0, right: 0 };
  const convolutions: [string, number[], number[], ConvolutionAttributes][] = [
    ['pointwise', [2, 3, 4, 5], [4, 3, 1, 1], { stride: 1, padding: none, groups: 1 }],
    ['3×3', [2, 3, 4, 5], [4, 3, 3, 3], { stride: 1, padding: same, groups: 1 }],
    [
      '3×3, stride 2, even size',
      [2, 3, 4, 6],
      [4, 3, 3, 3],
      { stride: 2, padding: farSide(1, 1), groups: 1 },
    ],
    ['3×3, stride 2, odd size', [1, 2, 5, 7], [3, 2, 3, 3], { stride: 2, padding: farSide(2, 2), groups: 1 }],
    ['depthwise', [2, 3, 4, 5], [3, 1, 3, 3], { stride: 1, padding: same, groups: 3 }],
    [
      'depthwise, stride 2, even',
      [2, 3, 4, 6],
      [3, 1, 3, 3],
      { stride: 2, padding: farSide(1, 1), groups: 3 },
    ],
    [
      'depthwise, stride 2, odd',
      [1, 3, 5, 7],
      [3, 1, 3, 3],
      { stride: 2, padding: farSide(2, 2), groups: 3 },
    ],
    [
      '7×7, stride 2, both sides, even size',
      [1, 2, 8, 10],
      [2, 2, 7, 7],
      { stride: 2, padding: { top: 3, left: 3, bottom: 3, right: 3 }, groups: 1 },
    ],
    [
      '7×7, stride 2, both sides, odd size',
      [1, 2, 9, 7],
      [2, 2, 7, 7],
      { stride: 2, padding: { top: 3, left: 3, bottom: 3, right: 3 }, groups: 1 },
    ],
    ['3×3, stride 2, both sides', [2, 3, 4, 7], [4, 3, 3, 3], { stride: 2, padding: same, groups: 1 }],
    ['pointwise, stride 2', [2, 3, 4, 6], [4, 3, 1, 1], { stride: 2, padding: none, groups: 1 }],
    ['pointwise in groups', [2, 6, 3, 4], [4, 3, 1, 1], { stride: 1, padding: none, groups: 2 }],
    ['3×3 in groups', [2, 4, 4, 5], [6, 2, 3, 3], { stride: 1, padding: same, groups: 2 }],
    [
      '5×5 depthwise',
      [1, 2, 6, 5],
      [2, 1, 5, 5],
      { stride: 1, padding: { top: 2, left: 2, bottom: 2, right: 2 }, groups: 2 },
    ],
  ];
  it.each(convolutions)('convolution: %s', async (_, x, weight, attributes) => {
    const inputs = [input(x, 1), input(weight, 2), input([weight[0]], 3)];
    expect(await gradientError(convolution, inputs, attributes)).toBeLessThan(1e-3);
  });

  it('hard swish', async () => {
    const data = ramp([2, 3, 3, 4], -5, 5, 3).map((x) => (Math.abs(Math.abs(x) - 3) < 0.05 ? x + 0.2 : x));
    expect(await gradientError(hardSwish, [{ shape: [2, 3, 3, 4], data }], undefined)).toBeLessThan(1e-3);
  });

  it('linear attention', async () => {
    // Away from ReLU's kink, and some queries and keys below it.
    const data = ramp([2, 12, 2, 3], -1, 2, 4).map((x) => (Math.abs(x) < 0.05 ? x + 0.2 : x));
    const inputs = [{ shape: [2, 12, 2, 3], data }];
    expect(await gradientError(linearAttention, inputs, { size: 2 })).toBeLessThan(2e-3);
  });

  it('batch norm, training form', async () => {
    const inputs = [input([2, 3, 3, 4], 1), input([3], 2, 0.5, 1.5), input([3], 3)];
    expect(await gradientError(batchNorm, inputs, { epsilon: 1e-5 })).toBeLessThan(3e-3);
  });

  it('batch norm, frozen form, folded', async () => {
    const constant = (i: ReturnType<typeof input>) => ({ ...i, differentiated: false });
    const [mean, variance] = [input([3], 4), input([3], 5, 0.5, 1.5)].map(constant);
    const [gamma, beta, bias] = [input([3], 2, 0.5, 1.5), input([3], 3), input([3], 6)];
    const epsilon = { epsilon: 1e-5 };
    const weight = [input([3, 2, 3, 3], 1), gamma, variance];
    expect(await gradientError(foldedWeight, weight, epsilon)).toBeLessThan(1e-3);
    for (const rest of [[], [bias]])
      expect(await gradientError(foldedBias, [gamma, beta, mean, variance, ...rest], epsilon)).toBeLessThan(
        1e-3,
      );
  });

  it('ReLU and ReLU6', async () => {
    expect(await gradientError(relu, [awayFromKinks([2, 3, 4, 4])], undefined)).toBeLessThan(1e-3);
    expect(await gradientError(relu6, [awayFromKinks([2, 3, 4, 4])], undefined)).toBeLessThan(1e-3);
  });

  it.each([
    ['even', [2, 3, 6, 8]],
    ['odd', [1, 2, 7, 5]],
  ])('max pooling with windows that overlap, %s size', async (_, shape) => {
    // No two cells are closer than the nudge, or the largest of a window would change with it.
    const count = shape.reduce((product, extent) => product * extent, 1);
    const order = Array.from(ramp(shape, 0, 1, 3), (key, i) => [key, i]).sort(([a], [b]) => a - b);
    const data = new Float32Array(count);
    for (const [rank, [, i]] of order.entries()) data[i] = 0.05 * (rank - count / 2);
    const attributes = { kernel: 3, stride: 2, padding: 1 };
    expect(await gradientError(maxPool, [{ shape, data }], attributes)).toBeLessThan(1e-3);
  });

  it('sigmoid, scale, concat', async () => {
    expect(await gradientError(sigmoid, [input([1, 2, 3, 4], 1, -3, 3)], undefined)).toBeLessThan(1e-3);
    expect(await gradientError(scale, [input([1, 2, 3, 4], 1)], { factor: -2.5 })).toBeLessThan(1e-3);
    const parts = [input([2, 1, 3, 2], 1), input([2, 3, 3, 2], 2)];
    expect(await gradientError(concat, parts, undefined)).toBeLessThan(1e-3);
  });

  it('addition and multiplication, with broadcasting on either side', async () => {
    for (const operator of [add, multiply]) {
      expect(
        await gradientError(operator, [input([2, 3, 2, 4], 1), input([2, 3, 2, 4], 2)], undefined),
      ).toBeLessThan(1e-3);
      expect(
        await gradientError(operator, [input([2, 1, 2, 4], 1), input([3, 1, 1], 2)], undefined),
      ).toBeLessThan(1e-3);
    }
  });

  it('enlarged and cropped, resized, pooled, halved', async () => {
    const error = <A>(operator: Differentiable<A>, attributes: A): Promise<number> =>
      gradientError(operator, [input([2, 2, 3, 4], 1)], attributes);
    expect(await error(enlarge, { factor: 2, rows: 5, columns: 8 })).toBeLessThan(1e-3);
    expect(await error(resize, { rows: 5, columns: 3 })).toBeLessThan(1e-3);
    expect(await error(adaptivePool, { bins: 2 })).toBeLessThan(1e-3);
    expect(await error(adaptivePool, { bins: 4 })).toBeLessThan(1e-3);
    expect(await error(halve, undefined)).toBeLessThan(1e-3);
  });

  it('warp by a matrix a sample', async () => {
    const matrix = { ...input([2, 6, 6], 2, 0, 1), differentiated: false };
    expect(await gradientError(warp, [input([2, 3, 2, 3], 1), matrix], undefined)).toBeLessThan(1e-3);
  });

  it("divergence from a teacher's probabilities", async () => {
    const teacher = { ...input([2, 4, 3, 2], 2, -2, 2), differentiated: false };
    expect(await gradientError(divergence, [input([2, 4, 3, 2], 1), teacher], undefined)).toBeLessThan(2e-3);
  });

  it('softmax cross-entropy with weights and ignored pixels', async () => {
    const labels = { shape: [2, 2, 3], data: Uint8Array.of(0, 1, 2, 255, 1, 0, 2, 2, 255, 0, 1, 1) };
    const table = new Float32Array(256);
    table.set([1, 0.5, 2]);
    const weights = { shape: [256], data: table, differentiated: false };
    const inputs = [input([2, 3, 2, 3], 1, -2, 2), labels, weights];
    expect(await gradientError(softmaxCrossEntropy, inputs, undefined)).toBeLessThan(2e-3);
  });

  it('soft Jaccard, classes that are absent and pixels that do not count', async () => {
    const labels = { shape: [2, 2, 3], data: Uint8Array.of(0, 2, 255, 2, 0, 0, 2, 2, 0, 255, 0, 2) };
    const table = new Float32Array(256);
    table.set([0.5, 1, 2]);
    const weights = { shape: [256], data: table, differentiated: false };
    const inputs = [input([2, 3, 2, 3], 1, -2, 2), labels, weights];
    expect(await gradientError(softJaccard, inputs, undefined)).toBeLessThan(2e-3);
  });

  it('mean squared error', async () => {
    const target = { ...input([1, 2, 3, 4], 2), differentiated: false };
    expect(await gradientError(meanSquaredError, [input([1, 2, 3, 4], 1), target], undefined)).toBeLessThan(
      1e-3,
    );
  });
});
