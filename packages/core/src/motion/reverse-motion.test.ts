import { blockMotion, macroblocks } from '@twnet/testing/made-motion';
import { describe, expect, it } from 'vitest';
import { reverseMotion } from './reverse-motion.js';

describe('reverseMotion', () => {
  it('moves blocks to where they came from and turns their vectors', () => {
    const past = { x: 16, y: 0, w: 16, h: 8, dx: 5, dy: -2.25 };
    const reversed = reverseMotion(blockMotion([past, { ...past, direction: 1 }]));
    expect(reversed).toEqual(blockMotion([{ x: 11, y: 2, w: 16, h: 8, dx: -5, dy: 2.25 }]));
  });

  it('gives whole-pixel motion back when reversed twice', () => {
    const motion = macroblocks(64, 32, (x) => [x / 16, -3]);
    expect(reverseMotion(reverseMotion(motion))).toEqual(motion);
  });
});
