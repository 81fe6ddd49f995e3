/** Parses the motion that FFmpeg's decoders attach to a frame (AV_FRAME_DATA_MOTION_VECTORS). */
import { type BlockMotion, NO_MOTION } from '@twnet/core/frame';

/** Bytes of one little-endian AVMotionVector. */
export const RECORD_BYTES = 40;

/**
 * Side data → block motion: Mv = −motion / scale (the paper's Eq. 2), sub-pel kept; the block's place from its
 * centre. A record's padding bytes differ from run to run and are never read.
 */
export function parseBlockMotion(sideData: Uint8Array | null): BlockMotion {
  const count = sideData ? Math.floor(sideData.byteLength / RECORD_BYTES) : 0;
  if (!sideData || count === 0) return NO_MOTION;
  const view = new DataView(sideData.buffer, sideData.byteOffset, sideData.byteLength);
  const motion = {
    count,
    direction: new Int8Array(count),
    x: new Int16Array(count),
    y: new Int16Array(count),
    width: new Uint8Array(count),
    height: new Uint8Array(count),
    dx: new Float32Array(count),
    dy: new Float32Array(count),
  };
  for (let i = 0, at = 0; i < count; i++, at += RECORD_BYTES) {
    const width = view.getUint8(at + 4);
    const height = view.getUint8(at + 5);
    const scale = view.getUint16(at + 32, true) || 1;
    motion.direction[i] = view.getInt32(at, true) < 0 ? -1 : 1;
    motion.width[i] = width;
    motion.height[i] = height;
    motion.x[i] = view.getInt16(at + 10, true) - (width >> 1);
    motion.y[i] = view.getInt16(at + 12, true) - (height >> 1);
    motion.dx[i] = -view.getInt32(at + 24, true) / scale;
    motion.dy[i] = -view.getInt32(at + 28, true) / scale;
  }
  return motion;
}
