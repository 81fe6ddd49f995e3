import { describe, expect, it } from 'vitest';
import { makeStreetClip, makeStreetStill } from './street-clip.js';
import { StreetClipSource, StreetStillSource } from './street-source.js';

const options = { seed: 6, width: 64, height: 48, length: 3 };

describe('street clips and stills', () => {
  it('are the same from a thread as made on the spot, whichever is asked for first', async () => {
    const source = new StreetClipSource(options);
    for (const index of [21, 20]) {
      const clip = await source.clip(index);
      const own = makeStreetClip(index, options);
      expect(clip.labels).toEqual(own.labels);
      expect(clip.frames.map(({ pixels }) => pixels)).toEqual(own.frames.map(({ pixels }) => pixels));
    }
    await source.close();
    const stills = new StreetStillSource(options);
    expect(await stills.still(2)).toEqual(makeStreetStill(2, options));
    await stills.close();
  });

  it('come through the codec: an I-frame, then P-frames with motion', () => {
    const { frames, labels } = makeStreetClip(1, options);
    expect(frames.map(({ pictureType }) => pictureType)).toEqual(['I', 'P', 'P']);
    expect(frames[1].motion.count).toBeGreaterThan(0);
    expect(labels).toHaveLength(3);
  });

  it('differ from number to number and seed to seed', () => {
    const pictures = [
      makeStreetStill(0, options),
      makeStreetStill(1, options),
      makeStreetStill(0, { ...options, seed: 7 }),
    ];
    expect(new Set(pictures.map(({ pixels }) => pixels.join())).size).toBe(3);
    expect(new Set(pictures.map(({ name }) => name)).size).toBe(3);
  });

  it('leave nobody waiting when the source is closed, and say what cannot be made', async () => {
    const source = new StreetClipSource({ ...options, width: 63 });
    await expect(source.clip(0)).rejects.toThrow(/63×48: sides must be even/);
    await source.close();
    await expect(source.clip(1)).rejects.toThrow(/closed/);
  });
});
