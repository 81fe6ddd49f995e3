/** Motion and residual of a clip's frames, as `segmentVideo` works them out. */
import type { MotionField } from '@twnet/core/motion/field';
import type { Stride } from '@twnet/core/motion/grid';
import { PICTURE_STRIDE, propagatedShape } from '@twnet/core/network/propagated-frame';
import { ReferenceMotion } from '@twnet/core/segment/reference-motion';
import type { TrainingClip } from '../../data/training-clip.js';

export interface FrameMotion {
  readonly field: MotionField;
  /** Three planes on the field's grid. */
  readonly residual: Float32Array;
}

/** Pixels of a non-key frame for each cell of what is propagated. */
export const PROPAGATED_STRIDE = (propagatedShape('refined', 1).stride / PICTURE_STRIDE) as Stride;

/**
 * Of those frames that are wanted, against the key frame (accumulated) or the frame before.
 *
 * @param wanted frames after the first, which is the key frame
 */
export function clipMotion(
  { frames }: Pick<TrainingClip, 'frames'>,
  wanted: Iterable<number>,
  accumulated: boolean,
): ReadonlyMap<number, FrameMotion> {
  const asked = new Set(wanted);
  const [key] = frames;
  const motion = new ReferenceMotion(key.width, key.height, PROPAGATED_STRIDE, { accumulated });
  motion.keep(key, { kind: 'key', isReference: true });
  const found = new Map<number, FrameMotion>();
  for (let t = 1; t <= Math.max(0, ...asked); t++) {
    const frame = frames[t];
    if (asked.has(t)) found.set(t, { field: motion.field(frame), residual: motion.residual(frame).data });
    motion.keep(frame, { kind: 'nonkey', isReference: true });
  }
  return found;
}
