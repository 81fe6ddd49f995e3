import { CAMVID, CITYSCAPES } from '@twnet/core/classes';
import { describe, expect, it } from 'vitest';
import { mergeClassifier, mergedClasses } from './merged-classes.js';

const tensor = (rows: number, of: (row: number) => number) => ({
  shape: [rows, 2, 1, 1],
  data: Float32Array.from({ length: 2 * rows }, (_, i) => of(Math.floor(i / 2)) + (i % 2) / 2),
});

describe('classifiers of other classes', () => {
  it("finds each of Cityscapes' classes in CamVid's", () => {
    const merged = mergedClasses(CITYSCAPES.classes, CAMVID.classes);
    const into = (name: string) => CAMVID.classes[merged[CITYSCAPES.classes.indexOf(name)]];
    expect(merged).not.toContain(-1);
    expect(['wall', 'terrain', 'rider', 'train', 'person'].map(into)).toEqual([
      ...['building', 'tree', 'bicyclist', 'car', 'pedestrian'],
    ]);
  });

  it('goes by name elsewhere', () => {
    expect(mergedClasses(['a', 'b', 'c'], ['c', 'x', 'a'])).toEqual([2, -1, 0]);
  });

  it('takes the mean of the rows, and leaves rows that have none', () => {
    const from = {
      weights: new Map([['classifier.weight', tensor(3, (row) => row)]]),
      classes: ['a', 'b', 'b'],
    };
    const weights = new Map([['classifier.weight', tensor(2, () => 9)]]);
    mergeClassifier(weights, from, ['x', 'b']);
    expect([...weights.get('classifier.weight')!.data]).toEqual([9, 9.5, 1.5, 2]);
  });
});
