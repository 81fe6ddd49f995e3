/** A figure with its interval. */
import { bootstrapStatistics, type Interval } from '@twnet/core/metrics/bootstrap';
import type { ConfusionMatrix } from '@twnet/core/metrics/confusion';
import { type Stretches, summed } from './clip-scores.js';

/** With its 95 % interval. */
export interface Estimate extends Interval {
  readonly value: number;
}

/** A figure of all stretches, and its percentile interval; no interval of a clip of one stretch. */
export function estimate(
  models: readonly Stretches[],
  figure: (sums: readonly ConfusionMatrix[]) => number,
): Estimate {
  const value = figure(models.map(summed));
  if (models[0].length < 2) return { value, lower: Number.NaN, upper: Number.NaN };
  const [interval] = bootstrapStatistics(models, (sums) => [figure(sums)]);
  return { value, ...interval };
}
