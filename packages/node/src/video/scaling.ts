/** Frames smaller than they were coded, with motion to match. */
import type { BlockMotion } from '@twnet/core/frame';

/** Smallest side that scaling leaves, pixels. */
export const SMALLEST_SIDE = 16;

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** The size that `scale` (0 < scale ≤ 1) gives; never under 16 pixels, unless the side is that small itself. */
export function scaledSize({ width, height }: Size, scale: number): Size {
  const side = (length: number): number =>
    Math.max(Math.min(length, SMALLEST_SIDE), Math.round(length * scale));
  return { width: side(width), height: side(height) };
}

/**
 * Block places and vectors of a frame of size `from`, as they are in the frame of size `to`. Edges are rounded to
 * whole pixels, so that blocks that touched still do; vectors keep their fractions.
 */
export function scaleMotion(motion: BlockMotion, from: Size, to: Size): BlockMotion {
  if (motion.count === 0 || (from.width === to.width && from.height === to.height)) return motion;
  const { count, direction } = motion;
  const across = scaledEdges(motion.x, motion.width, to.width / from.width);
  const down = scaledEdges(motion.y, motion.height, to.height / from.height);
  return {
    count,
    direction,
    x: across.start,
    y: down.start,
    width: across.length,
    height: down.length,
    dx: motion.dx.map((v) => (v * to.width) / from.width),
    dy: motion.dy.map((v) => (v * to.height) / from.height),
  };
}

function scaledEdges(
  start: Int16Array,
  length: Uint8Array,
  factor: number,
): { start: Int16Array; length: Uint8Array } {
  const scaledStart = start.map((v) => Math.round(v * factor));
  const scaledLength = length.map((v, i) => Math.round((start[i] + v) * factor) - scaledStart[i]);
  return { start: scaledStart, length: scaledLength };
}
