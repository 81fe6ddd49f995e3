import { packVectors, VECTOR_BYTES, vectorRows } from '@twnet/core/motion/vector-rows';
import { describe, expect, it } from 'vitest';
import { parseBlockMotion } from '../video/block-motion.js';

/** source, w, h, src_x, src_y, dst_x, dst_y, motion_x, motion_y, motion_scale. */
const ROWS = [
  [-1, 16, 16, 22, 9, 24, 8, -5, 3, 2],
  [1, 8, 16, -3, 40, -4, 40, 7, -1, 4],
  [-1, 16, 8, 1900, 1060, 1912, 1068, -48, -32, 4],
  [-1, 8, 8, -10, -6, 4, 4, -57, -43, 4],
  [1, 16, 16, 8, 8, 8, 8, 0, 0, 2],
];

/** As FFmpeg's motion_vector.h lays it out. */
function record([source, w, h, srcX, srcY, dstX, dstY, motionX, motionY, scale]: readonly number[]): Buffer {
  const bytes = Buffer.alloc(40, 0xee);
  bytes.writeInt32LE(source, 0);
  bytes.writeUInt8(w, 4);
  bytes.writeUInt8(h, 5);
  for (const [i, value] of [srcX, srcY, dstX, dstY].entries()) bytes.writeInt16LE(value, 6 + 2 * i);
  bytes.writeInt32LE(motionX, 24);
  bytes.writeInt32LE(motionY, 28);
  bytes.writeUInt16LE(scale, 32);
  return bytes;
}

describe('rows of vectors', () => {
  it.each(ROWS.map((row) => [row]))('are what FFmpeg gave: %j', (row) => {
    expect(vectorRows(parseBlockMotion(record(row)))).toEqual([row]);
  });

  it('hold the frame, and every field at its place', () => {
    const rows = new Int32Array((2 * VECTOR_BYTES) / 4);
    const motion = parseBlockMotion(Buffer.concat(ROWS.slice(0, 2).map(record)));
    // Of one picture all vectors have one scale.
    packVectors({ ...motion, scale: 4 }, 70_000, rows);
    const view = new DataView(rows.buffer, VECTOR_BYTES);
    expect(view.getInt32(0, true)).toBe(70_000);
    expect([view.getInt8(4), view.getUint8(5), view.getUint8(6), view.getUint8(7)]).toEqual([1, 8, 16, 4]);
    const rest = [8, 10, 12, 14, 16, 18].map((at) => view.getInt16(at, true));
    expect(rest).toEqual([-3, 40, -4, 40, 7, -1]);
  });

  it('round vectors that have no unit of their own to quarters of a pixel', () => {
    const { scale: _none, ...motion } = parseBlockMotion(record(ROWS[0]));
    expect(vectorRows({ ...motion, dx: Float32Array.of(1.3) })[0].slice(7)).toEqual([-5, 6, 4]);
  });
});
