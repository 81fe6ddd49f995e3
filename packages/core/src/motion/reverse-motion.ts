import type { BlockMotion } from '../frame.js';

/**
 * Motion the other way: from vectors of a frame into its past reference, vectors of that reference into the frame.
 * Each block is moved to where it came from (whole pixels) and its vector turned round; blocks may overlap there
 * and leave gaps. Entries that refer to the future are left out.
 */
export function reverseMotion(motion: BlockMotion): BlockMotion {
  const kept = Array.from({ length: motion.count }, (_, b) => b).filter((b) => motion.direction[b] < 0);
  return {
    count: kept.length,
    direction: new Int8Array(kept.length).fill(-1),
    x: Int16Array.from(kept, (b) => Math.round(motion.x[b] - motion.dx[b])),
    y: Int16Array.from(kept, (b) => Math.round(motion.y[b] - motion.dy[b])),
    width: Uint8Array.from(kept, (b) => motion.width[b]),
    height: Uint8Array.from(kept, (b) => motion.height[b]),
    dx: Float32Array.from(kept, (b) => -motion.dx[b]),
    dy: Float32Array.from(kept, (b) => -motion.dy[b]),
  };
}
