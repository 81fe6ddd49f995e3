import { describe, expect, it } from 'vitest';
import { recodeClip } from '../video/index.js';
import { renderDemoScene } from './demo-scene.js';

const options = { width: 161, height: 120, frames: 3, seed: 5 };

describe('the rendered street', () => {
  it('is the same for the same seed', () => {
    expect([...renderDemoScene(options)]).toEqual([...renderDemoScene(options)]);
    const [first] = renderDemoScene(options);
    const [other] = renderDemoScene({ ...options, seed: 6 });
    expect(other.labels).not.toEqual(first.labels);
  });

  it("labels every pixel with one of CamVid's classes, and shows most of them", () => {
    const seen = new Set<number>();
    for (const { pixels, labels } of renderDemoScene({ ...options, width: 320, height: 240, frames: 45 })) {
      expect(pixels).toHaveLength(3 * labels.length);
      for (const label of labels) seen.add(label);
    }
    expect(Math.max(...seen)).toBeLessThanOrEqual(10);
    expect(seen.size).toBeGreaterThanOrEqual(10);
  });

  it('moves in a way that a codec can follow: most of a P-frame is predicted', () => {
    const size = { width: 320, height: 240 };
    const frames = [...renderDemoScene({ ...size, frames: 4, seed: 5 })].map(({ pixels }) => pixels);
    const decoded = recodeClip(frames, size);
    for (const { motion } of decoded.slice(1)) {
      let area = 0;
      for (let i = 0; i < motion.count; i++) area += motion.width[i] * motion.height[i];
      expect(area / (320 * 240)).toBeGreaterThan(0.7);
      expect(motion.dx.some((dx) => dx !== 0)).toBe(true);
    }
  });
});
