/** A classifier of other classes, for a network to start from. */
import { CAMVID, CITYSCAPES } from '@twnet/core/classes';
import type { Weights, WeightTensor } from '@twnet/core/network/safetensors';

/** Cityscapes' classes by the CamVid class (SegNet's 11) that holds them. */
const CAMVID_OF_CITYSCAPES: Readonly<Record<string, readonly string[]>> = {
  sky: ['sky'],
  building: ['building', 'wall'],
  pole: ['pole'],
  road: ['road'],
  pavement: ['sidewalk'],
  tree: ['vegetation', 'terrain'],
  sign: ['traffic light', 'traffic sign'],
  fence: ['fence'],
  car: ['car', 'truck', 'bus', 'train'],
  pedestrian: ['person'],
  bicyclist: ['rider', 'motorcycle', 'bicycle'],
};

/**
 * For each class of `from` its class in `to`: itself where both have it by name, Cityscapes' classes in CamVid's; −1
 * where there is none.
 */
export function mergedClasses(from: readonly string[], to: readonly string[]): number[] {
  const isKnown = from.join() === CITYSCAPES.classes.join() && to.join() === CAMVID.classes.join();
  return from.map((name) =>
    isKnown ? to.findIndex((one) => CAMVID_OF_CITYSCAPES[one].includes(name)) : to.indexOf(name),
  );
}

/**
 * Gives `weights` a classifier for the classes `to`: each row the mean of its classes' rows in `from`; rows without any
 * stay as they are.
 */
export function mergeClassifier(
  weights: Weights,
  from: { readonly weights: Weights; readonly classes: readonly string[] },
  to: readonly string[],
): void {
  const merged = mergedClasses(from.classes, to);
  for (const name of ['classifier.weight', 'classifier.bias']) {
    const [target, source] = [weights.get(name), from.weights.get(name)];
    if (target && source) weights.set(name, meanRows(source, target, merged));
  }
}

function meanRows(source: WeightTensor, target: WeightTensor, merged: readonly number[]): WeightTensor {
  const data = target.data.slice();
  const size = data.length / target.shape[0];
  for (let row = 0; row < target.shape[0]; row++) {
    const rows = merged.flatMap((to, from) => (to === row ? [from] : []));
    if (rows.length === 0) continue;
    for (let i = 0; i < size; i++)
      data[row * size + i] = rows.reduce((sum, from) => sum + source.data[from * size + i], 0) / rows.length;
  }
  return { shape: target.shape, data };
}
