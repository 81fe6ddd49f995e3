import { describe, expect, it } from 'vitest';
import { asFastAs } from './per-frame-curve.js';

const point = (scale: number, milliseconds: number, meanIou: number) => ({ scale, milliseconds, meanIou });
const CURVE = [point(1, 40, 0.7), point(0.5, 10, 0.6), point(0.7, 20, 0.66)];

describe('asFastAs', () => {
  it('is a measured scale where it takes as long', () => {
    expect(asFastAs(CURVE, 20)).toMatchObject({ scale: 0.7, meanIou: 0.66 });
    expect(asFastAs(CURVE, 10)).toEqual({ scale: 0.5, meanIou: 0.6, weights: [{ index: 1, weight: 1 }] });
  });

  it('lies between its neighbours by the logarithm of time', () => {
    // Half way from 10 to 20 ms is √2 · 10.
    const { scale, meanIou, weights, beyond } = asFastAs(CURVE, 10 * Math.SQRT2);
    expect([scale, meanIou]).toEqual([expect.closeTo(0.6, 12), expect.closeTo(0.63, 12)]);
    expect(weights.map(({ index }) => index)).toEqual([1, 2]);
    for (const { weight } of weights) expect(weight).toBeCloseTo(0.5, 12);
    expect(beyond).toBeUndefined();
    // A quarter of the way from 20 to 40.
    expect(asFastAs(CURVE, 20 * 2 ** 0.25).meanIou).toBeCloseTo(0.67, 12);
  });

  it('ends at the fastest and the slowest, and says so', () => {
    expect(asFastAs(CURVE, 5)).toMatchObject({ scale: 0.5, meanIou: 0.6, beyond: 'faster' });
    expect(asFastAs(CURVE, 80)).toMatchObject({ scale: 1, meanIou: 0.7, beyond: 'slower' });
    expect(asFastAs([CURVE[0]], 80)).toMatchObject({ scale: 1, beyond: 'slower' });
    expect(asFastAs([CURVE[0]], 40).beyond).toBeUndefined();
  });

  it('leaves out scales that a faster one betters', () => {
    const curve = [point(0.5, 10, 0.6), point(0.8, 20, 0.72), point(1, 40, 0.7)];
    expect(asFastAs(curve, 30)).toMatchObject({ scale: 0.8, meanIou: 0.72, beyond: 'slower' });
    const dent = [point(0.5, 10, 0.6), point(0.6, 20, 0.58), point(0.7, 40, 0.68)];
    expect(asFastAs(dent, 20).meanIou).toBeCloseTo(0.64, 12);
  });

  it('refuses no curve', () => expect(() => asFastAs([], 1)).toThrow(RangeError));
});
