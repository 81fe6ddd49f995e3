/** IoU and accuracy against cityscapesScripts' formulas in numpy, over 1,000 random pairs of label maps. */
import { readFileSync } from 'node:fs';
import { CAMVID, CITYSCAPES, type ClassTable } from '@twnet/core/classes';
import { ConfusionMatrix } from '@twnet/core/metrics/confusion';
import {
  categoryIou,
  classIou,
  meanAccuracy,
  meanCategoryIou,
  meanIou,
  pixelAccuracy,
} from '@twnet/core/metrics/metrics';
import { SEGNET_CODING } from '@twnet/train/data/camvid';
import { CITYSCAPES_CODING } from '@twnet/train/data/sets/cityscapes';
import { describe, expect, it } from 'vitest';
import { uniform } from './generated.js';

interface Fixture {
  readonly pixels: number;
  readonly inFull: readonly Record<'classIou' | 'categoryIou', (number | null)[]>[];
  /** Mean, weighted sum and absentees of classes, the same of categories, pixel and mean accuracy. */
  readonly cases: readonly (readonly (number | null)[])[];
}

const file = new URL('../fixtures/score-cityscapes-scripts.json', import.meta.url);
const fixture = JSON.parse(readFileSync(file, 'utf8')) as Fixture;

/** The recipe of tools/reference/make_score_golden.py: label ids of the data set as its files store them. */
function draw(index: number, labels: number): { truth: Uint8Array; prediction: Uint8Array } {
  const numbers = (what: string, count: number) => uniform(`score.${index}.${what}`, count);
  const pixels = (what: string): Uint8Array => {
    const has = numbers(`${what}-has`, labels);
    const ids = Array.from(has.keys()).filter((id) => has[id] < 0.5);
    if (ids.length === 0) ids.push(labels - 1);
    return Uint8Array.from(numbers(what, fixture.pixels), (u) => ids[Math.floor(u * ids.length)]);
  };
  const truth = pixels('truth');
  const other = pixels('prediction');
  const right = numbers('right', fixture.pixels);
  return { truth, prediction: other.map((label, i) => (right[i] < 0.6 ? truth[i] : label)) };
}

function scoreOf(index: number): { table: ClassTable; matrix: ConfusionMatrix } {
  const [table, coding, labels] =
    index % 4 === 3
      ? ([CAMVID, SEGNET_CODING, CAMVID.classes.length + 1] as const)
      : ([CITYSCAPES, CITYSCAPES_CODING, 34] as const);
  const { truth, prediction } = draw(index, labels);
  const toTrainIds = (ids: Uint8Array) => ids.map((id) => coding.trainIds[id]);
  const matrix = new ConfusionMatrix(table.classes.length);
  matrix.add(toTrainIds(prediction), toTrainIds(truth));
  return { table, matrix };
}

/** As the script's: the sum of value × position from 1, and a bit for each that is not a number. */
function weighted(values: readonly number[]): [number, number] {
  return values.reduce<[number, number]>(
    ([sum, absent], value, k) =>
      Number.isNaN(value) ? [sum, absent + 2 ** k] : [sum + (k + 1) * value, absent],
    [0, 0],
  );
}

const orNull = (value: number) => (Number.isNaN(value) ? null : value);

/** Largest difference; infinite where one is a number and the other is not. */
function difference(ours: readonly (number | null)[], theirs: readonly (number | null)[]): number {
  expect(ours).toHaveLength(theirs.length);
  return Math.max(
    ...ours.map((value, i) => {
      const other = theirs[i];
      if (value === null || other === null) return value === other ? 0 : Number.POSITIVE_INFINITY;
      return Math.abs(value - other);
    }),
  );
}

describe('figures against cityscapesScripts’ formulas', () => {
  it('agree to 1e-12 on 1,000 random cases with ignored and absent classes', () => {
    expect(fixture.cases).toHaveLength(1000);
    const withAbsentees = fixture.cases.filter((row) => Number(row[2]) > 0 && Number(row[5]) > 0);
    expect(withAbsentees.length).toBeGreaterThan(200);
    let largest = 0;
    for (const [index, expected] of fixture.cases.entries()) {
      const { table, matrix } = scoreOf(index);
      const categories = table.categories!;
      const row = [
        orNull(meanIou(matrix)),
        ...weighted(classIou(matrix)),
        orNull(meanCategoryIou(matrix, categories)),
        ...weighted(categoryIou(matrix, categories)),
        orNull(pixelAccuracy(matrix)),
        orNull(meanAccuracy(matrix)),
      ];
      largest = Math.max(largest, difference(row, expected));
    }
    expect(largest).toBeLessThan(1e-12);
  });

  it('agree class by class and category by category', () => {
    for (const [index, expected] of fixture.inFull.entries()) {
      const { table, matrix } = scoreOf(index);
      expect(difference(classIou(matrix).map(orNull), expected.classIou)).toBeLessThan(1e-12);
      const ours = categoryIou(matrix, table.categories!).map(orNull);
      expect(difference(ours, expected.categoryIou)).toBeLessThan(1e-12);
    }
  });
});
