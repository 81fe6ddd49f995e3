import type { BlockMotion, VideoFrame } from '../frame.js';
import { scratch } from '../kernels/kernels.js';
import { BlockMatcher, MATCHED_BLOCK } from '../motion/block-matching.js';
import { hasPastMotion } from '../motion/dense-motion.js';
import { fieldBlocks } from '../motion/field-blocks.js';
import type { Stride } from '../motion/grid.js';
import { mirrorFuture } from '../motion/mirror-future.js';
import { MotionTrace } from '../motion/motion-trace.js';
import { Residuals } from '../motion/residual-map.js';
import { reverseMotion } from '../motion/reverse-motion.js';
import { warpField } from '../motion/warp-field.js';
import { TRACING_STRIDE } from './reference-motion.js';
import type { FrameMotion } from './segmented-frame.js';

/** Less of a frame than this found again in the key frame after it is a cut. */
const LEAST_FOUND = 0.3;

/**
 * Motion of frames into the key frame after them, and what it leaves unexplained: the codec's vectors turned round and
 * traced on from frame to frame. Into an I-frame, which has no vectors, they are found in the pictures.
 */
export class FollowingMotion {
  readonly #residuals: Residuals | undefined;
  /** The reference that was judged last, the next one in display order; none over a cut. */
  #later: VideoFrame | undefined;
  /** Displacement of that one's cells into the key frame. */
  readonly #trace: MotionTrace;

  /** @param stride of the features to be warped */
  constructor(
    readonly width: number,
    readonly height: number,
    readonly stride: Stride,
    { residuals = true }: { readonly residuals?: boolean } = {},
  ) {
    this.#trace = new MotionTrace(width, height, TRACING_STRIDE);
    if (residuals) this.#residuals = new Residuals(width, height, stride);
  }

  /** Frames that are judged from now on lie before this key frame. */
  begin(key: VideoFrame): void {
    this.#later = key;
    this.#trace.clear();
    this.#residuals?.refer(key.pixels);
  }

  /**
   * Motion of a frame, on the features' grid; none where there is a cut between. Frames are asked for from the last one
   * to the first.
   *
   * @param isReference whether others were coded from it: see `KeyFrameSchedule`
   */
  motion(frame: VideoFrame, isReference: boolean): FrameMotion | undefined {
    const later = this.#later;
    if (!later) return undefined;
    const step = isReference ? motionInto(later, frame) : motionToNextReference(frame);
    if (!step) {
      if (isReference) this.#later = undefined;
      return undefined;
    }
    const { width, height, stride } = this;
    const trace = this.#trace.field(step);
    if (isReference) {
      this.#later = frame;
      this.#trace.keep();
    }
    const traced = stride === TRACING_STRIDE && !this.#residuals ? undefined : fieldBlocks(trace);
    const field = stride === TRACING_STRIDE ? trace : warpField(traced!, width, height, stride);
    return this.#residuals ? { field, residual: this.#residuals.map(frame.pixels, traced!) } : { field };
  }
}

/**
 * Motion of a frame into the next one that was coded from it, `later`: that one's own vectors turned round, or, where it has
 * none (an I-frame), those found in the pictures. Undefined where little is found again: a cut.
 */
export function motionInto(later: VideoFrame, frame: VideoFrame): BlockMotion | undefined {
  if (hasPastMotion(later.motion)) return reverseMotion(later.motion);
  const { width, height } = frame;
  if (Math.min(width, height) < MATCHED_BLOCK) return undefined;
  // In reverse, so that the vectors lead from the earlier frame into the later one.
  const motion = new BlockMatcher(width, height, scratch()).between(frame.pixels, later.pixels);
  return area(motion) < LEAST_FOUND * width * height ? undefined : motion;
}

/** Motion of a B-frame into the reference after it; undefined where it has no vectors at all. */
export function motionToNextReference({ motion }: VideoFrame): BlockMotion | undefined {
  if (motion.count === 0) return undefined;
  return mirrorFuture({ ...motion, direction: motion.direction.map((direction) => -direction) });
}

/** Pixels of blocks that refer to the past. */
function area({ count, direction, width, height }: BlockMotion): number {
  let pixels = 0;
  for (let b = 0; b < count; b++) if (direction[b] < 0) pixels += width[b] * height[b];
  return pixels;
}
