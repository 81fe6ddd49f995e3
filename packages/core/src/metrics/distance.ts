import { ConfusionMatrix } from './confusion.js';
import { meanIou, meanOfKnown } from './metrics.js';

/** One point of the curve of mIoU over the distance from the key frame. */
export interface DistancePoint {
  /** Frames since the last key frame; 0 is the key frame itself. */
  readonly distance: number;
  /** How many pictures were scored at this distance. */
  readonly frames: number;
  readonly meanIou: number;
}

/** The confusion matrices of one labelled picture, by the distance it was scored at. */
export type PictureScores = readonly (ConfusionMatrix | undefined)[];

/**
 * Scores frames by their distance from the last key frame (the paper's Fig. 6): one confusion matrix a
 * distance, so that the error that non-key frames accumulate shows.
 */
export class DistanceCurve {
  readonly classes: number;
  readonly #matrices: (ConfusionMatrix | undefined)[] = [];
  readonly #frames: number[] = [];
  readonly #pictures = new Map<number, (ConfusionMatrix | undefined)[]>();

  constructor(classes: number) {
    this.classes = classes;
  }

  /**
   * Adds one frame at `distance` (0, 1, 2, …); labels as {@link ConfusionMatrix.add} takes them.
   *
   * @param picture which labelled picture it is, where one is scored at several distances: see {@link pictures}
   */
  add(distance: number, prediction: Uint8Array, truth: Uint8Array, picture?: number): void {
    if (!Number.isInteger(distance) || distance < 0) throw new RangeError(`distance ${distance}`);
    this.#matrices[distance] ??= new ConfusionMatrix(this.classes);
    this.#frames[distance] = (this.#frames[distance] ?? 0) + 1;
    if (picture === undefined) {
      this.#matrices[distance].add(prediction, truth);
      return;
    }
    const matrix = new ConfusionMatrix(this.classes);
    matrix.add(prediction, truth);
    this.#matrices[distance].merge(matrix);
    const scores = this.#pictures.get(picture) ?? [];
    scores[distance] ??= matrix;
    this.#pictures.set(picture, scores);
  }

  /** The curve, nearest first; distances without frames are left out. */
  points(): DistancePoint[] {
    const points: DistancePoint[] = [];
    for (const [distance, matrix] of this.#matrices.entries()) {
      if (matrix) points.push({ distance, frames: this.#frames[distance], meanIou: meanIou(matrix) });
    }
    return points;
  }

  /** All frames, whatever their distance, in one matrix. */
  overall(): ConfusionMatrix {
    const sum = new ConfusionMatrix(this.classes);
    for (const matrix of this.#matrices) if (matrix) sum.merge(matrix);
    return sum;
  }

  /** Those pictures that were added with their number, each with its matrices. */
  pictures(): PictureScores[] {
    return [...this.#pictures.values()];
  }
}

/** Mean over the distances of the mIoU at each (AR-Seg, Hu et al., CVPR 2023): near and far count alike. */
export function meanOverDistances(points: readonly DistancePoint[]): number {
  return meanOfKnown(points.map((point) => point.meanIou));
}
