import type { BlockMotion } from '../frame.js';

/**
 * Motion the other way: from vectors of a frame into its past reference, vectors of that reference into the frame.
 * Each block is moved to where it came from (whole pixels) and its vector turned round; blocks may overlap there
 * and leave gaps. Entries that refer to the future are left out.
 */
export function reverseMotion({ count, direction, x, y, width, height, dx, dy }: BlockMotion): BlockMotion {
  let kept = 0;
  const reversed = {
    x: new Int16Array(count),
    y: new Int16Array(count),
    width: new Uint8Array(count),
    height: new Uint8Array(count),
    dx: new Float32Array(count),
    dy: new Float32Array(count),
  };
  for (let b = 0; b < count; b++) {
    if (direction[b] >= 0) continue;
    reversed.x[kept] = Math.round(x[b] - dx[b]);
    reversed.y[kept] = Math.round(y[b] - dy[b]);
    reversed.width[kept] = width[b];
    reversed.height[kept] = height[b];
    reversed.dx[kept] = -dx[b];
    reversed.dy[kept] = -dy[b];
    kept++;
  }
  return {
    count: kept,
    direction: new Int8Array(kept).fill(-1),
    x: reversed.x.subarray(0, kept),
    y: reversed.y.subarray(0, kept),
    width: reversed.width.subarray(0, kept),
    height: reversed.height.subarray(0, kept),
    dx: reversed.dx.subarray(0, kept),
    dy: reversed.dy.subarray(0, kept),
  };
}
