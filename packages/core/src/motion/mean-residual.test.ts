import { macroblocks, randomFrom } from '@twnet/testing/made-motion';
import { describe, expect, it } from 'vitest';
import { meanResidual } from './mean-residual.js';
import { residualMap } from './residual-map.js';

describe('meanResidual', () => {
  it('is the mean over all pixels and planes, at sizes that cells do not divide too', () => {
    const random = randomFrom(5);
    for (const [width, height] of [
      [64, 48],
      [70, 50],
      [33, 21],
    ]) {
      const picture = () => Uint8Array.from({ length: 3 * width * height }, () => random() * 256);
      const [current, previous] = [picture(), picture()];
      const mean = current.reduce((sum, v, i) => sum + Math.abs(v - previous[i]), 0) / current.length;
      const still = macroblocks(width, height, () => [0, 0]);
      for (const stride of [4, 8, 16] as const) {
        const map = residualMap(current, previous, still, width, height, stride);
        expect(meanResidual(map, width, height)).toBeCloseTo(mean, 2);
      }
    }
  });
});
