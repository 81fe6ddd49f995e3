import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeCityscapes, makePlainFolders, writeIds, writePicture } from '@twnet/testing/made-sets';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkMemory, following, loadTrainingStills } from './data-set-stills.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twnet-stills-'));
});
afterEach(() => rm(folder, { recursive: true }));

const config = { holdOut: 0, data: { street: 0 } };

describe('stills to train on', () => {
  it('are those of the train split, of any layout', async () => {
    await makeCityscapes(folder);
    const { stills, heldOut, classes, description } = await loadTrainingStills(folder, config);
    expect(stills.map(({ name }) => name)).toEqual(['aachen_000003_000019.png']);
    expect([heldOut.length, classes.classes.length]).toEqual([0, 19]);
    expect(description).toMatch(/^Cityscapes, 32×16/);
  });

  it('are of one size', async () => {
    await makePlainFolders(folder);
    await writePicture(join(folder, 'images/train/wide_1.png'), [0, 0, 0], 40);
    await writeIds(join(folder, 'labels/train/wide_1.png'), [0], 40);
    await expect(loadTrainingStills(folder, config)).rejects.toThrow(/wide_1\.png: is 40×16/);
  });

  it("have the model's classes, and CamVid's where generated streets are mixed in", async () => {
    await makePlainFolders(folder);
    await expect(loadTrainingStills(folder, config, ['grass', 'cat'])).rejects.toThrow(
      /grass, dog, the model grass, cat/,
    );
    await expect(loadTrainingStills(folder, { holdOut: 0, data: { street: 0.2 } })).rejects.toThrow(
      /data\.street/,
    );
  });

  it('know which one follows in the same drive, if it is near', () => {
    const still = (sequence: string, frame?: number) => ({ sequence, frame });
    const stills = [
      still('b', 60),
      still('a', 30),
      still('b', 30),
      still('b', 121),
      still('a'),
      still('a', 60),
    ];
    expect(following(stills)).toEqual([-1, 5, 0, -1, -1, -1]);
  });

  it('fit the memory', () => {
    const size = { width: 2048, height: 1024 };
    expect(() => checkMemory('city', 2975, size, 2 ** 33)).toThrow(
      /city: 2975 stills of 2048×1024 take 23\.2 GiB in memory, 8\.0 are to be had; .* 2 times smaller/,
    );
    expect(() => checkMemory('city', 2975, { width: 1024, height: 512 }, 2 ** 33)).not.toThrow();
  });
});
