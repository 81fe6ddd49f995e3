import type { BlockMotion, VideoFrame } from '../frame.js';

/** Where the motion that features are warped along comes from (the paper's Table 9), ready for frames of one size. */
export interface MotionSource extends Disposable {
  /** As one writes it: 'codec', 'flow:net.onnx', … */
  readonly name: string;
  /** Vectors are to be traced back to the key frame, and features warped from there at once. */
  readonly accumulated: boolean;
  /** Whether each frame's motion is worked out against the frame displayed just before it. */
  readonly estimates: boolean;
  /**
   * Motion between any two pictures, planar RGB: Mv of `current` against `previous`; only where
   * {@link MotionSource.estimates} says so. One call at a time.
   */
  between(current: Uint8Array, previous: Uint8Array): Promise<BlockMotion>;
  /**
   * For one run over a video: takes its frames in order, gives them with this source's motion. After a
   * discontinuity there is none.
   */
  start(): (frame: VideoFrame) => Promise<VideoFrame>;
}
