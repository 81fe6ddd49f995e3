/** What is asked of networks for one frame, and what they answer. */
import type { LabelStride } from '../kernels/labels.js';
import type { MotionField } from '../motion/field.js';

export interface FrameRequest {
  /** The frame's context feature becomes the one that later frames are warped from. */
  readonly keep?: boolean;
  /** With `keep`: the feature that was kept until then stays too, as that of the key frame before. */
  readonly retain?: boolean;
  /** The answer has the coarse class scores, too. */
  readonly scores?: boolean;
  /** And the context feature. */
  readonly context?: boolean;
}

/** Warped features of frames between two key frames are a mixture of both. */
export interface Following {
  /** Motion into the key frame after, on the context's grid. */
  readonly field: Omit<MotionField, 'coverage'>;
  /** How much of each cell is that one's, 0 to 1. */
  readonly share: Float32Array;
}

export interface NonKeyRequest extends FrameRequest {
  /**
   * The frame lies before the key frame whose feature was kept last: its own is warped from the one that was retained
   * then, and mixed with that of the key frame after it, where `following` says how.
   */
  readonly between?: { readonly following?: Following };
}

/** Milliseconds of work on a frame. */
export interface FrameWork {
  /** The warp of the context feature. */
  readonly motion: number;
  /** Inside the engine. */
  readonly network: number;
  readonly labels: number;
}

/** What networks give for one frame. The arrays belong to the caller. */
export interface FrameResult {
  /** Class ids, `height × width` of the labels' size. */
  readonly labels: Uint8Array;
  /** Class scores, coarse: classes × rows × columns. */
  readonly scores?: Float32Array;
  /** The context feature of the warped layer: channels × rows × columns at its stride. */
  readonly context?: Float32Array;
  /** A_t of Eq. 6: rows × columns at the context's stride; only of non-key frames with RGA. */
  readonly attention?: Float32Array;
  readonly milliseconds: FrameWork;
}

/**
 * Frames that follow on one another: the context feature of the one that was kept last is theirs alone. Calls are
 * answered in their order and need not wait for one another. Arguments are read before a call returns, never changed.
 */
export interface FrameStream {
  /** Runs the key-frame CNN on planar 8-bit RGB pixels, `3 × height × width` of the key pictures' size. */
  keyFrame(pixels: Uint8Array, request?: FrameRequest): Promise<FrameResult>;
  /**
   * Runs the non-key-frame CNN, from the context feature of the frame kept last, warped along `field` (Eq. 4).
   *
   * @param field motion on the context's grid
   * @param residual mean absolute residual, 0..255, 3 × rows × columns at the context's stride; only where the networks
   *   use it
   */
  nonKeyFrame(
    pixels: Uint8Array,
    field: Omit<MotionField, 'coverage'>,
    residual: Float32Array | undefined,
    request?: NonKeyRequest,
  ): Promise<FrameResult>;
  /** Keeps and retains as a key frame does, with a context feature that another stream has made (`FrameRequest.context`). */
  takeOver(context: Float32Array): Promise<void>;
  /** Frees its memory; calls that wait are refused. */
  close(): Promise<void>;
}

/** Sizes that a frame's arrays have. */
export interface FrameLayout {
  readonly classes: number;
  /** Of the scores, and how much larger labels are, which are cropped to their size. */
  readonly rows: number;
  readonly columns: number;
  readonly labels: PictureSize & { readonly stride: LabelStride };
  /** Of the context feature; none of the per-frame network. */
  readonly context?: {
    readonly channels: number;
    readonly rows: number;
    readonly columns: number;
    /** It is the scores themselves. */
    readonly isScores: boolean;
    /** Frames are warped from two key frames; default false. */
    readonly bidirectional?: boolean;
  };
}

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}
