import { fieldOf, randomFrom } from '@twnet/testing/made-motion';
import { describe, expect, it } from 'vitest';
import { leastResidual, mixFeatures, shareOfFollowing } from './between.js';

const field = (coverage: readonly number[]) => ({
  ...fieldOf(1, coverage.length, 4, () => [0, 0]),
  coverage: Float32Array.from(coverage),
});
/** Three planes with the same residual. */
const residual = (...cells: number[]) => ({
  ...{ rows: 1, columns: cells.length, stride: 4 },
  data: Float32Array.from([...cells, ...cells, ...cells]),
});

describe('shareOfFollowing', () => {
  it('goes by distance where both explain a cell equally well', () => {
    const one = { field: field([1, 1]), residual: residual(0, 40) };
    for (const distance of [1, 3, 9])
      for (const share of shareOfFollowing(distance, 12, one, one))
        expect(share).toBeCloseTo(distance / 12, 6);
  });

  it('trusts what leaves less unexplained', () => {
    const [a, b] = [residual(0, 27, 9), residual(27, 0, 9)];
    const f = field([1, 1, 1]);
    const share = shareOfFollowing(6, 12, { field: f, residual: a }, { field: f, residual: b });
    [3 / 33, 30 / 33, 1 / 2].forEach((value, i) => {
      expect(share[i]).toBeCloseTo(value, 6);
    });
  });

  it('goes by what could be followed, without residuals', () => {
    const share = shareOfFollowing(4, 8, { field: field([1, 0, 1]) }, { field: field([0, 1, 1]) });
    [1 / 5, 4 / 5, 1 / 2].forEach((value, i) => {
      expect(share[i]).toBeCloseTo(value, 6);
    });
  });
});

describe('mixFeatures', () => {
  it('mixes every channel by the shares of its cells, of any number', () => {
    const random = randomFrom(2);
    for (const cells of [1, 3, 4, 21]) {
      const [a, b] = [0, 1].map(() => Float32Array.from({ length: 3 * cells }, () => random() - 0.5));
      const share = Float32Array.from({ length: cells }, random);
      const before = a.slice();
      mixFeatures(a, b, share).forEach((value, i) => {
        expect(value).toBeCloseTo(a[i] + share[i % cells] * (b[i] - a[i]), 6);
      });
      expect(a).toEqual(before);
    }
  });
});

it('leastResidual is the smaller one, plane by plane', () => {
  expect([...leastResidual(residual(1, 5), residual(4, 2)).data]).toEqual([1, 2, 1, 2, 1, 2]);
});
