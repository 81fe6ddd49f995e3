/** Figures from a confusion matrix, each as cityscapesScripts' evalPixelLevelSemanticLabeling defines it. */
import type { ConfusionMatrix } from './confusion.js';

/** A group of classes that is scored as one. */
export interface Category {
  readonly name: string;
  readonly classes: readonly number[];
}

/** Cityscapes' seven categories, in train ids. */
export const CITYSCAPES_CATEGORIES: readonly Category[] = [
  { name: 'flat', classes: [0, 1] },
  { name: 'construction', classes: [2, 3, 4] },
  { name: 'object', classes: [5, 6, 7] },
  { name: 'nature', classes: [8, 9] },
  { name: 'sky', classes: [10] },
  { name: 'human', classes: [11, 12] },
  { name: 'vehicle', classes: [13, 14, 15, 16, 17, 18] },
];

/** The paper's object and human categories in CamVid's classes: pole and sign, pedestrian and bicyclist. */
export const CAMVID_CATEGORIES: readonly Category[] = [
  { name: 'object', classes: [2, 6] },
  { name: 'human', classes: [9, 10] },
];

/**
 * Intersection over union of a group of classes taken as one, TP / (TP + FP + FN). FN includes predictions
 * that are no class. NaN when the group occurs in neither truth nor prediction.
 */
export function groupIou(matrix: ConfusionMatrix, group: readonly number[]): number {
  const inGroup = new Set(group);
  let truePositives = 0;
  let falsePositives = 0;
  let falseNegatives = 0;
  for (let truth = 0; truth < matrix.classes; truth++) {
    for (let prediction = 0; prediction <= matrix.classes; prediction++) {
      const count = matrix.at(truth, prediction);
      if (inGroup.has(truth) && inGroup.has(prediction)) truePositives += count;
      else if (inGroup.has(truth)) falseNegatives += count;
      else if (inGroup.has(prediction)) falsePositives += count;
    }
  }
  return truePositives / (truePositives + falsePositives + falseNegatives);
}

/** IoU of each class; NaN for classes that occur in neither truth nor prediction. */
export function classIou(matrix: ConfusionMatrix): number[] {
  return Array.from({ length: matrix.classes }, (_, index) => groupIou(matrix, [index]));
}

/** IoU of each category, in order. */
export function categoryIou(matrix: ConfusionMatrix, categories: readonly Category[]): number[] {
  return categories.map(({ classes }) => groupIou(matrix, classes));
}

/** Mean of the numbers that are not NaN; NaN when there are none. */
export function meanOfKnown(values: readonly number[]): number {
  const known = values.filter((value) => !Number.isNaN(value));
  return known.reduce((sum, value) => sum + value, 0) / known.length;
}

/** Mean IoU over the classes that occur. */
export function meanIou(matrix: ConfusionMatrix): number {
  return meanOfKnown(classIou(matrix));
}

/** Share of each class's true pixels that were found (recall); NaN for classes without true pixels. */
export function classAccuracy(matrix: ConfusionMatrix): number[] {
  return Array.from(
    { length: matrix.classes },
    (_, index) => matrix.at(index, index) / truePixels(matrix, index),
  );
}

/** Mean of {@link classAccuracy} over the classes that have true pixels. */
export function meanAccuracy(matrix: ConfusionMatrix): number {
  return meanOfKnown(classAccuracy(matrix));
}

/** Share of all pixels that are labelled rightly; NaN without pixels. */
export function pixelAccuracy(matrix: ConfusionMatrix): number {
  let right = 0;
  let all = 0;
  for (let index = 0; index < matrix.classes; index++) {
    right += matrix.at(index, index);
    all += truePixels(matrix, index);
  }
  return right / all;
}

/** Pixels whose true label is class `index`. */
export function truePixels(matrix: ConfusionMatrix, index: number): number {
  let sum = 0;
  for (let prediction = 0; prediction <= matrix.classes; prediction++) sum += matrix.at(index, prediction);
  return sum;
}
