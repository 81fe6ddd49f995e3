import { fieldOf, randomFrom } from '@twnet/testing/made-motion';
import { describe, expect, it } from 'vitest';
import { accumulateMotion } from './accumulate.js';
import type { MotionField } from './field.js';
import { warpFeatures } from './warp.js';

/** Eq. 4 written down as it stands. */
function naiveWarp(features: Float32Array, channels: number, field: MotionField): Float64Array {
  const { rows, columns, stride } = field;
  const cells = rows * columns;
  const clamp = (v: number, last: number) => Math.min(Math.max(v, 0), last);
  const out = new Float64Array(features.length);
  for (let c = 0; c < channels; c++) {
    for (let cell = 0; cell < cells; cell++) {
      const x = clamp((cell % columns) - field.dx[cell] / stride, columns - 1);
      const y = clamp(Math.floor(cell / columns) - field.dy[cell] / stride, rows - 1);
      const at = (r: number, q: number) =>
        features[c * cells + clamp(r, rows - 1) * columns + clamp(q, columns - 1)];
      const [x0, y0] = [Math.floor(x), Math.floor(y)];
      const [fx, fy] = [x - x0, y - y0];
      out[c * cells + cell] =
        (1 - fy) * ((1 - fx) * at(y0, x0) + fx * at(y0, x0 + 1)) +
        fy * ((1 - fx) * at(y0 + 1, x0) + fx * at(y0 + 1, x0 + 1));
    }
  }
  return out;
}

const randomFeatures = (length: number, seed: number) => {
  const random = randomFrom(seed);
  return Float32Array.from({ length }, () => random() * 4 - 2);
};

describe('warpFeatures', () => {
  it('is the identity where nothing moves', () => {
    const features = randomFeatures(3 * 7 * 9, 1);
    expect(
      warpFeatures(
        features,
        3,
        fieldOf(7, 9, 8, () => [0, 0]),
      ),
    ).toEqual(features);
  });

  it('fetches from where the content came (Eq. 4): content moved right by Mv', () => {
    const features = Float32Array.from([10, 20, 30, 40, 50]);
    // 8 px at stride 8 is one cell; 4 px half a cell; the border repeats.
    expect([
      ...warpFeatures(
        features,
        1,
        fieldOf(1, 5, 8, () => [8, 0]),
      ),
    ]).toEqual([10, 10, 20, 30, 40]);
    expect([
      ...warpFeatures(
        features,
        1,
        fieldOf(1, 5, 8, () => [-4, 0]),
      ),
    ]).toEqual([15, 25, 35, 45, 50]);
    expect([
      ...warpFeatures(
        features,
        1,
        fieldOf(1, 5, 8, () => [800, -800]),
      ),
    ]).toEqual([10, 10, 10, 10, 10]);
    expect([
      ...warpFeatures(
        features,
        1,
        fieldOf(5, 1, 4, () => [0, 1]),
      ),
    ]).toEqual([10, 17.5, 27.5, 37.5, 47.5]);
  });

  it('mixes four neighbours', () => {
    const field = fieldOf(2, 2, 16, (row, column) => (row + column === 0 ? [-4, -8] : [0, 0]));
    const out = warpFeatures(Float32Array.from([0, 8, 16, 32]), 1, field);
    // x = 1/4, y = 1/2: upper 2, lower 20.
    expect([...out]).toEqual([11, 8, 16, 32]);
  });

  it.each([
    ['one vector', () => [5.5, -3] as const],
    ['whole cells', () => [16, -24] as const],
    ['vertical only', () => [0, 2.5] as const],
    ['horizontal only', () => [-2.5, 0] as const],
    ['far out of the frame', () => [-500, 500] as const],
    [
      'vectors by block',
      (row: number, column: number) =>
        [((row >> 1) * 7 + (column >> 1) * 3) % 9, ((column >> 1) * 5) % 11] as const,
    ],
    [
      'runs of every length',
      (row: number, column: number) =>
        [((column * (row + 3)) % 7) * (column % (row + 2) === 0 ? 1 : 0), row] as const,
    ],
    [
      'long runs',
      (row: number, column: number) => (column < 14 ? [2, 1] : [0, (row % 3) * 8]) as [number, number],
    ],
  ])('equals Eq. 4 written down naively: %s', (_name, vectorAt) => {
    for (const [rows, columns] of [
      [13, 31],
      [1, 20],
      [20, 1],
      [1, 1],
      [2, 2],
    ]) {
      const field = fieldOf(rows, columns, 8, vectorAt);
      const features = randomFeatures(2 * rows * columns, 5);
      const expected = naiveWarp(features, 2, field);
      warpFeatures(features, 2, field).forEach((v, i) => {
        expect(Math.abs(v - expected[i])).toBeLessThan(1e-6);
      });
    }
  });

  it('equals the naive warp for random vectors and is linear in the features', () => {
    const random = randomFrom(3);
    const field = fieldOf(16, 24, 4, () => [
      Math.round(random() * 80 - 40) / 4,
      Math.round(random() * 80 - 40) / 4,
    ]);
    const a = randomFeatures(3 * 16 * 24, 7);
    const b = randomFeatures(a.length, 8);
    const expected = naiveWarp(a, 3, field);
    const warpedA = warpFeatures(a, 3, field);
    const warpedB = warpFeatures(b, 3, field);
    const warpedSum = warpFeatures(
      a.map((v, i) => 2 * v - b[i]),
      3,
      field,
    );
    warpedA.forEach((v, i) => {
      expect(Math.abs(v - expected[i])).toBeLessThan(1e-6);
      expect(Math.abs(warpedSum[i] - (2 * v - warpedB[i]))).toBeLessThan(1e-5);
    });
    expect(Math.max(...warpedA)).toBeLessThanOrEqual(Math.max(...a));
    expect(Math.min(...warpedA)).toBeGreaterThanOrEqual(Math.min(...a));
  });

  it('writes into the array it is given and refuses wrong sizes', () => {
    const field = fieldOf(2, 3, 8, () => [0, 0]);
    const out = new Float32Array(12);
    expect(warpFeatures(randomFeatures(12, 1), 2, field, out)).toBe(out);
    expect(() => warpFeatures(randomFeatures(11, 1), 2, field)).toThrow(RangeError);
    expect(() => warpFeatures(randomFeatures(12, 1), 2, field, new Float32Array(6))).toThrow(/12/);
  });
});

describe('accumulateMotion', () => {
  it('adds equal translations', () => {
    const step = fieldOf(4, 6, 8, () => [3, -1]);
    const twice = accumulateMotion(accumulateMotion(undefined, step), step);
    expect([...twice.dx]).toEqual(new Array(24).fill(6));
    expect([...twice.dy]).toEqual(new Array(24).fill(-2));
    expect([...twice.coverage]).toEqual(new Array(24).fill(1));
  });

  it('follows content through the frames and loses it at holes', () => {
    // Content in column 0 first moved down 2 px, then right by one cell.
    const first = fieldOf(1, 3, 4, (_, column) => (column === 0 ? [0, 2] : [0, 0]));
    const second = fieldOf(1, 3, 4, () => [4, 0]);
    first.coverage[1] = 0;
    const both = accumulateMotion(first, second);
    expect([...both.dx]).toEqual([4, 4, 4]);
    expect([...both.dy]).toEqual([2, 2, 0]);
    expect([...both.coverage]).toEqual([1, 1, 0]);
  });
});
