import { prevailingMotion, textureAt } from '@twnet/testing/moving-texture';
import { describe, expect, it } from 'vitest';
import { BlockMatcher } from './block-matching.js';

describe('BlockMatcher', () => {
  it.each([
    [3, 2],
    [-5, 4],
    [0, -6],
  ])('finds a texture’s motion by (%i, %i), whichever pairs it is given', async (dx, dy) => {
    const [width, height] = [168, 124];
    const at = (t: number) => textureAt(width, height, t * dx, t * dy);
    using matcher = new BlockMatcher(width, height);
    const pictures = [0, 1, 2, 3].map(at);
    const [first, second, third, fourth] = pictures;
    for (const [current, previous, steps] of [
      [second, first, 1],
      [third, second, 1],
      [fourth, second, 2],
      [first, second, -1],
    ] as const) {
      const motion = await matcher.between(current, previous);
      const { vector, share } = prevailingMotion({ motion, width, height } as never);
      expect(vector).toEqual([steps * dx || 0, steps * dy || 0]);
      expect(share).toBeGreaterThan(0.9);
    }
  });

  it('covers the frame to its border, a vector for every block into the past', async () => {
    const [width, height] = [70, 52];
    using matcher = new BlockMatcher(width, height);
    const motion = await matcher.between(textureAt(width, height, 1, 0), textureAt(width, height, 0, 0));
    let area = 0;
    for (let b = 0; b < motion.count; b++) {
      if (motion.direction[b] < 0) area += motion.width[b] * motion.height[b];
      expect(motion.x[b] + motion.width[b]).toBeLessThanOrEqual(width);
    }
    expect(area).toBe(width * height);
  });
});
