import { seededRandom } from '@twnet/core/random';
import { describe, expect, it } from 'vitest';
import { fitAmdahl, fitGroupCost, fitPowerLaw, type Point, valueAt } from './growth.js';

/** The points with each time off by up to so great a share. */
function noisy(points: readonly Point[], share: number): Point[] {
  const random = seededRandom(3);
  return points.map(([x, y]) => [x, y * (1 + share * (2 * random() - 1))]);
}

describe('fitPowerLaw', () => {
  it('finds the law that the points follow', () => {
    const fit = fitPowerLaw([1, 2, 4, 8].map((x) => [x, 3 * x ** 1.5]))!;
    expect(fit.factor).toBeCloseTo(3, 10);
    expect(fit.exponent).toBeCloseTo(1.5, 10);
    expect(fit.r2).toBeCloseTo(1, 10);
    expect(valueAt(fit, 16)).toBeCloseTo(192, 8);
  });

  it('weighs all points alike in the logarithms', () => {
    // ln y over ln x = 0, 1, 2 is 0, 0, 3: slope 1.5, intercept −0.5.
    const fit = fitPowerLaw([
      [1, 1],
      [Math.E, 1],
      [Math.E ** 2, Math.E ** 3],
    ])!;
    expect(fit.exponent).toBeCloseTo(1.5, 10);
    expect(Math.log(fit.factor)).toBeCloseTo(-0.5, 10);
    expect(fit.r2).toBeLessThan(1);
  });

  it('comes near the law through noise', () => {
    const pixels = [172800, 345600, 691200, 2097152];
    const fit = fitPowerLaw(
      noisy(
        pixels.map((x) => [x, 1.4e-4 * x]),
        0.05,
      ),
    )!;
    expect(Math.abs(fit.exponent - 1)).toBeLessThan(0.05);
    expect(fit.r2).toBeGreaterThan(0.98);
  });

  it('needs two different x', () => {
    expect(fitPowerLaw([[4, 2]])).toBeUndefined();
    expect(
      fitPowerLaw([
        [4, 2],
        [4, 3],
      ]),
    ).toBeUndefined();
  });
});

describe('fitGroupCost', () => {
  it('takes a key frame and a non-key frame apart', () => {
    const fit = fitGroupCost([1, 2, 4, 12].map((g) => [g, (30 + (g - 1) * 18) / g]))!;
    expect(fit.key).toBeCloseTo(30, 10);
    expect(fit.nonKey).toBeCloseTo(18, 10);
    expect(fit.r2).toBeCloseTo(1, 10);
    expect(valueAt(fit, 6)).toBeCloseTo(20, 10);
  });

  it('comes near through noise', () => {
    const fit = fitGroupCost(
      noisy(
        [1, 2, 4, 8, 12].map((g) => [g, (300 + (g - 1) * 150) / g]),
        0.03,
      ),
    )!;
    expect(Math.abs(fit.key / 300 - 1)).toBeLessThan(0.05);
    expect(Math.abs(fit.nonKey / 150 - 1)).toBeLessThan(0.05);
  });

  it('is exact where every frame costs the same', () => {
    const fit = fitGroupCost([1, 2, 4].map((g) => [g, 7]))!;
    expect(fit).toMatchObject({ key: 7, nonKey: 7, r2: 1 });
  });
});

describe('fitAmdahl', () => {
  it('finds the serial share', () => {
    const fit = fitAmdahl([1, 2, 4].map((n) => [n, 80 * (0.25 + 0.75 / n)]))!;
    expect(fit.single).toBeCloseTo(80, 10);
    expect(fit.serialShare).toBeCloseTo(0.25, 10);
    expect(fit.r2).toBeCloseTo(1, 10);
  });

  it('gives no share below 0 where threads help more than they can', () => {
    const fit = fitAmdahl([
      [1, 80],
      [2, 36],
    ])!;
    // Least squares of b / n alone: (80 · 1 + 36 · 0.5) / (1 + 0.25).
    expect(fit).toMatchObject({ serialShare: 0, single: 78.4 });
    expect(fit.r2).toBeLessThan(1);
  });

  it('gives no share above 1 where threads do harm', () => {
    expect(
      fitAmdahl([
        [1, 10],
        [2, 12],
      ]),
    ).toMatchObject({ serialShare: 1, single: 11, r2: 0 });
  });

  it('comes near through noise', () => {
    const fit = fitAmdahl(
      noisy(
        [1, 2, 3, 4, 8].map((n) => [n, 80 * (0.2 + 0.8 / n)]),
        0.02,
      ),
    )!;
    expect(Math.abs(fit.serialShare - 0.2)).toBeLessThan(0.04);
  });
});
