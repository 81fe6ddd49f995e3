/** Vectors of a frame into a later one, for propagating backward in time. */

import type { BlockMotion, VideoFrame } from '@twnet/core/frame';
import { hasPastMotion } from '@twnet/core/motion/dense-motion';
import { mirrorFuture } from '@twnet/core/motion/mirror-future';
import { reverseMotion } from '@twnet/core/motion/reverse-motion';
import { MotionEstimator } from '@twnet/node/video/motion-estimator';
import { cropPlanes } from './crop.js';

/**
 * Motion of `frame` into the next frame that was coded from it, `later`: that one's own vectors turned round, or,
 * where it has none (an I-frame), estimated ones. Undefined where the estimate finds none either: a cut.
 */
export async function motionToNext(frame: VideoFrame, later: VideoFrame): Promise<BlockMotion | undefined> {
  if (hasPastMotion(later.motion)) return reverseMotion(later.motion);
  const size = { width: frame.width & ~1, height: frame.height & ~1 };
  using estimator = new MotionEstimator(size.width, size.height);
  // Given in reverse, so that the vectors lead from the earlier frame into the later one.
  await estimator.next(cropPlanes(later, { x: 0, y: 0, ...size }));
  const motion = await estimator.next(cropPlanes(frame, { x: 0, y: 0, ...size }));
  return hasPastMotion(motion) ? motion : undefined;
}

/** Motion of a B-frame into the reference after it; undefined where it has no vectors at all. */
export function motionToNextReference({ motion }: VideoFrame): BlockMotion | undefined {
  if (motion.count === 0) return undefined;
  return mirrorFuture({ ...motion, direction: motion.direction.map((direction) => -direction) });
}
