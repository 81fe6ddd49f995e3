import { describe, expect, it } from 'vitest';
import { type BlockMotion, NO_MOTION } from '../frame.js';
import { FlickerMeter, labelFlicker } from './flicker.js';

interface Block {
  x: number;
  y: number;
  size: number;
  dx: number;
  dy: number;
  direction?: number;
}

function motionOf(blocks: readonly Block[]): BlockMotion {
  return {
    count: blocks.length,
    direction: Int8Array.from(blocks, (b) => b.direction ?? -1),
    x: Int16Array.from(blocks, (b) => b.x),
    y: Int16Array.from(blocks, (b) => b.y),
    width: Uint8Array.from(blocks, (b) => b.size),
    height: Uint8Array.from(blocks, (b) => b.size),
    dx: Float32Array.from(blocks, (b) => b.dx),
    dy: Float32Array.from(blocks, (b) => b.dy),
  };
}

/** The definition, one pixel at a time. */
function flickerByPixel(
  now: Uint8Array,
  before: Uint8Array,
  blocks: readonly Block[],
  width: number,
  height: number,
) {
  let compared = 0;
  let changed = 0;
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (const b of blocks) {
        const inside = x >= b.x && x < b.x + b.size && y >= b.y && y < b.y + b.size;
        if (!inside || (b.direction ?? -1) > 0) continue;
        const sx = x - Math.round(b.dx);
        const sy = y - Math.round(b.dy);
        if (sx < 0 || sx >= width || sy < 0 || sy >= height) continue;
        const [label, old] = [now[y * width + x], before[sy * width + sx]];
        if (label === 255 || old === 255) continue;
        compared++;
        if (label !== old) changed++;
      }
    }
  }
  return { compared, changed };
}

describe('labelFlicker', () => {
  it('is 0 for labels that move with their blocks', () => {
    // A 4×4 picture whose columns move two to the right: what enters on the left cannot be compared.
    const before = Uint8Array.of(1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4);
    const now = Uint8Array.of(9, 9, 1, 2, 9, 9, 1, 2, 9, 9, 1, 2, 9, 9, 1, 2);
    const still = motionOf([{ x: 0, y: 0, size: 4, dx: 0, dy: 0 }]);
    const moved = motionOf([{ x: 0, y: 0, size: 4, dx: 2, dy: 0 }]);
    expect(labelFlicker(now, before, moved, 4, 4)).toEqual({ compared: 8, changed: 0 });
    expect(labelFlicker(now, before, still, 4, 4)).toEqual({ compared: 16, changed: 16 });
  });

  it('leaves out future references, ignored labels and what no block covers', () => {
    const before = Uint8Array.of(0, 0, 0, 255);
    const now = Uint8Array.of(255, 1, 0, 0);
    const cover = { x: 0, y: 0, size: 2, dx: 0, dy: 0 };
    expect(labelFlicker(now, before, motionOf([cover]), 2, 2)).toEqual({ compared: 2, changed: 1 });
    expect(labelFlicker(now, before, motionOf([{ ...cover, direction: 1 }]), 2, 2)).toEqual({
      compared: 0,
      changed: 0,
    });
    expect(labelFlicker(now, before, NO_MOTION, 2, 2)).toEqual({ compared: 0, changed: 0 });
  });

  it('agrees with the definition on blocks that straddle the borders and sub-pel vectors', () => {
    const width = 37;
    const height = 29;
    const labels = (seed: number) =>
      Uint8Array.from({ length: width * height }, (_, i) => {
        const hash = Math.imul(i + seed, 2654435761) >>> 24;
        return hash < 20 ? 255 : hash % 5;
      });
    const blocks: Block[] = [];
    for (let y = 0; y < height; y += 16) {
      for (let x = 0; x < width; x += 16) {
        const k = blocks.length;
        if (k === 3) blocks.push({ x, y, size: 16, dx: 0, dy: 0, direction: 1 });
        else blocks.push({ x, y, size: 16, dx: ((k * 7.25) % 23) - 11, dy: ((k * 5.5) % 17) - 8 });
      }
    }
    blocks.push({ x: -8, y: -8, size: 16, dx: 3, dy: 3 });
    const expected = flickerByPixel(labels(1), labels(99), blocks, width, height);
    expect(expected.compared).toBeGreaterThan(100);
    expect(labelFlicker(labels(1), labels(99), motionOf(blocks), width, height)).toEqual(expected);
  });

  it('refuses maps of another size', () => {
    expect(() => labelFlicker(new Uint8Array(4), new Uint8Array(3), NO_MOTION, 2, 2)).toThrow(RangeError);
  });
});

describe('FlickerMeter', () => {
  it('gives shares per frame and over all pixels, and does not compare across a discontinuity', () => {
    const meter = new FlickerMeter(2, 2);
    const still = motionOf([{ x: 0, y: 0, size: 2, dx: 0, dy: 0 }]);
    const labels = Uint8Array.of(0, 0, 0, 0);
    meter.add(labels, NO_MOTION, true);
    labels[0] = 1; // The meter keeps its own copy.
    meter.add(labels, still);
    meter.add(labels, still);
    meter.add(Uint8Array.of(2, 2, 2, 2), still, true);
    expect(meter.perFrame()).toEqual([Number.NaN, 1 / 4, 0, Number.NaN]);
    expect(meter.mean()).toBe(1 / 8);
  });
});
