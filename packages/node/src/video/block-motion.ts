/** Parses the motion that FFmpeg's decoders attach to a frame (AV_FRAME_DATA_MOTION_VECTORS). */
import { type BlockMotion, NO_MOTION } from '@twnet/core/frame';

/** Bytes of one little-endian AVMotionVector. */
export const RECORD_BYTES = 40;
export const RECORD_WORDS = RECORD_BYTES / 4;
/** Bytes of one entry of a {@link BlockMotion}: two floats, two 16-bit and three 8-bit integers. */
const ENTRY_BYTES = 15;

/**
 * Side data → block motion: Mv = −motion / scale (the paper's Eq. 2), sub-pel kept; the block's place from its
 * centre. A record's padding bytes differ from run to run and are never read.
 */
export function parseBlockMotion(sideData: Uint8Array | null): BlockMotion {
  const count = sideData ? Math.floor(sideData.byteLength / RECORD_BYTES) : 0;
  if (!sideData || count === 0) return NO_MOTION;
  const words = wordsOf(sideData);
  const { direction, x, y, width, height, dx, dy } = emptyMotion(count);
  for (let i = 0, at = 0; i < count; i++, at += RECORD_WORDS) {
    const blockWidth = words[at + 1] & 0xff;
    const blockHeight = (words[at + 1] >> 8) & 0xff;
    const scale = words[at + 8] & 0xffff || 1;
    direction[i] = words[at] < 0 ? -1 : 1;
    width[i] = blockWidth;
    height[i] = blockHeight;
    x[i] = (words[at + 2] >> 16) - (blockWidth >> 1);
    y[i] = ((words[at + 3] << 16) >> 16) - (blockHeight >> 1);
    dx[i] = -words[at + 6] / scale;
    dy[i] = -words[at + 7] / scale;
  }
  return { count, direction, x, y, width, height, dx, dy, scale: words[8] & 0xffff || 1 };
}

/** As 32-bit words, which are read several times as fast as bytes; copied only where they do not lie on such. */
export function wordsOf(bytes: Uint8Array): Int32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  return new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length >> 2);
}

/** All arrays in one piece of memory: seven pieces a frame cost more than what is put into them. */
function emptyMotion(count: number) {
  const memory = new ArrayBuffer(ENTRY_BYTES * count);
  return {
    dx: new Float32Array(memory, 0, count),
    dy: new Float32Array(memory, 4 * count, count),
    x: new Int16Array(memory, 8 * count, count),
    y: new Int16Array(memory, 10 * count, count),
    direction: new Int8Array(memory, 12 * count, count),
    width: new Uint8Array(memory, 13 * count, count),
    height: new Uint8Array(memory, 14 * count, count),
  };
}
