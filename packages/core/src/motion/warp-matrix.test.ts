import { fieldOf, randomFrom } from '@twnet/testing/made-motion';
import { describe, expect, it } from 'vitest';
import type { MotionField } from './field.js';
import { warpFeatures } from './warp.js';
import { warpMatrix } from './warp-matrix.js';

/** features · matrix, one channel after the other. */
function multiplied(features: Float32Array, channels: number, matrix: Float32Array): Float64Array {
  const cells = features.length / channels;
  const out = new Float64Array(features.length);
  for (let c = 0; c < channels; c++)
    for (let source = 0; source < cells; source++)
      for (let target = 0; target < cells; target++)
        out[c * cells + target] += features[c * cells + source] * matrix[source * cells + target];
  return out;
}

function expectSameWarp(field: MotionField, seed: number): void {
  const channels = 3;
  const random = randomFrom(seed);
  const features = Float32Array.from(
    { length: channels * field.rows * field.columns },
    () => random() * 4 - 2,
  );
  const expected = warpFeatures(features, channels, field);
  const actual = multiplied(features, channels, warpMatrix(field));
  for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, 5);
}

describe('warpMatrix', () => {
  it('warps as warpFeatures does: still, whole cells, one fraction, and a vector of its own per cell', () => {
    const random = randomFrom(4);
    const anywhere = () => (random() - 0.5) * 60;
    expectSameWarp(
      fieldOf(6, 7, 8, () => [0, 0]),
      1,
    );
    expectSameWarp(
      fieldOf(6, 7, 8, () => [16, -8]),
      2,
    );
    expectSameWarp(
      fieldOf(6, 7, 8, () => [2.75, -13.5]),
      3,
    );
    expectSameWarp(
      fieldOf(6, 7, 8, () => [anywhere(), anywhere()]),
      4,
    );
    expectSameWarp(
      fieldOf(5, 9, 4, (row) => (row < 3 ? [3, 0] : [-400, 300])),
      5,
    );
    expectSameWarp(
      fieldOf(1, 8, 8, () => [anywhere(), anywhere()]),
      6,
    );
    expectSameWarp(
      fieldOf(8, 1, 8, () => [anywhere(), anywhere()]),
      7,
    );
  });

  it('gives every target the weight 1 in all', () => {
    const random = randomFrom(9);
    const field = fieldOf(6, 5, 4, () => [(random() - 0.5) * 40, (random() - 0.5) * 40]);
    const matrix = warpMatrix(field);
    for (let target = 0; target < 30; target++) {
      let sum = 0;
      for (let source = 0; source < 30; source++) sum += matrix[source * 30 + target];
      expect(sum).toBeCloseTo(1, 6);
    }
  });

  it('writes into the array it is given', () => {
    const out = new Float32Array(16);
    const field = fieldOf(2, 2, 8, () => [0, 0]);
    expect(warpMatrix(field, out)).toBe(out);
    expect([...out]).toEqual([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]);
  });
});
