import { describe, expect, it } from 'vitest';
import { makeClip } from './made-clip.js';
import { MadeClipSource } from './made-clip-source.js';
import { madeStill } from './made-stills.js';
import { seededRandom } from './random.js';
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

  it('moves', () => {
    const { frames } = stillToClip(still, 6, seededRandom(4));
    let changed = 0;
    for (let i = 0; i < frames[0].length; i++) if (Math.abs(frames[5][i] - frames[0][i]) > 10) changed += 1;
    expect(changed / frames[0].length).toBeGreaterThan(0.02);
  });
});

describe('made clips', () => {
  it('come back from the codec as one I-frame and P-frames with vectors', () => {
    const { frames, labels } = makeClip([still], 0, { seed: 3, length: 5 });
    expect(frames.map(({ pictureType }) => pictureType).join('')).toBe('IPPPP');
    expect(frames.slice(1).every(({ motion }) => motion.count > 0)).toBe(true);
    expect(labels).toHaveLength(5);
    expect(frames[0].pixels).toHaveLength(3 * 128 * 96);
  });

  it('are the same from the worker thread', async () => {
    const source = new MadeClipSource([still], { seed: 3, length: 3 });
    const [first, second] = await source.first(2);
    await source.close();
    expect(first.labels).toEqual(makeClip([still], 0, { seed: 3, length: 3 }).labels);
    expect(second.frames[2].pixels).toEqual(makeClip([still], 1, { seed: 3, length: 3 }).frames[2].pixels);
  });
});
