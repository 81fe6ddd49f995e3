/** What segmenting gives for a frame. */

import type { VideoFrame } from '../frame.js';
import type { MotionField, ResidualMap } from '../motion/field.js';
import type { Following } from '../runtime/frame-call.js';
import type { KeyFrameReason } from './schedule.js';

/** Milliseconds that the stages of one frame took. Stages of different frames overlap. */
export interface FrameTimings {
  readonly decode: number;
  /** Motion where it is estimated, dense motion, residual map and warp. */
  readonly motion: number;
  readonly network: number;
  readonly labels: number;
}

/** What a frame is propagated along, at the networks' `contextStride`. */
export interface FrameMotion {
  readonly field: MotionField;
  readonly residual?: ResidualMap;
  /** Motion into the key frame after, and how much of each cell comes from there: of frames that are warped from both. */
  readonly following?: Following;
}

/** With the {@link FrameMotion} that it was propagated along; key frames have none. */
export interface SegmentedFrame extends Partial<FrameMotion> {
  readonly frame: VideoFrame;
  /** Class ids, `height × width`, of the frame or of {@link labelSize}. */
  readonly labels: Uint8Array;
  /** Pixels that the labels have, where they are not the frame's. */
  readonly labelSize?: { readonly width: number; readonly height: number };
  readonly kind: 'key' | 'nonkey';
  /** Why it is a key frame; only of key frames. */
  readonly reason?: KeyFrameReason;
  /** Frames since the key frame; 0 for key frames. */
  readonly distance: number;
  readonly timings: FrameTimings;
  /** Coarse scores, with `keepScores`; see {@link FrameResult}. */
  readonly scores?: Float32Array;
  /** RGA's attention, non-key frames only; see {@link FrameResult}. */
  readonly attention?: Float32Array;
}
