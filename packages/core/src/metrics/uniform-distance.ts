import { seededRandom } from '../random.js';
import { ConfusionMatrix } from './confusion.js';
import type { PictureScores } from './distance.js';
import { meanIou } from './metrics.js';

/** mIoU where each picture's key frame is drawn uniformly among the distances. */
export interface UniformDistance {
  /** Pictures that were scored at every distance; the others are left out. */
  readonly pictures: number;
  /** Over all outcomes of the draw: every picture at every distance, in one confusion matrix. */
  readonly expected: number;
  /** Of one draw: each picture at one distance, as the paper scores. */
  readonly drawn: number;
  /** Of mIoU between draws: what the paper's way adds by chance. */
  readonly standardDeviation: number;
}

export interface UniformDraw {
  /** Draws from 0 to distances − 1. */
  readonly distances: number;
  /** Of the one draw, and of those that the deviation is taken over; default 0. */
  readonly seed?: number;
  /** Draws for the standard deviation; default 100. */
  readonly draws?: number;
}

/**
 * The paper's evaluation (Sec. 5.1): the 20th frame of each clip is scored with a key frame drawn uniformly from
 * the 9th to the 20th, so at a distance drawn from 0 to 11. It needs pictures scored at every distance, so
 * streams from every start ({@link DistanceCurve.pictures}).
 *
 * @returns undefined where no picture was scored at every distance
 */
export function uniformDistance(
  pictures: readonly PictureScores[],
  { distances, seed = 0, draws = 100 }: UniformDraw,
): UniformDistance | undefined {
  const complete = pictures.filter((scores) => {
    for (let distance = 0; distance < distances; distance++) if (!scores[distance]) return false;
    return true;
  }) as readonly (readonly ConfusionMatrix[])[];
  if (complete.length === 0) return undefined;
  const sum = new ConfusionMatrix(complete[0][0].classes);
  for (const scores of complete) for (const matrix of scores.slice(0, distances)) sum.merge(matrix);
  const expected = meanIou(sum);
  const values = Array.from({ length: draws }, (_, index) => {
    const random = seededRandom(seed, index);
    sum.counts.fill(0);
    for (const scores of complete) sum.merge(scores[Math.floor(random() * distances)]);
    return meanIou(sum);
  });
  return {
    pictures: complete.length,
    expected,
    drawn: values[0],
    standardDeviation: standardDeviation(values),
  };
}

function standardDeviation(values: readonly number[]): number {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
