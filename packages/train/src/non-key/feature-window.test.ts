import { warpFeatures } from '@twnet/core/motion/warp';
import { fieldOf, randomFrom } from '@twnet/testing/made-motion';
import { expect, it } from 'vitest';
import { cutField, cutPlanes } from './feature-window.js';

const grid = { rows: 3, columns: 4 };

it('cuts the same rectangle of every plane', () => {
  const values = Float32Array.from({ length: 24 }, (_, i) => i);
  const window = { top: 1, left: 2, rows: 2, columns: 2 };
  expect([...cutPlanes(values, grid, window)]).toEqual([6, 7, 10, 11, 18, 19, 22, 23]);
  expect(cutPlanes(values, grid, { top: 0, left: 0, ...grid })).toBe(values);
});

it('cuts motion so that the warp inside a window is that of the whole where it reaches no border', () => {
  const random = randomFrom(3);
  const field = fieldOf(9, 10, 8, () => [(random() - 0.5) * 14, (random() - 0.5) * 14]);
  const features = Float32Array.from({ length: 2 * 90 }, random);
  const window = { top: 2, left: 3, rows: 5, columns: 6 };
  const cut = warpFeatures(cutPlanes(features, field, window), 2, cutField(field, window));
  const whole = cutPlanes(warpFeatures(features, 2, field), field, window);
  for (let plane = 0; plane < 2; plane++)
    for (let row = 1; row < 4; row++)
      for (let column = 1; column < 5; column++) {
        const at = plane * 30 + row * 6 + column;
        expect(cut[at]).toBeCloseTo(whole[at], 6);
      }
});
