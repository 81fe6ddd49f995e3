import { describe, expect, it } from 'vitest';
import { parseBlockMotion } from './block-motion.js';

/** One AVMotionVector as FFmpeg's motion_vector.h lays it out, its padding filled with rubbish. */
function record(v: {
  source: number;
  size: readonly [number, number];
  centre: readonly [number, number];
  motion: readonly [number, number];
  scale: number;
}): Buffer {
  const bytes = Buffer.alloc(40, 0xee);
  bytes.writeInt32LE(v.source, 0);
  bytes.writeUInt8(v.size[0], 4);
  bytes.writeUInt8(v.size[1], 5);
  bytes.writeInt16LE(v.centre[0] + Math.trunc(v.motion[0] / v.scale), 6);
  bytes.writeInt16LE(v.centre[1] + Math.trunc(v.motion[1] / v.scale), 8);
  bytes.writeInt16LE(v.centre[0], 10);
  bytes.writeInt16LE(v.centre[1], 12);
  bytes.writeBigUInt64LE(0n, 16);
  bytes.writeInt32LE(v.motion[0], 24);
  bytes.writeInt32LE(v.motion[1], 28);
  bytes.writeUInt16LE(v.scale, 32);
  return bytes;
}

describe('parseBlockMotion', () => {
  const half = record({ source: -1, size: [16, 16], centre: [24, 8], motion: [-5, 3], scale: 2 });
  const quarter = record({ source: 1, size: [8, 16], centre: [-4, 40], motion: [7, -1], scale: 4 });

  it('gives top-left corners, Mv = −motion / scale with fractions, and directions', () => {
    const motion = parseBlockMotion(Buffer.concat([half, quarter]));
    expect(motion.count).toBe(2);
    expect([...motion.direction]).toEqual([-1, 1]);
    expect([...motion.x]).toEqual([16, -8]);
    expect([...motion.y]).toEqual([0, 32]);
    expect([...motion.width]).toEqual([16, 8]);
    expect([...motion.height]).toEqual([16, 16]);
    expect([...motion.dx]).toEqual([2.5, -1.75]);
    expect([...motion.dy]).toEqual([-1.5, 0.25]);
  });

  it('reads records at any place in memory', () => {
    const shifted = Buffer.concat([Buffer.alloc(3), half]).subarray(3);
    expect(parseBlockMotion(shifted)).toEqual(parseBlockMotion(half));
  });

  it('takes no side data, too little of it and a broken rest for what they are', () => {
    expect(parseBlockMotion(null).count).toBe(0);
    expect(parseBlockMotion(half.subarray(0, 39)).count).toBe(0);
    expect(parseBlockMotion(Buffer.concat([half, quarter.subarray(0, 20)])).count).toBe(1);
  });
});
