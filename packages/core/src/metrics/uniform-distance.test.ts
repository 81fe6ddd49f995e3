import { describe, expect, it } from 'vitest';
import { DistanceCurve, meanOverDistances } from './distance.js';
import { uniformDistance } from './uniform-distance.js';

const TRUTH = new Uint8Array(1200);
/** Labels of which every `step`-th is wrong, by another class that occurs nowhere. */
const wrongEvery = (step: number) => TRUTH.map((_, i) => (i % step === 0 ? 1 : 0));

/** Pictures 0 to count − 1, each at distances 0 to 3 as from every start: the first three lack the farther ones. */
function curveOf(count: number): DistanceCurve {
  const curve = new DistanceCurve(1);
  for (let start = 0; start < 4; start++) {
    for (let picture = start; picture < count; picture++) {
      const distance = (picture - start) % 4;
      // At distance d, d of 12 pixels are wrong, in odd pictures twice as many.
      const wrong = distance * (1 + (picture % 2));
      const labels = wrong === 0 ? TRUTH : wrongEvery(12 / wrong);
      curve.add(distance, labels, TRUTH, picture);
    }
  }
  return curve;
}

describe('uniformDistance', () => {
  it('takes every picture that has all distances at each of them', () => {
    const uniform = uniformDistance(curveOf(13).pictures(), { distances: 4 })!;
    expect(uniform.pictures).toBe(10);
    // Of each 12 pixels 0, 1, 2, 3 or 0, 2, 4, 6 are wrong, five pictures each.
    expect(uniform.expected).toBeCloseTo(1 - (6 + 12) / (2 * 4 * 12), 12);
  });

  it('scores each picture at one distance a draw, which the seed decides', () => {
    const pictures = curveOf(13).pictures();
    const [first, again] = [0, 0].map((seed) => uniformDistance(pictures, { distances: 4, seed })!);
    expect(again).toEqual(first);
    // Ten pictures, each with 0 to 6 of 12 wrong.
    expect(120 * first.drawn).toBeCloseTo(Math.round(120 * first.drawn), 9);
    const drawn = Array.from({ length: 400 }, (_, seed) => {
      return uniformDistance(pictures, { distances: 4, seed: seed + 1, draws: 2 })!.drawn;
    });
    // The draws spread about the expected value as independent uniform distances do.
    const mean = drawn.reduce((a, b) => a + b) / drawn.length;
    const variance = (5 * ((5 / 4) * (1 + 4))) / 120 ** 2;
    expect(Math.abs(mean - first.expected)).toBeLessThan(4 * Math.sqrt(variance / drawn.length));
    expect(first.standardDeviation / Math.sqrt(variance)).toBeGreaterThan(0.75);
    expect(first.standardDeviation / Math.sqrt(variance)).toBeLessThan(1.25);
  });

  it('is nothing where no picture was scored at every distance', () => {
    const curve = new DistanceCurve(2);
    for (let picture = 0; picture < 8; picture++) curve.add(picture % 4, TRUTH, TRUTH, picture);
    expect(uniformDistance(curve.pictures(), { distances: 4 })).toBeUndefined();
    expect(uniformDistance([], { distances: 4 })).toBeUndefined();
  });
});

describe('meanOverDistances', () => {
  it('counts near and far alike, however many frames there are of each', () => {
    const curve = new DistanceCurve(1);
    for (let i = 0; i < 3; i++) curve.add(0, TRUTH, TRUTH);
    curve.add(1, wrongEvery(2), TRUTH);
    expect(meanOverDistances(curve.points())).toBe((1 + 1 / 2) / 2);
    expect(meanOverDistances([])).toBeNaN();
  });
});
