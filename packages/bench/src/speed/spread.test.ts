import { describe, expect, it } from 'vitest';
import { spreadOf } from './spread.js';

describe('spreadOf', () => {
  it('gives median and quartiles', () => {
    expect(spreadOf([5, 1, 2, 4, 3])).toEqual({ median: 3, low: 2, high: 4, rounds: [5, 1, 2, 4, 3] });
  });

  it('interpolates between neighbours', () => {
    // numpy.quantile([1, 2, 4, 8], [.25, .5, .75])
    expect(spreadOf([8, 1, 4, 2])).toMatchObject({ median: 3, low: 1.75, high: 5 });
  });

  it('is the value where there is one', () => {
    expect(spreadOf([7])).toEqual({ median: 7, low: 7, high: 7, rounds: [7] });
  });
});
