import { describe, expect, it } from 'vitest';
import { type BlockMotion, NO_MOTION } from '../frame.js';
import { seededRandom } from '../random.js';
import { labelFlicker } from './flicker.js';
import { meanIou, pixelAccuracy } from './metrics.js';
import { TemporalConsistency, warpLabels } from './temporal-consistency.js';

/** Blocks of 16 pixels on a grid from −8, each with a vector of its own; every fifth refers to the future. */
function blocks(width: number, height: number, seed: number): BlockMotion {
  const random = seededRandom(seed);
  const columns = Math.ceil((width + 8) / 16);
  const count = columns * Math.ceil((height + 8) / 16);
  const list = Array.from({ length: count }, (_, i) => i);
  return {
    count,
    direction: Int8Array.from(list, (i) => (i % 5 === 4 ? 1 : -1)),
    x: Int16Array.from(list, (i) => 16 * (i % columns) - 8),
    y: Int16Array.from(list, (i) => 16 * Math.floor(i / columns) - 8),
    width: new Uint8Array(count).fill(16),
    height: new Uint8Array(count).fill(16),
    dx: Float32Array.from(list, () => 60 * random() - 30),
    dy: Float32Array.from(list, () => 60 * random() - 30),
  };
}

function randomLabels(count: number, seed: number): Uint8Array {
  const random = seededRandom(seed);
  return Uint8Array.from({ length: count }, () => Math.floor(3 * random()));
}

describe('warpLabels', () => {
  it('takes each pixel from where its block was, and 255 where nothing leads', () => {
    const [width, height] = [37, 29];
    const motion = blocks(width, height, 1);
    const previous = randomLabels(width * height, 2);
    const expected = new Uint8Array(width * height).fill(255);
    for (let i = 0; i < expected.length; i++) {
      const [x, y] = [i % width, Math.floor(i / width)];
      for (let b = 0; b < motion.count; b++) {
        const inside = x >= motion.x[b] && x < motion.x[b] + 16 && y >= motion.y[b] && y < motion.y[b] + 16;
        if (!inside || motion.direction[b] > 0) continue;
        const [u, v] = [x - Math.round(motion.dx[b]), y - Math.round(motion.dy[b])];
        if (u >= 0 && u < width && v >= 0 && v < height) expected[i] = previous[v * width + u];
      }
    }
    const warped = new Uint8Array(width * height);
    warpLabels(previous, motion, width, height, warped);
    expect(expected.filter((label) => label === 255).length).toBeGreaterThan(50);
    expect(warped).toEqual(expected);
  });
});

describe('TemporalConsistency', () => {
  const still: BlockMotion = {
    ...blocks(8, 8, 1),
    count: 1,
    dx: new Float32Array(1),
    dy: new Float32Array(1),
  };

  it('is mIoU between labels and the warped labels before, all frames in one matrix', () => {
    const meter = new TemporalConsistency(3, 4, 1);
    meter.add(Uint8Array.of(0, 0, 1, 1), NO_MOTION, true);
    meter.add(Uint8Array.of(0, 1, 1, 1), still);
    meter.add(Uint8Array.of(0, 1, 1, 1), still);
    meter.add(Uint8Array.of(2, 2, 2, 2), still, true);
    // Class 0: kept twice, lost once. Class 1: kept five times, one more from class 0. Class 2 has no pair.
    expect(meanIou(meter.matrix)).toBe((2 / 3 + 5 / 6) / 2);
  });

  it('sees what flicker sees', () => {
    const [width, height] = [48, 40];
    const motion = blocks(width, height, 7);
    const [before, now] = [randomLabels(width * height, 3), randomLabels(width * height, 4)];
    const meter = new TemporalConsistency(3, width, height);
    meter.add(before, NO_MOTION, true);
    meter.add(now, motion);
    const { compared, changed } = labelFlicker(now, before, motion, width, height);
    expect(compared).toBeGreaterThan(300);
    expect(pixelAccuracy(meter.matrix)).toBeCloseTo(1 - changed / compared, 12);
  });

  it('keeps its own copy, and is NaN where nothing could be compared', () => {
    const meter = new TemporalConsistency(2, 2, 1);
    const labels = Uint8Array.of(0, 1);
    meter.add(labels, NO_MOTION);
    labels.fill(0);
    expect(meanIou(meter.matrix)).toBeNaN();
    meter.add(Uint8Array.of(0, 1), still);
    expect(meanIou(meter.matrix)).toBe(1);
  });
});
