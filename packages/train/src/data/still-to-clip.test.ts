import { IGNORE_LABEL } from '@twnet/core/classes';
import { seededRandom } from '@twnet/core/random';
import { madeStill } from '@twnet/testing/made-stills';
import { describe, expect, it } from 'vitest';
import { makeStillClip } from './still-clip.js';
import { StillClipSource } from './still-clip-source.js';
import { stillToClip } from './still-to-clip.js';

const still = madeStill(128, 96);

describe('a clip made from a still', () => {
  it('is the same for the same seed and another for another', () => {
    const clip = stillToClip(still, 4, seededRandom(1));
    expect(stillToClip(still, 4, seededRandom(1))).toEqual(clip);
    expect(stillToClip(still, 4, seededRandom(2))).not.toEqual(clip);
  });

  it('has labels that follow its pixels', () => {
    // Colour tells the class apart: red 200 on the road, 100 in the sky, 20 on the car.
    const area = 128 * 96;
    const colour = new Map([
      [3, 200],
      [0, 100],
      [8, 20],
    ]);
    const pixels = new Uint8Array(3 * area);
    for (let i = 0; i < area; i++) pixels[i] = colour.get(still.labels[i])!;
    for (let seed = 1; seed <= 5; seed++) {
      const { frames, labels } = stillToClip({ ...still, pixels }, 6, seededRandom(seed));
      let wrong = 0;
      let known = 0;
      frames.forEach((frame, t) => {
        for (let i = 0; i < area; i++) {
          const expected = colour.get(labels[t][i]);
          if (expected === undefined) continue;
          known += 1;
          if (Math.abs(frame[i] - expected) > 40) wrong += 1;
        }
      });
      expect(known).toBeGreaterThan(0.5 * 6 * area);
      // Blended borders, and ground filled in behind what moves, are all that may differ.
      expect(wrong / known).toBeLessThan(0.06);
    }
  });

  it('jumps to another still on its way, where its pixels and labels are those of the other', () => {
    const other = { ...madeStill(128, 96, 2), labels: new Uint8Array(128 * 96).fill(5) };
    const plain = stillToClip(still, 6, seededRandom(3));
    const jumping = stillToClip(still, 6, seededRandom(3), { to: other, from: 4 });
    expect(new Set(jumping.labels[3])).not.toContain(5);
    for (const t of [4, 5])
      expect(new Set(jumping.labels[t].filter((label) => label !== IGNORE_LABEL))).toEqual(new Set([5]));
    // Sky and road are where they were before the jump, in another shade after it.
    const change = (t: number): number =>
      jumping.frames[t].reduce((sum, value, i) => sum + Math.abs(value - plain.frames[t][i]), 0) /
      jumping.frames[t].length;
    expect(change(0)).toBeLessThan(5);
    expect(change(4)).toBeGreaterThan(10);
  });

  it('moves', () => {
    const { frames } = stillToClip(still, 6, seededRandom(4));
    let changed = 0;
    for (let i = 0; i < frames[0].length; i++) if (Math.abs(frames[5][i] - frames[0][i]) > 10) changed += 1;
    expect(changed / frames[0].length).toBeGreaterThan(0.02);
  });
});

describe('made clips', () => {
  it('jump where they are to, and are the same as ever where not', () => {
    const bright = { ...still, pixels: still.pixels.map((value) => Math.min(255, value + 90)) };
    const clip = (share: number, index: number, next = [1, -1]) =>
      makeStillClip([still, bright], index, { seed: 3, length: 4, jumps: { share, next } });
    const mean = (pixels: Uint8Array): number =>
      pixels.reduce((sum, value) => sum + value, 0) / pixels.length;
    const plain = (index: number) => makeStillClip([still, bright], index, { seed: 3, length: 4 });
    const directions = new Set<string>();
    let stayed = 0;
    for (let index = 0; index < 12; index++) {
      const { frames } = clip(1, index);
      const step = mean(frames[3].pixels) - mean(frames[0].pixels);
      if (Math.abs(step) < 40) {
        // Those that begin with the second still, which none follows.
        expect(frames[3].pixels).toEqual(plain(index).frames[3].pixels);
        stayed += 1;
      } else directions.add(step > 0 ? 'onwards' : 'backwards');
    }
    expect(directions).toEqual(new Set(['onwards', 'backwards']));
    expect(stayed).toBeGreaterThan(0);
    expect(clip(0, 1).frames[3].pixels).toEqual(plain(1).frames[3].pixels);
    expect(clip(1, 1, [-1, -1]).frames[3].pixels).toEqual(plain(1).frames[3].pixels);
  });

  it('show their stills from nearby and in other light, before and after a jump alike', () => {
    const [width, height] = [128, 96];
    // Stripes of sky and road, 8 pixels wide, which do not move on their own.
    const striped = Uint8Array.from({ length: width * height }, (_, i) => ((i % width) & 8 ? 0 : 3));
    const stills = [1, 1].map((seed) => ({ ...madeStill(width, height, seed), labels: striped }));
    const borders = ({ labels: [first] }: { labels: readonly Uint8Array[] }): number => {
      const row = first.subarray((height / 2) * width, (height / 2 + 1) * width);
      return row.reduce((count, label, i) => count + (i > 0 && label !== row[i - 1] ? 1 : 0), 0);
    };
    const clip = (index: number, scale: number, light: number, share = 0) =>
      makeStillClip(stills, index, {
        seed: 4,
        length: 3,
        jumps: { share, next: [1, 0] },
        augmentation: { scale: [scale, scale], flip: false, light },
      });
    const shades = new Set<number>();
    for (let index = 0; index < 5; index++) {
      const near = clip(index, 2, 0);
      const ratio = borders(near) / borders(clip(index, 1, 0));
      expect(ratio).toBeGreaterThan(0.4);
      expect(ratio).toBeLessThan(0.6);
      // A jump to the same picture, drawn alike, is none.
      expect(clip(index, 2, 0, 1).labels).toEqual(near.labels);
      const { pixels } = clip(index, 1, 0.4).frames[0];
      shades.add(Math.round(pixels.reduce((sum, value) => sum + value, 0) / pixels.length / 5));
    }
    expect(shades.size).toBeGreaterThan(1);
  });

  it('come back from the codec as one I-frame and P-frames with vectors', () => {
    const { frames, labels } = makeStillClip([still], 0, { seed: 3, length: 5 });
    expect(frames.map(({ pictureType }) => pictureType).join('')).toBe('IPPPP');
    expect(frames.slice(1).every(({ motion }) => motion.count > 0)).toBe(true);
    expect(labels).toHaveLength(5);
    expect(frames[0].pixels).toHaveLength(3 * 128 * 96);
  });

  it('are the same from the worker thread', async () => {
    const source = new StillClipSource([still], { seed: 3, length: 3 });
    const [first, second] = await source.first(2);
    await source.close();
    expect(first.labels).toEqual(makeStillClip([still], 0, { seed: 3, length: 3 }).labels);
    expect(second.frames[2].pixels).toEqual(
      makeStillClip([still], 1, { seed: 3, length: 3 }).frames[2].pixels,
    );
  });
});
