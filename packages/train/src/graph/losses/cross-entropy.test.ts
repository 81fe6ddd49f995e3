import { readFileSync } from 'node:fs';
import { Graph } from '@twnet/core/graph/graph';
import { GraphSession } from '@twnet/node/engine/session';
import { gradientError, ramp } from '@twnet/testing/check-gradient';
import { describe, expect, it } from 'vitest';
import { differentiate, Tape } from '../tape.js';
import { type HardExampleAttributes, hardExampleCrossEntropy, softmaxCrossEntropy } from './cross-entropy.js';

interface Golden {
  readonly shape: [number, number, number, number];
  readonly classWeights: number[];
  readonly labels: number[];
  readonly scores: number[];
  readonly cases: (HardExampleAttributes & { kept: number; loss: number; gradient: number[] })[];
}

const fixture = new URL('../../../../../test/fixtures/loss-hard-examples.json', import.meta.url);
const golden = JSON.parse(readFileSync(fixture, 'utf8')) as Golden;
const [n, classes, rows, columns] = golden.shape;

async function lossAndGradient(
  attributes: HardExampleAttributes | undefined,
  labels: readonly number[] = golden.labels,
): Promise<{ loss: number; gradient: Float32Array }> {
  const graph = new Graph();
  const tape = new Tape(graph);
  const scores = graph.input('scores', golden.shape);
  const inputs = [scores, graph.input('labels', [n, rows, columns], 'uint8'), graph.input('weights', [256])];
  const loss = attributes
    ? tape.apply(hardExampleCrossEntropy, inputs, attributes)
    : tape.apply(softmaxCrossEntropy, inputs, undefined);
  graph.output('loss', loss);
  graph.output('gradient', differentiate(tape, loss, [scores]).get('scores')!);
  const weights = new Float32Array(256);
  weights.set(golden.classWeights);
  const session = await GraphSession.open(graph, { threads: 1 });
  const results = await session.run({
    scores: Float32Array.from(golden.scores),
    labels: Uint8Array.from(labels),
    weights,
  });
  await session.close();
  return { loss: Number(results.loss[0]), gradient: results.gradient as Float32Array };
}

const largestDifference = (a: Float32Array, b: ArrayLike<number>): number =>
  a.reduce((worst, x, i) => Math.max(worst, Math.abs(x - b[i])), 0);

describe('cross-entropy over hard examples', () => {
  it.each(golden.cases)('agrees with PyTorch: $threshold, at least $minimumKept', async (wanted) => {
    const { loss, gradient } = await lossAndGradient(wanted);
    expect(Math.abs(loss / wanted.loss - 1)).toBeLessThan(1e-5);
    expect(largestDifference(gradient, wanted.gradient)).toBeLessThan(1e-6);
    const area = rows * columns;
    const touched = new Set<number>();
    for (const [i, value] of gradient.entries()) {
      if (value !== 0) touched.add(Math.floor(i / (classes * area)) * area + (i % area));
    }
    expect(touched.size).toBe(wanted.kept);
  });

  it('is the cross-entropy where all pixels are kept', async () => {
    const all = await lossAndGradient({ threshold: 0.5, minimumKept: 1 });
    const plain = await lossAndGradient(undefined);
    expect(all.loss).toBeCloseTo(plain.loss, 6);
    expect(largestDifference(all.gradient, plain.gradient)).toBeLessThan(1e-7);
  });

  it('is 0 where no pixel is labelled', async () => {
    const { loss, gradient } = await lossAndGradient(
      { threshold: 0.7, minimumKept: 0.1 },
      golden.labels.map(() => 255),
    );
    expect(loss).toBe(0);
    expect(largestDifference(gradient, new Float32Array(gradient.length))).toBe(0);
  });

  it('has its derivative, by central differences', async () => {
    const labels = { shape: [2, 2, 3], data: Uint8Array.of(0, 1, 2, 255, 1, 0, 2, 2, 255, 0, 1, 1) };
    const table = new Float32Array(256);
    table.set([1, 0.5, 2]);
    const weights = { shape: [256], data: table, differentiated: false };
    // No pixel's probability is near the threshold, where the loss jumps.
    const inputs = [{ shape: [2, 3, 2, 3], data: ramp([2, 3, 2, 3], -4, 4, 1) }, labels, weights];
    const error = await gradientError(hardExampleCrossEntropy, inputs, { threshold: 0.7, minimumKept: 0.1 });
    expect(error).toBeLessThan(2e-3);
  });
});
