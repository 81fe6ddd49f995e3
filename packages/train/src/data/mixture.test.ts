import { describe, expect, it } from 'vitest';
import { placeInMixture } from './mixture.js';

describe('placeInMixture', () => {
  it.each([
    [[1]],
    [[3, 1]],
    [[0.5, 0.25, 0.25]],
    [[0.7, 0.1, 0.15, 0.05]],
    [[1 / 3, 2 / 3]],
  ])('gives each source its share, without gaps: %j', (shares) => {
    const total = shares.reduce((a, b) => a + b);
    const next = shares.map(() => 0);
    for (let position = 0; position < 500; position++) {
      const { source, number } = placeInMixture(shares, position);
      expect(number).toBe(next[source]);
      next[source] += 1;
      for (const [i, share] of shares.entries()) {
        const wanted = ((position + 1) * share) / total;
        expect(Math.abs(next[i] - wanted)).toBeLessThan(shares.length);
      }
    }
  });
});
