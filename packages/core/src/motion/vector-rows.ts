/**
 * Vectors as rows of whole numbers, with the names and meanings of FFmpeg's AVMotionVector, which the tools of the
 * field give too (mv-extractor's ten columns).
 */
import type { BlockMotion } from '../frame.js';

/** A row as it lies in memory: five 32-bit words. */
export const VECTOR_TYPE = [
  ['frame', '<i4'],
  ['source', '|i1'],
  ['w', '|u1'],
  ['h', '|u1'],
  ['motion_scale', '|u1'],
  ['src_x', '<i2'],
  ['src_y', '<i2'],
  ['dst_x', '<i2'],
  ['dst_y', '<i2'],
  ['motion_x', '<i2'],
  ['motion_y', '<i2'],
] as const;

export const VECTOR_BYTES = 20;
const WORDS = VECTOR_BYTES / 4;
/** Units of a pixel that vectors are rounded to which have none of their own. */
const FINEST_SCALE = 4;

/** A row without its frame, in mv-extractor's order: source, w, h, src_x, src_y, dst_x, dst_y, motion_x, motion_y, motion_scale. */
export type VectorRow = readonly number[];

/**
 * Fills in a frame's rows. `dst` is the block's centre and `src` that of the block it comes from, whole pixels;
 * motion / motion_scale leads from the one to the other, thus is −Mv.
 *
 * @param rows 5 words a vector; see {@link VECTOR_TYPE}
 */
export function packVectors(motion: BlockMotion, frame: number, rows: Int32Array): void {
  const { count, direction, x, y, width, height, dx, dy, scale = FINEST_SCALE } = motion;
  for (let i = 0, at = 0; i < count; i++, at += WORDS) {
    const w = width[i];
    const h = height[i];
    const mx = dx[i];
    const my = dy[i];
    const dstX = x[i] + (w >> 1);
    const dstY = y[i] + (h >> 1);
    rows[at] = frame;
    rows[at + 1] = pair((direction[i] & 0xff) | (w << 8), h | (scale << 8));
    // FFmpeg divides whole numbers, which rounds towards zero.
    rows[at + 2] = pair(dstX - (mx | 0), dstY - (my | 0));
    rows[at + 3] = pair(dstX, dstY);
    rows[at + 4] = pair(Math.round(-mx * scale), Math.round(-my * scale));
  }
}

/** Two 16-bit numbers as they lie behind one another. */
const pair = (first: number, second: number): number => (first & 0xffff) | (second << 16);

/** The same rows as lists of numbers. */
export function vectorRows(motion: BlockMotion): VectorRow[] {
  const words = new Int32Array(WORDS * motion.count);
  packVectors(motion, 0, words);
  const half = new Int16Array(words.buffer);
  const bytes = new Uint8Array(words.buffer);
  return Array.from({ length: motion.count }, (_, i) => [
    ...[motion.direction[i], bytes[VECTOR_BYTES * i + 5], bytes[VECTOR_BYTES * i + 6]],
    ...half.subarray(2 * WORDS * i + 4, 2 * WORDS * (i + 1)),
    bytes[VECTOR_BYTES * i + 7],
  ]);
}
