import { madeStill } from '@twnet/testing/made-stills';
import { describe, expect, it } from 'vitest';
import { makeStillClip } from './still-clip.js';
import { StillClipSource } from './still-clip-source.js';

const stills = [madeStill(64, 48, 1), madeStill(64, 48, 2)];
const options = { seed: 4, length: 2 };

describe('a source of made clips', () => {
  it('starts at any number with the clips of an unbroken run, in any order near it', async () => {
    const source = new StillClipSource(stills, options);
    const numbers = [40, 42, 41, 38, 47];
    for (const index of numbers) {
      const clip = await source.clip(index);
      expect(clip.labels).toEqual(makeStillClip(stills, index, options).labels);
    }
    await source.close();
  });

  it('takes nothing from the stills it was given', async () => {
    const before = stills[0].pixels.slice();
    const source = new StillClipSource(stills, options);
    await source.clip(0);
    await source.close();
    expect(stills[0].pixels).toEqual(before);
  });

  it('says when a clip cannot be made, and goes on', async () => {
    const source = new StillClipSource([], options);
    for (const index of [0, 1]) await expect(source.clip(index)).rejects.toThrow(/no stills to make clips/);
    await source.close();
  });

  it('leaves nobody waiting when it is closed', async () => {
    const source = new StillClipSource(stills, options);
    const waiting = expect(source.clip(0)).rejects.toThrow(/closed/);
    await source.close();
    await waiting;
    await expect(source.clip(1)).rejects.toThrow(/closed/);
  });
});
