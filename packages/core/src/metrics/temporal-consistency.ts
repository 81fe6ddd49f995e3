import { IGNORE_LABEL } from '../classes.js';
import type { BlockMotion } from '../frame.js';
import { ConfusionMatrix } from './confusion.js';
import { followedBlocks } from './followed-blocks.js';

/**
 * Carries a label map along motion into the past, each pixel p from p − Mv rounded to whole pixels. Where no
 * vector leads (intra blocks, sources outside the frame) the label is 255.
 *
 * @param previous labels of the frame that the vectors refer to, `width × height`
 * @param warped takes the result, of the same size
 */
export function warpLabels(
  previous: Uint8Array,
  motion: BlockMotion,
  width: number,
  height: number,
  warped: Uint8Array,
): void {
  warped.fill(IGNORE_LABEL);
  for (const { left, top, right, bottom, dx, dy } of followedBlocks(motion, width, height)) {
    for (let y = top; y < bottom; y++) {
      const source = (y - dy) * width - dx;
      warped.set(previous.subarray(source + left, source + right), y * width + left);
    }
  }
}

/**
 * Temporal consistency of a video's labels, which needs no ground truth (TC of Liu et al., ECCV 2020, eval_tc.py):
 * mIoU between each frame's labels and those of the frame before, warped along the motion, over all frames in one
 * confusion matrix. Pixels without a vector are left out.
 */
export class TemporalConsistency {
  /** Warped labels of the frame before as truth, a frame's own as prediction. */
  readonly matrix: ConfusionMatrix;
  readonly #width: number;
  readonly #height: number;
  readonly #warped: Uint8Array;
  #previous: Uint8Array | undefined;

  constructor(classes: number, width: number, height: number) {
    this.matrix = new ConfusionMatrix(classes);
    this.#width = width;
    this.#height = height;
    this.#warped = new Uint8Array(width * height);
  }

  /**
   * Adds the next frame's labels (copied) and its motion from the frame before.
   *
   * @param labels 0 to classes − 1, one a pixel
   * @param discontinuity true where the frame does not continue the one before: nothing is compared
   */
  add(labels: Uint8Array, motion: BlockMotion, discontinuity = false): void {
    if (this.#previous !== undefined && !discontinuity) {
      warpLabels(this.#previous, motion, this.#width, this.#height, this.#warped);
      this.matrix.add(labels, this.#warped);
    }
    this.#previous ??= new Uint8Array(this.#warped.length);
    this.#previous.set(labels);
  }
}
