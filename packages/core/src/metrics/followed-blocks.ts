import type { BlockMotion } from '../frame.js';

/** Pixels that one vector leads back from, as a rectangle inside the frame whose source lies inside it too. */
export interface FollowedBlock {
  readonly left: number;
  readonly top: number;
  /** Exclusive, as is `bottom`. */
  readonly right: number;
  readonly bottom: number;
  /** The vector into the past, whole pixels: pixel (x, y) was at (x − dx, y − dy). */
  readonly dx: number;
  readonly dy: number;
}

/** The blocks of a frame that come from the past, clipped; intra blocks and those from outside are left out. */
export function* followedBlocks(
  motion: BlockMotion,
  width: number,
  height: number,
): Generator<FollowedBlock, void, undefined> {
  for (let b = 0; b < motion.count; b++) {
    if (motion.direction[b] >= 0) continue;
    const dx = Math.round(motion.dx[b]);
    const dy = Math.round(motion.dy[b]);
    const left = Math.max(0, motion.x[b], dx);
    const top = Math.max(0, motion.y[b], dy);
    const right = Math.min(width, motion.x[b] + motion.width[b], width + dx);
    const bottom = Math.min(height, motion.y[b] + motion.height[b], height + dy);
    if (right > left && bottom > top) yield { left, top, right, bottom, dx, dy };
  }
}
