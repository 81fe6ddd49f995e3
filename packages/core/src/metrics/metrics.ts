/**
 * Figures from a confusion matrix. IoU and its means are those of cityscapesScripts'
 * evalPixelLevelSemanticLabeling: pixels whose true label is ignored count nowhere, not even as false positives;
 * a prediction of an ignored label is a false negative of the true class and of its category; what occurs in
 * neither truth nor prediction is NaN and left out of the mean.
 */
import type { Category } from '../classes.js';
import type { ConfusionMatrix } from './confusion.js';

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
  const { classes, counts } = matrix;
  const trueCount = new Float64Array(classes);
  const predictedCount = new Float64Array(classes + 1);
  for (let truth = 0, i = 0; truth < classes; truth++) {
    for (let prediction = 0; prediction <= classes; prediction++, i++) {
      trueCount[truth] += counts[i];
      predictedCount[prediction] += counts[i];
    }
  }
  return Array.from({ length: classes }, (_, index) => {
    const truePositives = matrix.at(index, index);
    return truePositives / (trueCount[index] + predictedCount[index] - truePositives);
  });
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

/** Mean IoU over the categories that occur. */
export function meanCategoryIou(matrix: ConfusionMatrix, categories: readonly Category[]): number {
  return meanOfKnown(categoryIou(matrix, categories));
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

/** Share of the pixels that are not ignored that are labelled rightly; NaN without pixels. */
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
