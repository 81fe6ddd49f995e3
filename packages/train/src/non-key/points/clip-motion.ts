/** Motion and residual of a clip's frames, as `segmentVideo` works them out, and what is propagated along it. */
import { leastResidual, mixFeatures, shareOfFollowing } from '@twnet/core/motion/between';
import type { MotionField } from '@twnet/core/motion/field';
import type { Stride } from '@twnet/core/motion/grid';
import { warpFeatures } from '@twnet/core/motion/warp';
import { PICTURE_STRIDE, propagatedShape } from '@twnet/core/network/propagated-frame';
import { FollowingMotion } from '@twnet/core/segment/following-motion';
import { ReferenceMotion } from '@twnet/core/segment/reference-motion';
import type { FrameMotion as Motion } from '@twnet/core/segment/segmented-frame';
import type { TrainingClip } from '../../data/training-clip.js';

export interface FrameMotion {
  readonly field: MotionField;
  /** Three planes on the field's grid. */
  readonly residual: Float32Array;
  /** Where a key frame follows: motion into it, how much of each cell is that one's, and what neither explains. */
  readonly following?: {
    readonly field: MotionField;
    readonly share: Float32Array;
    readonly residual: Float32Array;
  };
}

/** Pixels of a non-key frame for each cell of what is propagated. */
export const PROPAGATED_STRIDE = (propagatedShape('refined', 1).stride / PICTURE_STRIDE) as Stride;

/** The number of the key frame that ends a clip; undefined where none does. */
export function followingKey({ frames }: Pick<TrainingClip, 'frames'>): number | undefined {
  const last = frames.length - 1;
  return last > 0 && frames[last].pictureType === 'I' ? last : undefined;
}

/**
 * Of those frames that are wanted, against the key frames (accumulated) or the frame before.
 *
 * @param wanted frames after the first, which is the key frame
 */
export function clipMotion(
  clip: Pick<TrainingClip, 'frames'>,
  wanted: Iterable<number>,
  accumulated: boolean,
): ReadonlyMap<number, FrameMotion> {
  const { frames } = clip;
  const asked = new Set(wanted);
  const [key] = frames;
  const motion = new ReferenceMotion(key.width, key.height, PROPAGATED_STRIDE, { accumulated });
  motion.keep(key, { kind: 'key', isReference: true });
  const returned = accumulated ? returnedMotion(clip, asked) : undefined;
  const found = new Map<number, FrameMotion>();
  for (let t = 1; t <= Math.max(0, ...asked); t++) {
    const frame = frames[t];
    if (asked.has(t)) {
      const [field, residual] = [motion.field(frame), motion.residual(frame)];
      const back = returned?.get(t);
      const following = back?.residual && {
        field: back.field,
        share: shareOfFollowing(t, frames.length - 1, { field, residual }, back),
        residual: leastResidual(residual, back.residual).data,
      };
      found.set(t, { field, residual: residual.data, ...(following ? { following } : {}) });
    }
    motion.keep(frame, { kind: 'nonkey', isReference: true });
  }
  return found;
}

/** Motion into the key frame that ends the clip. */
function returnedMotion(
  clip: Pick<TrainingClip, 'frames'>,
  asked: ReadonlySet<number>,
): ReadonlyMap<number, Motion> | undefined {
  const last = followingKey(clip);
  if (last === undefined) return undefined;
  const key = clip.frames[last];
  const following = new FollowingMotion(key.width, key.height, PROPAGATED_STRIDE);
  following.begin(key);
  const found = new Map<number, Motion>();
  for (let t = last - 1; t >= Math.min(...asked); t--) {
    const motion = following.motion(clip.frames[t], true);
    if (motion && asked.has(t)) found.set(t, motion);
  }
  return found;
}

/** What frames are made from: the features of the key frames around them. */
export interface KeyFeatures {
  readonly before: Float32Array;
  readonly after?: Float32Array;
}

/** Features warped to a frame, and the residual to correct them by; from both key frames where there are two. */
export function propagate(
  { before, after }: KeyFeatures,
  channels: number,
  { field, residual, following }: FrameMotion,
): { readonly warped: Float32Array; readonly residual: Float32Array } {
  const warped = warpFeatures(before, channels, field);
  if (!after || !following) return { warped, residual };
  const returned = warpFeatures(after, channels, following.field);
  return { warped: mixFeatures(warped, returned, following.share), residual: following.residual };
}
