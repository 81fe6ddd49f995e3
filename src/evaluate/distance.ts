import { ConfusionMatrix } from './confusion.js';
import { meanIou } from './metrics.js';

/** One point of the curve of mIoU over the distance from the key frame. */
export interface DistancePoint {
  /** Frames since the last key frame; 0 is the key frame itself. */
  readonly distance: number;
  /** How many pictures were scored at this distance. */
  readonly frames: number;
  readonly meanIou: number;
}

/**
 * Scores frames by their distance from the last key frame (the paper's Fig. 6): one confusion matrix a
 * distance, so that the error that non-key frames accumulate shows.
 */
export class DistanceCurve {
  readonly classes: number;
  readonly #matrices: (ConfusionMatrix | undefined)[] = [];
  readonly #frames: number[] = [];

  constructor(classes: number) {
    this.classes = classes;
  }

  /** Adds one frame at `distance` (0, 1, 2, …); labels as {@link ConfusionMatrix.add} takes them. */
  add(distance: number, prediction: Uint8Array, truth: Uint8Array): void {
    if (!Number.isInteger(distance) || distance < 0) throw new RangeError(`distance ${distance}`);
    this.#matrices[distance] ??= new ConfusionMatrix(this.classes);
    this.#matrices[distance].add(prediction, truth);
    this.#frames[distance] = (this.#frames[distance] ?? 0) + 1;
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
}
