/** Confidence intervals by resampling sequences: frames of one sequence are too alike to be drawn one by one. */
import { type Random, seededRandom } from '../random.js';
import { ConfusionMatrix } from './confusion.js';

/** A figure of a confusion matrix, such as mIoU. */
export type Figure = (matrix: ConfusionMatrix) => number;

export interface Resampling {
  /** How often as many sequences as there are are drawn, with replacement; default 2000. */
  readonly resamples?: number;
  /** Share of the resamples that the interval holds; default 0.95. */
  readonly level?: number;
  readonly seed?: number;
}

export interface Interval {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Percentile interval (Efron 1979) of a figure of a data set, from one confusion matrix a sequence. Each resample's
 * matrices are summed and the figure is taken of the sum, as it is of the whole set; in a resample without some
 * class, mIoU is the mean over the others. NaN where a figure is a number in no resample.
 *
 * @throws RangeError for fewer than two sequences
 */
export function bootstrapInterval(
  sequences: readonly ConfusionMatrix[],
  figure: Figure,
  resampling: Resampling = {},
): Interval {
  return bootstrapIntervals(sequences, (sum) => [figure(sum)], resampling)[0];
}

/** The same of several figures, in the order that `figures` gives them. */
export function bootstrapIntervals(
  sequences: readonly ConfusionMatrix[],
  figures: (matrix: ConfusionMatrix) => readonly number[],
  resampling: Resampling = {},
): Interval[] {
  return bootstrapStatistics([sequences], ([sum]) => figures(sum), resampling);
}

/**
 * The same for how much a figure of `second` exceeds that of `first`, on the same sequences in the same order. Each
 * resample draws the same sequences of both, so that what is hard for both does not widen the interval.
 */
export function bootstrapDifference(
  first: readonly ConfusionMatrix[],
  second: readonly ConfusionMatrix[],
  figure: Figure,
  resampling: Resampling = {},
): Interval {
  return bootstrapStatistics([first, second], ([a, b]) => [figure(b) - figure(a)], resampling)[0];
}

/**
 * The same for any statistics of several models' scores on the same sequences: each resample draws the same ones of all.
 *
 * @param models one confusion matrix a sequence each, in the same order
 * @param statistics of the models' sums, in their order
 */
export function bootstrapStatistics(
  models: readonly (readonly ConfusionMatrix[])[],
  statistics: (sums: readonly ConfusionMatrix[]) => readonly number[],
  { resamples = 2000, level = 0.95, seed = 0 }: Resampling = {},
): Interval[] {
  const count = models[0].length;
  if (count < 2) throw new RangeError(`${count} sequences cannot be resampled`);
  if (models.some((sequences) => sequences.length !== count)) {
    throw new RangeError(`models scored on ${models.map(({ length }) => length).join(' and ')} sequences`);
  }
  const random = seededRandom(seed);
  const sums = models.map(([{ classes }]) => new ConfusionMatrix(classes));
  const values: number[][] = [];
  for (let i = 0; i < resamples; i++) {
    const times = drawTimes(count, random);
    for (const [model, sequences] of models.entries()) {
      sums[model].counts.fill(0);
      for (let s = 0; s < count; s++) if (times[s] > 0) sums[model].merge(sequences[s], times[s]);
    }
    for (const [index, value] of statistics(sums).entries()) {
      values[index] ??= [];
      if (!Number.isNaN(value)) values[index].push(value);
    }
  }
  return values.map((each) => {
    each.sort((a, b) => a - b);
    return { lower: quantile(each, (1 - level) / 2), upper: quantile(each, (1 + level) / 2) };
  });
}

/** How often each of `count` sequences comes in as many draws. */
function drawTimes(count: number, random: Random): Uint32Array {
  const times = new Uint32Array(count);
  for (let i = 0; i < count; i++) times[Math.floor(random() * count)]++;
  return times;
}

/** Of sorted values, between neighbours by proportion. */
function quantile(sorted: readonly number[], share: number): number {
  if (sorted.length === 0) return Number.NaN;
  const position = share * (sorted.length - 1);
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
}
