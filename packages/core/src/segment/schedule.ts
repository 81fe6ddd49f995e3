import type { VideoFrame } from '../frame.js';
import { hasPastMotion } from '../motion/dense-motion.js';

/**
 * Which frames go through the key-frame network: the codec's I-frames (the paper); every n-th frame; or those that
 * motion explains badly (TapLab): frames whose mean |residual| a pixel and colour plane, 0..255, is above
 * `threshold`, or brings the sum since the key frame above {@link ACCUMULATED_SHARE} times that.
 */
export type KeyFrameRule =
  | { readonly mode: 'codec' }
  | { readonly mode: 'every'; readonly n: number }
  | { readonly mode: 'adaptive'; readonly threshold: number };

/**
 * TapLab's program (github.com/Sixkplus/TapLab, infer_ffw_rgc_rgfs.py) takes a key frame where Σ|residual| over
 * 2048 × 1024 pixels and three planes exceeds 3.6 · 10⁷ in one frame or 10⁸ since the key frame.
 */
export const ACCUMULATED_SHARE = 100 / 36;

export interface ScheduleOptions {
  readonly keyFrames: KeyFrameRule;
  /** Every frame is a key frame: the per-frame network. */
  readonly perFrame?: boolean;
  /** The largest distance from the key frame, whatever the rule says: a frame farther away is a key frame. */
  readonly maxDistance?: number;
  /**
   * Frames from one key frame to the next, at most, beside those that the rules 'codec' and 'adaptive' say; B-frames leave it
   * to the next I- or P-frame.
   */
  readonly interval?: number;
  /**
   * True where every frame refers to the frame displayed just before it (motion estimated after decoding),
   * not to the last I- or P-frame as in a codec.
   */
  readonly refersToPrevious?: boolean;
}

/**
 * Why a frame is a key frame: 'start', nothing comes before it (first frame, discontinuity); 'intra', no vector
 * leads into the past; 'codec', 'interval', 'residual', the rule; 'distance', the cap; 'per-frame', all are.
 */
export type KeyFrameReason = 'start' | 'intra' | 'codec' | 'interval' | 'residual' | 'distance' | 'per-frame';

/** What is to be done with a frame. */
export interface FramePlan {
  readonly kind: 'key' | 'nonkey';
  /** Why, of key frames. */
  readonly reason?: KeyFrameReason;
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
 * thrown away, except with n = 1, where every frame is a key frame. A B-frame with too large a residual of its own,
 * or too far away, is a key frame for itself; its residual is not part of what later frames inherit.
 */
export class KeyFrameSchedule {
  /** Index of the key frame from which the kept features descend; none after a discontinuity. */
  #key: number | undefined;
  /** Sum of the mean residuals of the frames from that key frame on that were referred to. */
  #accumulated = 0;

  constructor(readonly options: ScheduleOptions) {}

  /**
   * @param residual mean |residual| of the frame against the one it refers to, 0..255; asked for only by the
   *   adaptive rule, once a frame at most, and never of a frame that refers to none
   */
  plan(frame: VideoFrame, residual: () => number = () => 0): FramePlan {
    const isReference = frame.pictureType !== 'B' || this.options.refersToPrevious === true;
    if (frame.discontinuity) this.#key = undefined;
    const distance = this.#key === undefined ? 0 : frame.index - this.#key;
    const reason = this.#reason(frame, distance, isReference, residual);
    if (reason !== undefined && isReference) {
      this.#key = frame.index;
      this.#accumulated = 0;
    }
    return reason === undefined
      ? { kind: 'nonkey', distance, isReference }
      : { kind: 'key', reason, distance: 0, isReference };
  }

  #reason(
    frame: VideoFrame,
    distance: number,
    isReference: boolean,
    residual: () => number,
  ): KeyFrameReason | undefined {
    const { keyFrames, maxDistance = Number.POSITIVE_INFINITY, perFrame } = this.options;
    const { interval = Number.POSITIVE_INFINITY } = this.options;
    if (perFrame) return 'per-frame';
    if (this.#key === undefined) return 'start';
    if (keyFrames.mode === 'codec' && frame.pictureType === 'I') return 'codec';
    const due = keyFrames.mode === 'every' ? keyFrames.n : interval;
    if (distance >= due && (isReference || due === 1)) return 'interval';
    if (distance > maxDistance) return 'distance';
    if (!hasPastMotion(frame.motion)) return 'intra';
    if (keyFrames.mode === 'adaptive' && this.#isUnexplained(residual(), isReference, keyFrames.threshold))
      return 'residual';
    return undefined;
  }

  #isUnexplained(residual: number, isReference: boolean, threshold: number): boolean {
    if (!isReference) return residual > threshold;
    this.#accumulated += residual;
    return residual > threshold || this.#accumulated > ACCUMULATED_SHARE * threshold;
  }
}
