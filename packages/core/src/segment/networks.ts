import type { ModelCard } from '../model/model-card.js';
import type { MotionField, ResidualMap } from '../motion/field.js';
import type { FrameOutput, FrameStream } from '../runtime/frame-call.js';

/** What networks give for one frame. The arrays belong to the caller. */
export type FrameResult = FrameOutput;

/**
 * The two networks of the paper's Fig. 4 for frames of one size, ready to run for any number of videos at a time. A
 * feature map of stride s has ceil(height / s) rows and ceil(width / s) columns. `keyFrame` and `nonKeyFrame` are those
 * of a stream of frames that the networks have of their own; whoever shares them begins one.
 */
export interface SegmentationNetworks extends FrameStream, AsyncDisposable {
  readonly classes: number;
  /** The card of their model, where they have one. */
  readonly card?: Pick<ModelCard, 'name' | 'classes' | 'palette'>;
  /** SHA-256 over the digests of their weights, where they are of a model folder: see `modelDigest`. */
  readonly digest?: string | undefined;
  /** Frame size, pixels. */
  readonly width: number;
  readonly height: number;
  /** The interior-warping layer k. */
  readonly layer: 1 | 2 | 3;
  readonly contextChannels: number;
  readonly contextStride: 4 | 8 | 16;
  /** Whether non-key frames need a residual. */
  readonly usesResidual: boolean;
  /** There is the key-frame network alone; default false. */
  readonly perFrame?: boolean;
  /** Begins a stream of frames with a context feature of its own; streams share the networks and take turns. */
  begin(): FrameStream;
  /** Ends the networks: calls are refused from now on. */
  close(): Promise<void>;
}

/** What the codec's motion says about one frame, at the networks' `contextStride`. */
export interface FrameMotion {
  readonly field: MotionField;
  readonly residual?: ResidualMap;
}
