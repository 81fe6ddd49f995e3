import { movingTexture, TestFolder, writeClip } from '@twnet/testing/moving-texture';
import { describe, expect, it } from 'vitest';
import { Disagreement, differing } from './disagreement.js';
import { LabelStore } from './label-store.js';
import { StreamFlicker } from './stream-flicker.js';

describe('Disagreement', () => {
  it('is the share of pixels, of all frames and by distance', () => {
    const one = new Disagreement();
    one.add(0, Uint8Array.of(1, 2, 3, 4), Uint8Array.of(1, 2, 3, 4));
    one.add(2, Uint8Array.of(1, 2, 3, 255), Uint8Array.of(1, 2, 3, 4));
    one.add(2, Uint8Array.of(0, 0, 0, 4), Uint8Array.of(1, 2, 3, 4));
    expect(one.share()).toBe(4 / 12);
    expect(one.share(1)).toBe(4 / 8);
    expect(one.share(3)).toBeNaN();
    expect(one.byDistance()).toEqual([
      { distance: 0, frames: 1, disagreement: 0 },
      { distance: 2, frames: 2, disagreement: 0.5 },
    ]);
    expect(() => differing(new Uint8Array(2), new Uint8Array(3))).toThrow(RangeError);
  });
});

describe('LabelStore', () => {
  it('gives back what was added, in any order', () => {
    using folder = new TestFolder();
    using store = new LabelStore(folder.at('labels'), { width: 3, height: 1 });
    for (let i = 0; i < 4; i++) store.add(Uint8Array.of(i, 10 * i, 255));
    expect(store.count).toBe(4);
    for (const i of [3, 0, 2]) expect([...store.read(i)]).toEqual([i, 10 * i, 255]);
    expect(() => store.read(4)).toThrow(RangeError);
    expect(() => store.add(new Uint8Array(2))).toThrow(RangeError);
  });
});

describe('StreamFlicker', () => {
  it('follows the pictures: labels that move with them do not change, labels that stay do', async () => {
    using folder = new TestFolder();
    const path = folder.at('moving.mkv');
    const [width, height, frames, step] = [96, 64, 5, 4];
    await writeClip(path, movingTexture(width, height, frames, step, 0), { quality: 1 });
    const stripes = (shift: number): Uint8Array =>
      Uint8Array.from({ length: width * height }, (_, i) => Math.floor(((i % width) + 400 - shift) / 16) % 2);
    const flickerOf = async (labelsAt: (frame: number) => Uint8Array): Promise<number> => {
      await using flicker = await StreamFlicker.open(path);
      for (let t = 0; t < frames; t++) await flicker.add(labelsAt(t));
      await expect(flicker.add(labelsAt(0))).rejects.toThrow(RangeError);
      return flicker.mean();
    };
    expect(await flickerOf((t) => stripes(step * t))).toBeLessThan(0.02);
    // A quarter of each stripe moves into the next one.
    expect(await flickerOf(() => stripes(0))).toBeCloseTo(step / 16, 1);
  });
});
