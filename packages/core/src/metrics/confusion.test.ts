import { describe, expect, it } from 'vitest';
import { CITYSCAPES_CATEGORIES } from '../classes.js';
import { ConfusionMatrix } from './confusion.js';
import { categoryIou, classAccuracy, classIou, meanAccuracy, meanIou, pixelAccuracy } from './metrics.js';

/** Labels 0..limit−1, a share of them replaced by 255 and by ids past the table. */
function randomLabels(count: number, limit: number, seed: number, odd: readonly number[]): Uint8Array {
  let state = seed;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  return Uint8Array.from({ length: count }, () =>
    odd.length > 0 && next() < 0.1 ? odd[Math.floor(next() * odd.length)] : Math.floor(next() * limit),
  );
}

/** IoU from the definition, by sets of pixels, without a confusion matrix. */
function iouBySets(prediction: Uint8Array, truth: Uint8Array, group: readonly number[]): number {
  let intersection = 0;
  let union = 0;
  for (let i = 0; i < truth.length; i++) {
    if (truth[i] === 255) continue;
    const predicted = group.includes(prediction[i]);
    const expected = group.includes(truth[i]);
    if (predicted && expected) intersection++;
    if (predicted || expected) union++;
  }
  return intersection / union;
}

describe('ConfusionMatrix', () => {
  it('counts a worked example', () => {
    const matrix = new ConfusionMatrix(3);
    //                  right  wrong  ignored  no class  ignored prediction
    matrix.add(Uint8Array.of(0, 1, 2, 7, 255), Uint8Array.of(0, 0, 255, 1, 1));
    expect([...matrix.counts]).toEqual([1, 1, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0]);
    expect(matrix.at(1, 3)).toBe(2);
    // Class 0: TP 1, FN 1. Class 1: FP 1, FN 2. Class 2 was predicted only where truth is ignored: it does not occur.
    expect(classIou(matrix)).toEqual([1 / 2, 0, Number.NaN]);
    expect(meanIou(matrix)).toBe(1 / 4);
    expect(pixelAccuracy(matrix)).toBe(1 / 4);
    expect(classAccuracy(matrix)).toEqual([1 / 2, 0, Number.NaN]);
    expect(meanAccuracy(matrix)).toBe(1 / 4);
  });

  it('counts a class that only predictions hold as IoU 0', () => {
    const matrix = new ConfusionMatrix(2);
    matrix.add(Uint8Array.of(0, 1), Uint8Array.of(0, 0));
    expect(classIou(matrix)).toEqual([1 / 2, 0]);
    expect(classAccuracy(matrix)).toEqual([1 / 2, Number.NaN]);
  });

  it.each([2, 11, 19])('agrees with the definition by sets on random maps of %i classes', (classes) => {
    const prediction = randomLabels(5000, classes, 1, [255, classes, 200]);
    const truth = randomLabels(5000, classes, 2, [255]);
    const matrix = new ConfusionMatrix(classes);
    matrix.add(prediction.subarray(0, 1234), truth.subarray(0, 1234));
    matrix.add(prediction.subarray(1234), truth.subarray(1234));
    const expected = Array.from({ length: classes }, (_, index) => iouBySets(prediction, truth, [index]));
    expect(classIou(matrix)).toEqual(expected);
    expect(meanIou(matrix)).toBeCloseTo(expected.reduce((a, b) => a + b) / classes, 12);
    if (classes === 19) {
      expect(categoryIou(matrix, CITYSCAPES_CATEGORIES)).toEqual(
        CITYSCAPES_CATEGORIES.map((category) => iouBySets(prediction, truth, category.classes)),
      );
    }
  });

  it('is the same over pictures one by one, together, and merged', () => {
    const prediction = randomLabels(900, 11, 3, [255]);
    const truth = randomLabels(900, 11, 4, [255]);
    const whole = new ConfusionMatrix(11);
    whole.add(prediction, truth);
    const merged = new ConfusionMatrix(11);
    for (let i = 0; i < 900; i += 300) {
      const part = new ConfusionMatrix(11);
      part.add(prediction.subarray(i, i + 300), truth.subarray(i, i + 300));
      merged.merge(part);
    }
    expect(merged.counts).toEqual(whole.counts);
  });

  it('counts on past 2³² pixels', () => {
    const matrix = new ConfusionMatrix(2);
    matrix.add(Uint8Array.of(1), Uint8Array.of(1));
    for (let i = 0; i < 33; i++) matrix.merge(matrix);
    expect(matrix.at(1, 1)).toBe(2 ** 33);
  });

  it('refuses impossible true labels and unequal lengths, and counts nothing of them', () => {
    const matrix = new ConfusionMatrix(3);
    expect(() => matrix.add(Uint8Array.of(0, 0), Uint8Array.of(0, 3))).toThrow(RangeError);
    expect(() => matrix.add(Uint8Array.of(0), Uint8Array.of(0, 1))).toThrow(RangeError);
    expect(matrix.counts.every((count) => count === 0)).toBe(true);
    expect(meanIou(matrix)).toBeNaN();
  });
});
