import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makePlainFolders, writeIds, writePicture } from '@twnet/testing/made-sets';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DataSet } from './data-set.js';
import { openDataSet } from './open.js';
import { SequenceClipSource } from './sequence-clip-source.js';

const SIZE = 32;

let folder: string;
let dataSet: DataSet;

/** Frame k of the sequence `drive` has the grey 20 · k; frames 4, 6 and 8 are labelled. */
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twnet-real-clips-'));
  await makePlainFolders(folder);
  await rm(join(folder, 'images/train/walk'), { recursive: true });
  await rm(join(folder, 'labels/train/walk'), { recursive: true });
  for (let frame = 0; frame < 9; frame++) {
    const grey = [20 * frame, 20 * frame, 20 * frame] as const;
    await writePicture(join(folder, 'sequences/drive', `${frame}.png`), grey, SIZE, SIZE);
    if (frame < 4 || frame % 2 === 1) continue;
    await writePicture(join(folder, 'images/train', `drive_${frame}.png`), grey, SIZE, SIZE);
    await writeIds(join(folder, 'labels/train', `drive_${frame}.png`), [0, 1], SIZE, SIZE);
  }
  dataSet = await openDataSet(folder);
});
afterAll(() => rm(folder, { recursive: true }));

async function sourceOf(length: number): Promise<SequenceClipSource> {
  const { history } = dataSet;
  return new SequenceClipSource(
    { folder, stills: await dataSet.stills('train'), history },
    { seed: 3, length },
  );
}

describe('real clips to train on', () => {
  it('end at a labelled frame and are coded as one key frame and what follows', async () => {
    const { frames, labels } = await (await sourceOf(3)).clip(0);
    expect(frames.map(({ pictureType }) => pictureType)).toEqual(['I', 'P', 'P']);
    const greys = frames.map(({ pixels }) => Math.round(pixels[0] / 20));
    expect(greys).toEqual([greys[2] - 2, greys[2] - 1, greys[2]]);
    expect(labels.map((map) => [...new Set(map)])).toEqual([[255], [255], [0, 1]]);
  });

  it('come once an epoch, and again alike', async () => {
    const ends = async (source: SequenceClipSource): Promise<number[]> => {
      const clips = [];
      for (const index of [0, 1, 2, 3, 4, 5]) clips.push(await source.clip(index));
      return clips.map(({ frames }) => Math.round(frames[1].pixels[0] / 20));
    };
    const order = await ends(await sourceOf(2));
    expect([order.slice(0, 3).sort(), order.slice(3).sort()]).toEqual([
      [4, 6, 8],
      [4, 6, 8],
    ]);
    expect(await ends(await sourceOf(2))).toEqual(order);
  });

  it('leaves out stills too near the beginning, and says when none is left', async () => {
    const clip = await (await sourceOf(9)).clip(0);
    expect(clip.frames).toHaveLength(9);
    await expect((await sourceOf(10)).clip(0)).rejects.toThrow(
      /no still to learn from has the 9 frames before it/,
    );
  });
});
