import { describe, expect, it } from 'vitest';
import { labelWeights, mixedLabelWeights } from './class-weights.js';

const first = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 255, 255);

describe('labelWeights', () => {
  it('weighs all classes alike, ignored labels not at all', () => {
    expect([...labelWeights('none', 2, [first]).subarray(0, 3)]).toEqual([1, 1, 0]);
  });

  it('log: by share of the labelled pixels', () => {
    const table = labelWeights('log', 2, [first]);
    expect(table[0]).toBeCloseTo(1 / Math.log(1.1 + 0.9), 5);
    expect(table[1]).toBeCloseTo(1 / Math.log(1.1 + 0.1), 5);
    expect(table[2] + table[255]).toBe(0);
  });

  it('weighs a data set without labels alike', () => {
    expect([...labelWeights('log', 2, [Uint8Array.of(255)]).subarray(0, 3)]).toEqual([1, 1, 0]);
  });

  it('log, of a mixture: by the shares of the batches, however many stills there are', () => {
    const [mostly, only] = [[first, first, first], [Uint8Array.of(1, 1, 255)]];
    const unlabelled = { share: 5, labels: [Uint8Array.of(255)] };
    const mixture = [{ share: 3, labels: mostly }, { share: 1, labels: only }, unlabelled];
    const table = mixedLabelWeights('log', 2, mixture);
    expect(table[0]).toBeCloseTo(1 / Math.log(1.1 + 0.75 * 0.9), 5);
    expect(table[1]).toBeCloseTo(1 / Math.log(1.1 + 0.75 * 0.1 + 0.25), 5);
  });
});
