import { describe, expect, it } from 'vitest';
import { labelWeights } from './class-weights.js';

const first = Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 255, 255);
const second = Uint8Array.of(0, 0, 0, 2, 2, 2, 255, 255, 255, 255, 255, 255);

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

  it('median-frequency: by share of the pictures in which the class occurs', () => {
    const table = labelWeights('median-frequency', 4, [first, second]);
    // Frequencies 12/16, 1/10, 3/6; the median is 1/2. Class 3 occurs nowhere.
    expect([...table.subarray(0, 5)].map((x) => Math.round(x * 1e5) / 1e5)).toEqual([0.66667, 5, 1, 1, 0]);
  });

  it('class-balanced: by the effective number of pixels', () => {
    const table = labelWeights('class-balanced', 4, [first, second]);
    const beta = 1 - 3 / 16;
    const inverse = [12, 1, 3].map((n) => (1 - beta) / (1 - beta ** n));
    const mean = inverse.reduce((a, b) => a + b) / 3;
    for (const [k, value] of inverse.entries()) expect(table[k]).toBeCloseTo(value / mean, 5);
    expect(table[3]).toBe(1);
    expect(table[255]).toBe(0);
  });

  it('weighs a data set without labels alike', () => {
    expect([...labelWeights('class-balanced', 2, [Uint8Array.of(255)]).subarray(0, 3)]).toEqual([1, 1, 0]);
  });
});
