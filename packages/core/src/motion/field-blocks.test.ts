import { blockMotion, randomFrom } from '@twnet/testing/made-motion';
import { expect, it } from 'vitest';
import { denseMotion } from './dense-motion.js';
import { fieldBlocks, filledField } from './field-blocks.js';
import { warpField } from './warp-field.js';

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

it('fills the holes of a field as if it went by its blocks', () => {
  const random = randomFrom(4);
  for (const [width, height] of [
    [42, 27],
    [64, 48],
  ]) {
    const blocks = Array.from({ length: 24 }, () => ({
      x: Math.floor(random() * width) - 3,
      y: Math.floor(random() * height) - 3,
      w: 6,
      h: 6,
      dx: random() * 8,
      dy: random() * 8,
    }));
    const field = denseMotion(blockMotion(blocks), width, height, 4);
    const before = structuredClone(field);
    expect(filledField(field)).toEqual(warpField(fieldBlocks(field), width, height, 4));
    expect(field).toEqual(before);
  }
});
