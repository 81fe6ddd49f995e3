import type { MotionField, ResidualMap } from '../motion/index.js';

/** What a network gives for one frame. The arrays belong to the caller. */
export interface FrameScores {
  /** Class scores before full-size enlargement, `classes × ceil(height / 4) × ceil(width / 4)`. */
  readonly scores: Float32Array;
  /** Context feature to keep for the next frame, `contextChannels × rows × columns` at `contextStride`. */
  readonly context: Float32Array;
  /** The attention of RGA (Eq. 6), `rows × columns` at `contextStride`, 0..1; only where the network has it. */
  readonly attention?: Float32Array;
  /** Time inside the engine, where it measures that itself. */
  readonly milliseconds?: number;
}

/**
 * The two networks of the paper's Fig. 4 for frames of one size, ready to run. A feature map of stride s has
 * ceil(height / s) rows and ceil(width / s) columns. Arguments are read, never changed or detached; one call
 * at a time.
 */
export interface SegmentationNetworks {
  readonly classes: number;
  /** Frame size, pixels. */
  readonly width: number;
  readonly height: number;
  /** The interior-warping layer k. */
  readonly layer: 1 | 2 | 3;
  readonly contextChannels: number;
  readonly contextStride: 4 | 8 | 16;
  /** @param pixels planar 8-bit RGB, `3 × height × width` */
  keyFrame(pixels: Uint8Array): Promise<FrameScores>;
  /**
   * @param warped the reference's context, warped to this frame (Eq. 4)
   * @param residual {@link ResidualMap.data} at `contextStride`, 0..255
   */
  nonKeyFrame(pixels: Uint8Array, warped: Float32Array, residual: Float32Array): Promise<FrameScores>;
  close(): Promise<void>;
}

/** What the codec's motion says about one frame, at the networks' `contextStride`. */
export interface FrameMotion {
  readonly field: MotionField;
  readonly residual: ResidualMap;
}
