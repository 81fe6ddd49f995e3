import type { BlockMotion, VideoFrame } from '../frame.js';
import type { MotionField, ResidualMap } from '../motion/field.js';
import { fieldBlocks } from '../motion/field-blocks.js';
import type { Stride } from '../motion/grid.js';
import { meanResidual } from '../motion/mean-residual.js';
import { mirrorFuture } from '../motion/mirror-future.js';
import { MotionTrace } from '../motion/motion-trace.js';
import { Residuals } from '../motion/residual-map.js';
import { warpField } from '../motion/warp-field.js';
import type { FramePlan } from './schedule.js';

/** Grid on which vectors are followed back over several frames: the smallest block of codecs, pixels. */
export const TRACING_STRIDE = 4;

/** A frame's motion, and how far its cells have come since the frame that features are warped from. */
interface Judged {
  readonly frame: VideoFrame;
  /** Of the frame before; accumulated, those of the trace, once they are asked for. */
  blocks: BlockMotion | undefined;
  readonly field: MotionField;
  readonly trace: MotionField | undefined;
  residual: ResidualMap | undefined;
}

/** Says of any frame that the ones after it refer to it. */
export const REFERENCE: Pick<FramePlan, 'kind' | 'isReference'> = { kind: 'key', isReference: true };

export interface ReferenceMotionOptions {
  /** Vectors are traced back to the last key frame; default false. */
  readonly accumulated?: boolean;
  /** Residuals will be asked for; default true. Else pictures are not looked at. */
  readonly residuals?: boolean;
}

/**
 * Motion and residual of frames against the frame that features are warped from: the last one that was referred to,
 * or, accumulated, the last key frame, to which vectors are traced back over the frames between (CoViAR). The
 * residual is against that same frame.
 */
export class ReferenceMotion {
  readonly #residuals: Residuals | undefined;
  #refers = false;
  /** Accumulated: displacement of the last frame referred to since the key frame. */
  readonly #trace: MotionTrace | undefined;
  #judged: Judged | undefined;

  /**
   * @param width frame width, pixels; `height` likewise
   * @param stride of the features to be warped
   */
  constructor(
    readonly width: number,
    readonly height: number,
    readonly stride: Stride,
    { accumulated = false, residuals = true }: ReferenceMotionOptions = {},
  ) {
    if (accumulated) this.#trace = new MotionTrace(width, height, TRACING_STRIDE);
    if (residuals) this.#residuals = new Residuals(width, height, stride);
  }

  /** Motion against the frame kept last, on the features' grid; worked out once a frame. */
  field(frame: VideoFrame): MotionField {
    return this.#judge(frame).field;
  }

  /** What that motion leaves unexplained; worked out once a frame. */
  residual(frame: VideoFrame): ResidualMap {
    if (!this.#residuals) throw new Error('no residuals were asked for');
    const judged = this.#judge(frame);
    judged.blocks ??= fieldBlocks(judged.trace!);
    judged.residual ??= this.#residuals.map(frame.pixels, judged.blocks);
    return judged.residual;
  }

  #judge(frame: VideoFrame): Judged {
    if (this.#judged?.frame === frame) return this.#judged;
    if (!this.#refers) throw new Error('there is no frame to refer to');
    const { width, height, stride } = this;
    const motion = mirrorFuture(frame.motion);
    const residual = undefined;
    if (!this.#trace) {
      const field = warpField(motion, width, height, stride);
      this.#judged = { frame, blocks: motion, field, trace: undefined, residual };
      return this.#judged;
    }
    const trace = this.#trace.field(motion);
    const blocks = stride === TRACING_STRIDE ? undefined : fieldBlocks(trace);
    const field = blocks ? warpField(blocks, width, height, stride) : trace;
    this.#judged = { frame, blocks, field, trace, residual };
    return this.#judged;
  }

  /** Mean |residual| a pixel and plane, 0..255. */
  meanResidual(frame: VideoFrame): number {
    return meanResidual(this.residual(frame), this.width, this.height);
  }

  /** Tells what became of a frame; those that are referred to are what the next ones are measured against. */
  keep(frame: VideoFrame, { kind, isReference }: Pick<FramePlan, 'kind' | 'isReference'>): void {
    if (!isReference) return;
    if (kind === 'key') this.#trace?.clear();
    else if (this.#trace) {
      this.#judge(frame);
      this.#trace.keep();
    }
    if (kind === 'key' || !this.#trace) {
      this.#refers = true;
      if (this.#judged?.frame === frame && this.#judged.residual) this.#residuals?.referToLast();
      else this.#residuals?.refer(frame.pixels);
    }
    this.#judged = undefined;
  }
}
