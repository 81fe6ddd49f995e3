/** Frames of another size than they were coded, with motion to match. */
import type { BlockMotion } from '@twnet/core/frame';

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** How swscale makes pixels of others. */
export type Scaler = 'bicubic' | 'bilinear' | 'area';

/** For pictures of the size that the key-frame network sees. */
export function scalerFor({ source, scaled }: { readonly source: Size; readonly scaled: Size }): Scaler {
  return scaled.width > source.width || scaled.height > source.height ? 'bilinear' : 'bicubic';
}

/** For frames of half that size: the fastest that leaves no pixel out. */
export function halfScalerFor(sizes: Parameters<typeof scalerFor>[0]): Scaler {
  return sizes.scaled.width < sizes.source.width ? 'area' : scalerFor(sizes);
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
