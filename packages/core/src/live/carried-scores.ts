import { NO_MOTION, type VideoFrame } from '../frame.js';
import { hasPastMotion } from '../motion/dense-motion.js';
import type { MotionField } from '../motion/field.js';
import { mirrorFuture } from '../motion/mirror-future.js';
import { MotionTrace } from '../motion/motion-trace.js';
import type { FrameLayout, PictureSize } from '../runtime/frame-call.js';
import { FrameMemory, type StreamMemory } from '../runtime/frame-memory.js';

/** Pixels of a frame that a cell of the scores stands for: those of networks of any kind. */
const SCORE_STRIDE = 4;

/** Sizes of a stream's frames, and of scores and labels that networks give for them. */
export interface ScoreLayout extends Omit<FrameLayout, 'context'> {
  readonly frame: PictureSize;
}

/** Where a frame has come from: motion on the scores' grid, all the way. */
export interface Followed {
  /** Since the frame whose scores are carried; undefined where there is none. */
  readonly carried?: MotionField;
  /** Since the one that the network has been given; undefined where it has none. */
  readonly begun?: MotionField;
}

/**
 * Class scores of the frame that the network labelled last, carried along the motion of the frames since, whichever frame
 * that is: vectors are traced on over I-frames, which have none, as if everything went on moving as it did. Meanwhile
 * frames are traced from the one that the network is at work on, too, so that they can be carried from there once it is done.
 */
export class CarriedScores {
  readonly #memory: FrameMemory;
  readonly #stream: StreamMemory = { last: undefined, retained: undefined, rooms: [] };
  #carried: MotionTrace;
  #begun: MotionTrace;
  #hasScores = false;
  #hasBegun = false;
  /** Motion of the last frame that had any. */
  #latest = NO_MOTION;

  constructor({ frame: { width, height }, ...layout }: ScoreLayout) {
    const { classes, rows, columns } = layout;
    this.#memory = new FrameMemory({
      ...layout,
      context: { channels: classes, rows, columns, isScores: true },
    });
    this.#carried = new MotionTrace(width, height, SCORE_STRIDE);
    this.#begun = new MotionTrace(width, height, SCORE_STRIDE);
  }

  /** Whether there are scores to carry. */
  get hasScores(): boolean {
    return this.#hasScores;
  }

  /** Takes the next frame in display order. */
  follow(frame: VideoFrame): Followed {
    if (!this.#hasScores && !this.#hasBegun) return {};
    const moves = !frame.discontinuity && hasPastMotion(frame.motion);
    const own = frame.motion.count > 0 && !frame.discontinuity ? mirrorFuture(frame.motion) : NO_MOTION;
    const motion = frame.discontinuity ? NO_MOTION : own.count > 0 ? own : this.#latest;
    const isReference = frame.pictureType !== 'B';
    if (moves && isReference) this.#latest = own;
    const traced = (trace: MotionTrace): MotionField => {
      const field = trace.field(motion);
      if (isReference) trace.keep();
      return field;
    };
    return {
      ...(this.#hasScores ? { carried: traced(this.#carried) } : {}),
      ...(this.#hasBegun ? { begun: traced(this.#begun) } : {}),
    };
  }

  /** The frame followed last is given to the network. It must be one that others refer to: no B-frame. */
  begin(): void {
    this.#begun.clear();
    this.#hasBegun = true;
  }

  /** The network has answered with the scores of the frame that was begun: from now on those are carried. */
  arrive(scores: Float32Array): void {
    if (!this.#hasBegun) throw new Error('no frame was given to the network');
    [this.#carried, this.#begun] = [this.#begun, this.#carried];
    this.#hasBegun = false;
    this.#hasScores = true;
    this.#memory.makeRoom(this.#stream);
    this.#memory.takeOver(scores);
    this.#memory.keep(this.#stream, 'made');
  }

  /** The network will not answer for the frame that was begun. */
  giveUp(): void {
    this.#hasBegun = false;
  }

  /**
   * Labels of the scores that are carried, moved along a frame's motion since their own.
   *
   * @throws Error where there are no scores
   */
  labels(field: MotionField): Uint8Array {
    this.#memory.warp(this.#stream, field);
    return this.#memory.labels('warped');
  }
}
