import { blockMotion, randomFrom } from '@twnet/testing/made-motion';
import { expect, it } from 'vitest';
import { denseMotion } from './dense-motion.js';
import { fieldBlocks } from './field-blocks.js';

it('gives blocks whose dense motion is the field, at sizes that cells do not divide too, and no block for a hole', () => {
  const random = randomFrom(3);
  const blocks = Array.from({ length: 7 * 11 }, (_, i) => ({
    x: 4 * (i % 11),
    y: 4 * Math.floor(i / 11),
    w: 4,
    h: 4,
    dx: random() * 8,
    dy: random() * 8,
  })).filter((_, i) => i % 5 > 0);
  const field = denseMotion(blockMotion(blocks), 42, 27, 4);
  const motion = fieldBlocks(field);
  expect(motion.count).toBe(blocks.length);
  expect(denseMotion(motion, 42, 27, 4)).toEqual(field);
});
