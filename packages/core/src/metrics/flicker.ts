import { IGNORE_LABEL } from '../classes.js';
import type { BlockMotion } from '../frame.js';
import { followedBlocks } from './followed-blocks.js';

/** How two consecutive label maps agree along the motion between them. */
export interface FrameFlicker {
  /** Pixels that could be followed from the frame before. */
  readonly compared: number;
  /** Those of them whose label changed. */
  readonly changed: number;
}

/**
 * Compares a frame's labels with those of the frame before, each pixel p with p − Mv along the codec's own
 * vectors into the past, rounded to whole pixels. Left out: pixels without such a vector (intra: nothing says
 * where they were), sources outside the frame, and labels 255.
 *
 * @param current one label a pixel, `width × height`
 * @param previous labels of the frame that the vectors refer to, of the same size
 */
export function labelFlicker(
  current: Uint8Array,
  previous: Uint8Array,
  motion: BlockMotion,
  width: number,
  height: number,
): FrameFlicker {
  if (current.length !== width * height || previous.length !== width * height) {
    throw new RangeError(
      `label maps of ${current.length} and ${previous.length} pixels for ${width}×${height}`,
    );
  }
  let compared = 0;
  let changed = 0;
  for (const { left, top, right, bottom, dx, dy } of followedBlocks(motion, width, height)) {
    const shift = dy * width + dx;
    for (let y = top; y < bottom; y++) {
      const end = y * width + right;
      for (let i = y * width + left; i < end; i++) {
        const now = current[i];
        const before = previous[i - shift];
        if (now === IGNORE_LABEL || before === IGNORE_LABEL) continue;
        compared++;
        if (now !== before) changed++;
      }
    }
  }
  return { compared, changed };
}

/**
 * Label flicker of a video: the share of pixels whose label changes along the motion from one frame to the
 * next. It needs no ground truth. Frames that carry no vectors (I-frames) are left out, so to see changes
 * at key frames too, take the vectors from a stream of the same pictures without further I-frames.
 */
export class FlickerMeter {
  readonly #width: number;
  readonly #height: number;
  readonly #frames: FrameFlicker[] = [];
  #previous: Uint8Array | undefined;

  constructor(width: number, height: number) {
    this.#width = width;
    this.#height = height;
  }

  /**
   * Adds the next frame's labels (copied) and its motion.
   *
   * @param discontinuity true where the frame does not continue the one before: nothing is compared.
   */
  add(labels: Uint8Array, motion: BlockMotion, discontinuity = false): FrameFlicker {
    const previous = this.#previous;
    const flicker =
      previous === undefined || discontinuity
        ? { compared: 0, changed: 0 }
        : labelFlicker(labels, previous, motion, this.#width, this.#height);
    this.#frames.push(flicker);
    this.#previous ??= new Uint8Array(labels.length);
    this.#previous.set(labels);
    return flicker;
  }

  /** Share of changed pixels of each frame added so far; NaN where nothing could be compared. */
  perFrame(): number[] {
    return this.#frames.map(({ compared, changed }) => changed / compared);
  }

  /** Share of changed pixels among all that were compared; NaN when there were none. */
  mean(): number {
    let compared = 0;
    let changed = 0;
    for (const frame of this.#frames) {
      compared += frame.compared;
      changed += frame.changed;
    }
    return changed / compared;
  }
}
