import { mkdtemp, rm, truncate, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  HEIGHT,
  makeCityscapes,
  makePlainFolders,
  WIDTH,
  writeIds,
  writePicture,
} from '@twnet/testing/made-sets';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkDataSet } from './check.js';
import { openDataSet } from './open.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twnet-check-'));
});
afterEach(() => rm(folder, { recursive: true }));

const check = async () => checkDataSet(await openDataSet(folder));

describe('checking a data set', () => {
  it('counts stills, sizes, classes, pairs and clips', async () => {
    await makeCityscapes(folder);
    const steps: number[][] = [];
    const report = await checkDataSet(await openDataSet(folder), (...step) => steps.push(step));
    const size = `${WIDTH}×${HEIGHT}`;
    const split = { stills: 1, usable: 1, unlabelled: 0, sizes: { [size]: 1 }, pairs: 1, clips: 1 };
    expect(report.splits).toEqual([
      { split: 'train', ...split },
      { split: 'val', ...split },
      { split: 'test', stills: 0, usable: 0, unlabelled: 1, sizes: {}, pairs: 0, clips: 0 },
    ]);
    // Label files go through road, bicycle, void and car.
    const quarter = (2 * WIDTH * HEIGHT) / 4;
    const found = report.classes.filter(({ pixels }) => pixels > 0);
    expect(found).toEqual(['road', 'car', 'bicycle'].map((name) => ({ name, pixels: quarter })));
    expect(report.ignoredPixels).toBe(quarter);
    expect([report.faultCount, report.faults]).toEqual([0, []]);
    expect(steps).toEqual([
      [1, 2],
      [2, 2],
    ]);
  });

  it('sees that frames before a still are missing', async () => {
    await makeCityscapes(folder);
    const place = join(folder, 'leftImg8bit_sequence/val/ulm');
    await unlink(join(place, 'ulm_000003_000010_leftImg8bit.png'));
    const [, val] = (await check()).splits;
    expect([val.pairs, val.clips]).toEqual([1, 0]);
  });

  it('finds what is missing, unreadable, of another size or out of range', async () => {
    await makePlainFolders(folder);
    const still = async (name: string, width = WIDTH): Promise<void> => {
      await writePicture(join(folder, 'images/train', `${name}.png`));
      await writeIds(join(folder, 'labels/train', `${name}.png`), [0, 1], width);
    };
    for (const name of ['whole_1', 'cut_1', 'text_1', 'alone_1', 'range_1']) await still(name);
    await still('wide_1', WIDTH + 2);
    await truncate(join(folder, 'images/train/cut_1.png'), 60);
    await writeFile(join(folder, 'labels/train/text_1.png'), 'not a picture');
    await unlink(join(folder, 'labels/train/alone_1.png'));
    await writeIds(join(folder, 'labels/train/range_1.png'), [0, 2, 90]);
    await writeIds(join(folder, 'labels/train/orphan_1.png'), [0]);
    const report = await check();
    expect(report.faultCount).toBe(6);
    for (const fault of [
      /images.train.alone_1\.png: has no partner/,
      /labels.train.orphan_1\.png: has no partner/,
      /images.train.cut_1\.png: cannot be read/,
      /labels.train.text_1\.png: cannot be read/,
      /labels.train.range_1\.png: holds the labels 2, 90; classes\.json has the classes 0 to 1/,
      /labels.train.wide_1\.png: is 34×16, its picture is 32×16/,
    ])
      expect(report.faults.filter((line) => fault.test(line))).toHaveLength(1);
    const [train] = report.splits;
    expect([train.stills, train.usable]).toEqual([6, 2]);
  });

  it('lists ten faults and counts the others', async () => {
    await makePlainFolders(folder);
    for (let i = 10; i < 33; i++) await writePicture(join(folder, `images/train/alone_${i}.png`));
    const report = await check();
    expect([report.faultCount, report.faults.length]).toEqual([23, 10]);
  });

  it('says that a split is empty', async () => {
    await makePlainFolders(folder);
    await rm(join(folder, 'images/train/walk'), { recursive: true });
    await rm(join(folder, 'labels'), { recursive: true });
    expect((await check()).faults).toEqual([expect.stringMatching(/split 'train' is empty/)]);
  });
});
