import { describe, expect, it } from 'vitest';
import { CAMVID, CITYSCAPES, CITYSCAPES_CATEGORIES, categoriesOf } from '../classes.js';
import { ConfusionMatrix } from './confusion.js';
import {
  categoryIou,
  classAccuracy,
  classIou,
  groupIou,
  meanAccuracy,
  meanCategoryIou,
  meanIou,
  pixelAccuracy,
} from './metrics.js';

function matrixOf(classes: number, prediction: readonly number[], truth: readonly number[]): ConfusionMatrix {
  const matrix = new ConfusionMatrix(classes);
  matrix.add(Uint8Array.from(prediction), Uint8Array.from(truth));
  return matrix;
}

describe('cityscapesScripts’ rules', () => {
  it('count ignored truth nowhere, not even as false positives', () => {
    // Two pixels of class 0, one found; class 0 is also predicted where nothing is scored.
    const matrix = matrixOf(2, [0, 1, 0, 0], [0, 0, 255, 255]);
    expect(classIou(matrix)).toEqual([1 / 2, 0]);
    expect(pixelAccuracy(matrix)).toBe(1 / 2);
  });

  it('count predictions of ignored and of unknown labels as misses, and as false positives of none', () => {
    const matrix = matrixOf(3, [0, 255, 7, 1], [0, 0, 0, 1]);
    expect(classIou(matrix)).toEqual([1 / 3, 1, Number.NaN]);
    expect(meanIou(matrix)).toBe(2 / 3);
    expect(pixelAccuracy(matrix)).toBe(1 / 2);
    // A category that holds class 0 misses them too: nothing says they stayed inside it.
    expect(groupIou(matrix, [0, 2])).toBe(1 / 3);
  });

  it('leave absent classes out of the mean, but not those that are only predicted', () => {
    const matrix = matrixOf(4, [0, 0, 2], [0, 0, 0]);
    expect(classIou(matrix)).toEqual([2 / 3, Number.NaN, 0, Number.NaN]);
    expect(meanIou(matrix)).toBe(1 / 3);
    expect(classAccuracy(matrix)).toEqual([2 / 3, Number.NaN, Number.NaN, Number.NaN]);
    expect(meanAccuracy(matrix)).toBe(2 / 3);
  });

  it('give no number where nothing is scored', () => {
    const matrix = matrixOf(19, [0, 18], [255, 255]);
    for (const figure of [meanIou, meanAccuracy, pixelAccuracy]) expect(figure(matrix)).toBeNaN();
    expect(meanCategoryIou(matrix, CITYSCAPES_CATEGORIES)).toBeNaN();
  });
});

describe('categories', () => {
  it('take confusion inside a category as right', () => {
    // A car taken for a truck, a road for a pavement, a person for a pole.
    const matrix = matrixOf(19, [14, 1, 5], [13, 0, 11]);
    const [flat, , object, , , human, vehicle] = categoryIou(matrix, CITYSCAPES_CATEGORIES);
    expect([flat, object, human, vehicle]).toEqual([1, 0, 0, 1]);
    expect(meanCategoryIou(matrix, CITYSCAPES_CATEGORIES)).toBe(1 / 2);
  });

  it.each([CAMVID, CITYSCAPES])('hold every class of $name once', ({ classes, categories = [] }) => {
    const members = categories.flatMap((category) => category.classes);
    expect(members.toSorted((a, b) => a - b)).toEqual(classes.map((_, index) => index));
    expect(categories.map(({ name }) => name)).toEqual(CITYSCAPES_CATEGORIES.map(({ name }) => name));
    expect(categoriesOf(classes)).toBe(categories);
  });

  it('are none for classes of one’s own', () => {
    expect(categoriesOf(['cat', 'dog'])).toEqual([]);
  });
});
