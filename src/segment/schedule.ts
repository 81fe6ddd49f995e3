import { hasPastMotion } from '../motion/index.js';
import type { VideoFrame } from '../video/frame.js';

/** Which frames go through the key-frame network: the codec's I-frames (the paper), or every n-th frame. */
export type KeyFrameRule = { readonly mode: 'codec' } | { readonly mode: 'every'; readonly n: number };

export interface ScheduleOptions {
  readonly keyFrames: KeyFrameRule;
  /** Every frame is a key frame: the per-frame model. */
  readonly perFrame?: boolean;
  /** A key frame at the latest this many frames after the last, whatever the rule says. */
  readonly maxDistance?: number;
  /**
   * True where every frame refers to the frame displayed just before it (motion estimated after decoding),
   * not to the last I- or P-frame as in a codec.
   */
  readonly refersToPrevious?: boolean;
}

/** What is to be done with a frame. */
export interface FramePlan {
  readonly kind: 'key' | 'nonkey';
  /** Frames since the key frame that this one's features come from; 0 for key frames. */
  readonly distance: number;
  /** Whether later frames refer to this one, so that its context feature is kept. */
  readonly isReference: boolean;
}

/**
 * Decides frame by frame, in display order, which network runs and whose features are kept.
 *
 * Key frames: those the rule asks for, and every frame that nothing can be warped to: the first, one after a
 * discontinuity, one without any vector into the past (wholly intra, or a B-frame that refers only to the
 * future). B-frames are propagated from the last I- or P-frame before them and never referred to. A B-frame at
 * which a periodic key frame falls due leaves it to the next I- or P-frame, since its own features would be
 * thrown away, except with n = 1, where every frame is a key frame.
 */
export class KeyFrameSchedule {
  /** Index of the key frame from which the kept features descend; none after a discontinuity. */
  #key: number | undefined;

  constructor(readonly options: ScheduleOptions) {}

  plan(frame: VideoFrame): FramePlan {
    const isReference = frame.pictureType !== 'B' || this.options.refersToPrevious === true;
    if (frame.discontinuity) this.#key = undefined;
    const distance = this.#key === undefined ? 0 : frame.index - this.#key;
    const isKey =
      this.options.perFrame === true ||
      this.#key === undefined ||
      this.#isDue(frame, distance, isReference) ||
      !hasPastMotion(frame.motion);
    if (isKey && isReference) this.#key = frame.index;
    return { kind: isKey ? 'key' : 'nonkey', distance: isKey ? 0 : distance, isReference };
  }

  #isDue(frame: VideoFrame, distance: number, isReference: boolean): boolean {
    const { keyFrames, maxDistance = Number.POSITIVE_INFINITY } = this.options;
    if (keyFrames.mode === 'codec' && frame.pictureType === 'I') return true;
    const period = Math.min(maxDistance, keyFrames.mode === 'every' ? keyFrames.n : Number.POSITIVE_INFINITY);
    return distance >= period && (isReference || period <= 1);
  }
}
