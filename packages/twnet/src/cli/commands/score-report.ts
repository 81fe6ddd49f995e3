/** What `twnet score` reports, as it stands in its JSON. */
import type { Category, ClassTable } from '@twnet/core/classes';
import {
  bootstrapDifference,
  bootstrapInterval,
  bootstrapIntervals,
  type Interval,
} from '@twnet/core/metrics/bootstrap';
import type { ConfusionMatrix } from '@twnet/core/metrics/confusion';
import {
  categoryIou,
  classIou,
  meanAccuracy,
  meanIou,
  meanOfKnown,
  pixelAccuracy,
  truePixels,
} from '@twnet/core/metrics/metrics';
import { type LabelScores, sumMatrices } from '@twnet/node/score/score-labels';
import { finiteOrNull } from '../print-report.js';

const RESAMPLING = { level: 0.95, resamples: 2000 } as const;

/** null where nothing was scored, as JSON has no NaN. */
export type Share = number | null;
/** Lower and upper end. */
export type Ends = readonly [lower: Share, upper: Share];

/** A figure, with its interval where that was asked for. */
export interface NamedShare {
  readonly name: string;
  readonly iou: Share;
  readonly interval?: Ends;
}

export interface ScoreReport {
  readonly pictures: number;
  /** How the files of the two folders were paired. */
  readonly pairedBy: 'name' | 'order';
  readonly meanIou: Share;
  readonly meanCategoryIou?: Share;
  readonly pixelAccuracy: Share;
  readonly meanAccuracy: Share;
  readonly classes: readonly (NamedShare & { readonly pixels: number })[];
  readonly categories?: readonly NamedShare[];
  readonly boundary?: { readonly distance: number; readonly meanIou: Share; readonly interval?: Ends };
  readonly videoConsistency?: { readonly vc8: Share; readonly vc16: Share };
  readonly confidence?: {
    readonly level: number;
    readonly resamples: number;
    /** Sequences, or stretches of `block` pictures, that were drawn. */
    readonly sequences: number;
    readonly block?: number;
    readonly meanIou: Ends;
    readonly meanCategoryIou?: Ends;
    readonly pixelAccuracy: Ends;
    readonly meanAccuracy: Ends;
  };
  /** Other predictions of the same pictures; `difference` is how much these exceed them. */
  readonly against?: { readonly meanIou: Share; readonly difference: Share; readonly interval?: Ends };
}

export interface ScoreReportOptions {
  readonly pairedBy: 'name' | 'order';
  readonly boundary?: number;
  readonly block?: number;
  readonly confidence: boolean;
  readonly against?: LabelScores;
}

export function makeScoreReport(
  { sequences, videoConsistency }: LabelScores,
  { classes, categories }: ClassTable,
  { pairedBy, boundary, block, confidence, against }: ScoreReportOptions,
): ScoreReport {
  const matrices = sequences.map(({ matrix }) => matrix);
  const bands = sequences.flatMap((sequence) => sequence.boundary ?? []);
  const matrix = sumMatrices(matrices);
  const figures = figuresOf(categories);
  const [mean, categoryMean, accuracy, accuracyMean, ...iou] = figures(matrix).map(finiteOrNull);
  const ends = confidence ? bootstrapIntervals(matrices, figures, RESAMPLING).map(endsOf) : undefined;
  const [, , , , ...iouEnds] = ends ?? [];
  const named = (name: string, index: number): NamedShare => ({
    name,
    iou: iou[index],
    interval: iouEnds[index],
  });
  return {
    pictures: sequences.reduce((sum, { pictures }) => sum + pictures, 0),
    pairedBy,
    meanIou: mean,
    meanCategoryIou: categories && categoryMean,
    pixelAccuracy: accuracy,
    meanAccuracy: accuracyMean,
    classes: classes.map((name, index) => ({ ...named(name, index), pixels: truePixels(matrix, index) })),
    categories: categories?.map(({ name }, index) => named(name, classes.length + index)),
    boundary: boundary === undefined ? undefined : boundaryOf(bands, boundary, confidence),
    videoConsistency: videoConsistency && {
      vc8: finiteOrNull(videoConsistency.vc8),
      vc16: finiteOrNull(videoConsistency.vc16),
    },
    confidence: ends && {
      level: RESAMPLING.level,
      resamples: RESAMPLING.resamples,
      sequences: sequences.length,
      block,
      meanIou: ends[0],
      meanCategoryIou: categories && ends[1],
      pixelAccuracy: ends[2],
      meanAccuracy: ends[3],
    },
    against: against && compare(matrices, against, confidence),
  };
}

/** All figures of a matrix, in one list, so that one resampling serves them: means first, then each IoU. */
function figuresOf(categories: readonly Category[] = []): (matrix: ConfusionMatrix) => number[] {
  return (matrix) => {
    const byCategory = categoryIou(matrix, categories);
    const byClass = classIou(matrix);
    return [
      meanOfKnown(byClass),
      meanOfKnown(byCategory),
      pixelAccuracy(matrix),
      meanAccuracy(matrix),
      ...byClass,
      ...byCategory,
    ];
  };
}

function boundaryOf(
  bands: readonly ConfusionMatrix[],
  distance: number,
  confidence: boolean,
): ScoreReport['boundary'] {
  return {
    distance,
    meanIou: finiteOrNull(meanIou(sumMatrices(bands))),
    interval: confidence ? endsOf(bootstrapInterval(bands, meanIou, RESAMPLING)) : undefined,
  };
}

function compare(
  matrices: readonly ConfusionMatrix[],
  against: LabelScores,
  confidence: boolean,
): ScoreReport['against'] {
  const others = against.sequences.map(({ matrix }) => matrix);
  const other = meanIou(sumMatrices(others));
  return {
    meanIou: finiteOrNull(other),
    difference: finiteOrNull(meanIou(sumMatrices(matrices)) - other),
    interval: confidence ? endsOf(bootstrapDifference(others, matrices, meanIou, RESAMPLING)) : undefined,
  };
}

function endsOf({ lower, upper }: Interval): Ends {
  return [finiteOrNull(lower), finiteOrNull(upper)];
}
