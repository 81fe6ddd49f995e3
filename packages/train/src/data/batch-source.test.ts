import { madeStill } from '@twnet/testing/made-stills';
import { describe, expect, it } from 'vitest';
import { BatchSource } from './batch-source.js';
import { byEpochs, mixedBatch, stillBatch } from './batches.js';
import { ClipMixture } from './clip-mixture.js';
import { makeStillClip } from './still-clip.js';
import { StillClipSource } from './still-clip-source.js';
import { makeStreetClip, makeStreetStill } from './street-clip.js';
import { StreetClipSource } from './street-source.js';

const stills = [1, 2, 3].map((seed) => madeStill(64, 48, seed));
const options = { batch: 3, width: 40, height: 32, seed: 9 };
const street = { seed: 5, width: 64, height: 48, length: 2 };

describe('BatchSource', () => {
  it('gives the batches of the stills, from any step on', async () => {
    const source = new BatchSource([{ share: 1, stills }], options);
    for (const step of [7, 8, 9]) expect(await source.batch(step)).toEqual(stillBatch(stills, step, options));
    await source.close();
  });

  it('mixes in street scenes by share, the same for the same step', async () => {
    const origins = [
      { share: 2, stills },
      { share: 1, street },
    ];
    const here = [
      { share: 2, still: byEpochs(stills, options.seed) },
      { share: 1, still: (index: number) => makeStreetStill(index, street) },
    ];
    const source = new BatchSource(origins, options);
    for (const step of [0, 1]) expect(await source.batch(step)).toEqual(mixedBatch(here, step, options));
    await source.close();
    const resumed = new BatchSource(origins, options);
    expect(await resumed.batch(1)).toEqual(mixedBatch(here, 1, options));
    await resumed.close();
  });
});

describe('ClipMixture', () => {
  it('asks each source for its own numbers in turn', async () => {
    const clipOptions = { seed: 4, length: 2 };
    const mixture = new ClipMixture([
      { share: 1, source: new StillClipSource(stills, clipOptions) },
      { share: 1, source: new StreetClipSource(street) },
    ]);
    const labels = [];
    for (let index = 0; index < 4; index++) labels.push((await mixture.clip(index)).labels);
    await mixture.close();
    const ofStills = [0, 1].map((index) => makeStillClip(stills, index, clipOptions).labels);
    const ofStreets = [0, 1].map((index) => makeStreetClip(index, street).labels);
    expect(labels).toEqual([ofStreets[0], ofStills[0], ofStreets[1], ofStills[1]]);
  });
});
