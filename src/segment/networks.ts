import type { MotionField, ResidualMap } from '../motion/index.js';
import type { FrameRequest, FrameWork, ModelCard } from '../network/index.js';

/** What networks give for one frame. The arrays belong to the caller. */
export interface FrameResult {
  /** Class ids, `height × width`. */
  readonly labels: Uint8Array;
  /** Class scores before full-size enlargement, `classes × ceil(height / 4) × ceil(width / 4)`; where asked for. */
  readonly scores?: Float32Array;
  /** The frame's context feature, `contextChannels × rows × columns` at `contextStride`; where asked for. */
  readonly context?: Float32Array;
  /** The attention of RGA (Eq. 6), `rows × columns` at `contextStride`, 0..1; only where the network has it. */
  readonly attention?: Float32Array;
  readonly milliseconds: FrameWork;
}

/**
 * The two networks of the paper's Fig. 4 for frames of one size, ready to run, and the context feature of one frame,
 * which they keep. A feature map of stride s has ceil(height / s) rows and ceil(width / s) columns. Arguments are read,
 * never changed or detached. Calls are answered in their order and need not wait for one another.
 */
export interface SegmentationNetworks {
  readonly classes: number;
  /** The card of their model, where they have one. */
  readonly card?: Pick<ModelCard, 'name' | 'classes' | 'palette'>;
  /** Frame size, pixels. */
  readonly width: number;
  readonly height: number;
  /** The interior-warping layer k. */
  readonly layer: 1 | 2 | 3;
  readonly contextChannels: number;
  readonly contextStride: 4 | 8 | 16;
  /** Whether non-key frames need a residual. */
  readonly usesResidual: boolean;
  /** @param pixels planar 8-bit RGB, `3 × height × width` */
  keyFrame(pixels: Uint8Array, request?: FrameRequest): Promise<FrameResult>;
  /**
   * A frame from the context feature of the frame that was kept last, warped to this one (Eq. 4).
   *
   * @param field motion on the context's grid
   * @param residual {@link ResidualMap.data} at `contextStride`, 0..255; only where `usesResidual`
   */
  nonKeyFrame(
    pixels: Uint8Array,
    field: MotionField,
    residual: Float32Array | undefined,
    request?: FrameRequest,
  ): Promise<FrameResult>;
  close(): Promise<void>;
}

/** What the codec's motion says about one frame, at the networks' `contextStride`. */
export interface FrameMotion {
  readonly field: MotionField;
  readonly residual?: ResidualMap;
}
