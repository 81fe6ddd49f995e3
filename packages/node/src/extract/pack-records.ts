import { RECORD_WORDS, wordsOf } from '../video/block-motion.js';

/**
 * FFmpeg's records → rows as `packVectors` makes them, five words each: the same numbers, moved together.
 *
 * @param frame number of the frame
 * @param rows room for all of them
 */
export function packRecords(records: Uint8Array, frame: number, rows: Int32Array): void {
  const words = wordsOf(records);
  for (let from = 0, at = 0; at < rows.length; from += RECORD_WORDS, at += 5) {
    const sizes = words[from + 1]; // w, h, src_x
    const middle = words[from + 2]; // src_y, dst_x
    rows[at] = frame;
    rows[at + 1] = (words[from] & 0xff) | ((sizes & 0xffff) << 8) | (words[from + 8] << 24);
    rows[at + 2] = (sizes >>> 16) | (middle << 16);
    rows[at + 3] = (middle >>> 16) | (words[from + 3] << 16);
    rows[at + 4] = (words[from + 6] & 0xffff) | (words[from + 7] << 16);
  }
}
