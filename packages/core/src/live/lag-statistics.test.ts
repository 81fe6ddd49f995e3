import { randomFrom } from '@twnet/testing/made-motion';
import { describe, expect, it } from 'vitest';
import { LagStatistics } from './lag-statistics.js';

describe('LagStatistics', () => {
  it('has quantiles within 2 % of those of the sorted lags, of all frames and of the last 256', () => {
    const statistics = new LagStatistics();
    const random = randomFrom(5);
    const lags = Array.from({ length: 5000 }, () => 2 + 400 * random() ** 3);
    for (const lag of lags) statistics.add(lag);
    const at = (values: number[], share: number) =>
      values.toSorted((a, b) => a - b)[Math.ceil(share * values.length) - 1];
    const { median, p99, largest } = statistics.total();
    expect(median / at(lags, 0.5)).toBeCloseTo(1, 1);
    expect(Math.abs(median / at(lags, 0.5) - 1)).toBeLessThan(0.021);
    expect(Math.abs(p99 / at(lags, 0.99) - 1)).toBeLessThan(0.021);
    expect(largest).toBe(Math.max(...lags));
    const last = lags.slice(-256);
    expect(statistics.recent()).toEqual({
      median: at(last, 0.5),
      p99: at(last, 0.99),
      largest: Math.max(...last),
    });
  });

  it('is 0 before the first frame, and exact for lags below its first bin and beyond its last', () => {
    const statistics = new LagStatistics();
    expect(statistics.total()).toEqual({ median: 0, p99: 0, largest: 0 });
    expect(statistics.recent()).toEqual({ median: 0, p99: 0, largest: 0 });
    statistics.add(0);
    expect(statistics.total().p99).toBe(0);
    statistics.add(1e9);
    expect(statistics.total().largest).toBe(1e9);
  });
});
