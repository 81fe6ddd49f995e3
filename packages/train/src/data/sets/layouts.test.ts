import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { CAMVID, CITYSCAPES } from '@twnet/core/classes';
import { encodeClip } from '@twnet/node/video/recode-clip';
import {
  makeCityscapes,
  makeOriginalCamVid,
  makePlainFolders,
  TWO_CLASSES,
  writeColours,
  writeIds,
  writePicture,
} from '@twnet/testing/made-sets';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadStill, splitHoldOut } from '../camvid.js';
import { CAMVID_COLOUR_CODING, CAMVID_COLOURS } from './camvid-colours.js';
import { camVidSplit } from './camvid-layouts.js';
import { CITYSCAPES_CODING } from './cityscapes.js';
import { type LabelledEnd, readClips } from './clips.js';
import { SPLITS } from './data-set.js';
import { sequenceAndFrame } from './listing.js';
import { openDataSet } from './open.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twnet-sets-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function clips(of: AsyncIterable<LabelledEnd>): Promise<LabelledEnd[]> {
  const all = [];
  for await (const clip of of) all.push(clip);
  return all;
}

const trainIdsOf = async (path: string, split: 'train' | 'val' | 'test'): Promise<number[]> => {
  const [still] = await (await openDataSet(path)).stills(split);
  return [...new Set((await loadStill(still)).labels)].sort((a, b) => a - b);
};

describe('Cityscapes', () => {
  beforeEach(() => makeCityscapes(folder));

  it('maps label ids to the 19 train ids, and everything else to ignored', async () => {
    const dataSet = await openDataSet(folder);
    expect([dataSet.kind, dataSet.classes, dataSet.splits]).toEqual(['cityscapes', CITYSCAPES, SPLITS]);
    expect(await trainIdsOf(folder, 'train')).toEqual([0, 13, 18, 255]);
    // The evaluated ids by name, as cityscapesScripts' table has them.
    const named = { road: 7, building: 11, pole: 17, sky: 23, person: 24, rider: 25, bus: 28, train: 31 };
    for (const [name, id] of Object.entries(named))
      expect(CITYSCAPES.classes[CITYSCAPES_CODING.trainIds[id]]).toBe(name);
    for (const id of [0, 6, 9, 10, 14, 16, 18, 29, 30, 255]) expect(CITYSCAPES_CODING.trainIds[id]).toBe(255);
    expect(CITYSCAPES_CODING.trainIds[34]).toBe(-1);
  });

  it('gives the 9th to the 20th frame for evaluation, the 19th and 20th for training', async () => {
    const dataSet = await openDataSet(folder);
    for (const [split, length, first] of [
      ['val', 12, 8],
      ['train', 2, 18],
    ] as const) {
      const [clip, ...others] = await clips(readClips(dataSet, split, length));
      expect(others).toEqual([]);
      // Frame k is drawn with the red value k.
      expect(clip.frames.map(([red]) => red)).toEqual(Array.from({ length }, (_, i) => first + i));
      expect(clip.still.name).toMatch(/^(ulm|aachen)_000003_000019\.png$/);
    }
    expect(await clips(readClips(dataSet, 'val', 21))).toEqual([]);
  });

  it('says that test has no public labels', async () => {
    const dataSet = await openDataSet(folder);
    await expect(dataSet.stills('test')).rejects.toThrow(/no public labels; use val/);
    expect((await dataSet.list('test')).unlabelled).toHaveLength(1);
    expect(dataSet.scoringSplit).toBe('val');
  });
});

describe('the original CamVid', () => {
  it("splits the stills as SegNet's lists do", () => {
    // The labelled frames of each drive, as the data set's file names number them.
    const range = (sequence: string, first: number, last: number, step: number) =>
      Array.from({ length: (last - first) / step + 1 }, (_, i) => camVidSplit(sequence, first + i * step));
    const count = (splits: string[]) => SPLITS.map((each) => splits.filter((split) => split === each).length);
    expect(count(range('0001TP', 6690, 10380, 30))).toEqual([62, 0, 62]);
    expect(count(range('0006R0', 930, 3930, 30))).toEqual([101, 0, 0]);
    expect(count(range('Seq05VD', 0, 5100, 30))).toEqual([0, 0, 171]);
    expect(count(range('0016E5', 7959, 8159, 2))).toEqual([0, 101, 0]);
    expect(camVidSplit('0016E5', 7920)).toBe('train');
    expect(camVidSplit('0016E5', 8190)).toBe('train');
  });

  it('groups its 32 colours into 11 classes and void', async () => {
    expect(CAMVID_COLOUR_CODING.trainIds.size).toBe(32);
    const groups = new Set(CAMVID_COLOURS.flatMap(([, , group]) => group ?? []));
    expect([...groups].sort()).toEqual([...CAMVID.classes].sort());
    await makeOriginalCamVid(folder);
    const dataSet = await openDataSet(folder);
    expect([dataSet.kind, dataSet.classes]).toEqual(['camvid-original', CAMVID]);
    const counts = await Promise.all(SPLITS.map(async (split) => (await dataSet.stills(split)).length));
    expect(counts).toEqual([3, 1, 2]);
    // A lane marking is road, a pick-up a car.
    expect(await trainIdsOf(folder, 'val')).toEqual([3, 8, 255]);
  });

  it('names a file and its unknown colours, ten of them', async () => {
    await makeOriginalCamVid(folder);
    const colours = Array.from({ length: 13 }, (_, i) => [i + 1, 2, 3] as const);
    await writeColours(join(folder, 'LabeledApproved_full/0016E5_07961_L.png'), colours);
    const [still] = await (await openDataSet(folder)).stills('val');
    await expect(loadStill(still)).rejects.toThrow(
      /0016E5_07961_L\.png: holds the colours \(1, 2, 3\), .*\(10, 2, 3\) and 3 more; CamVid's 32 colours/,
    );
  });

  it('takes the frames before a still from the video of its drive', async () => {
    await makeOriginalCamVid(folder);
    const frames = Array.from({ length: 40 }, (_, i) => new Uint8Array(3 * 64 * 64).fill(5 * i));
    const stillAt = join(folder, '701_StillsRaw_full/Seq05VD_f00030.png');
    await writePicture(stillAt, [150, 150, 150], 64, 64);
    const labels = join(folder, 'LabeledApproved_full/Seq05VD_f00030_L.png');
    await writePicture(labels, [128, 0, 0], 64, 64);
    const video = join(folder, 'videos', 'Seq05VD.m4v');
    await writeVideo(video, frames);
    const greys = async (): Promise<number[]> => {
      const [{ frames: found }] = await clips(readClips(await openDataSet(folder), 'test', 3));
      return found.map(([red]) => Math.round(red / 5));
    };
    expect(await greys()).toEqual([28, 29, 30]);
    await writeFile(join(folder, 'videos/videos.json'), '{"Seq05VD": {"first": 10}}');
    expect(await greys()).toEqual([18, 19, 20]);
    await writeFile(join(folder, 'videos/videos.json'), '{"Seq05VD": {"start": 10}}');
    await expect(openDataSet(folder)).rejects.toThrow(/videos\.json: .*expected/);
    await rm(join(folder, 'videos/videos.json'));
    await writeVideo(video, frames.slice(0, 20));
    await expect(greys()).rejects.toThrow(/Seq05VD\.m4v: ends after 20 frames.*frame 30/);
  });
});

describe("one's own data", () => {
  it('has its classes, ids and sequences', async () => {
    await makePlainFolders(folder);
    const dataSet = await openDataSet(folder);
    expect([dataSet.kind, dataSet.classes.classes, dataSet.splits]).toEqual([
      'folders',
      ['grass', 'dog'],
      ['train'],
    ]);
    expect(await trainIdsOf(folder, 'train')).toEqual([0, 1, 255]);
    const [clip] = await clips(readClips(dataSet, 'train', 5));
    expect(clip.frames.map(([red]) => red)).toEqual([0, 1, 2, 3, 4]);
    await expect(dataSet.stills('test')).rejects.toThrow(/no split 'test'; it has train/);
  });

  it('has labels in colours, with a palette or without', async () => {
    const ignore = [[9, 9, 9]];
    await makePlainFolders(folder, { ...TWO_CLASSES, labels: 'colours', ignore });
    for (const palette of [false, true]) {
      const colours = [[120, 60, 0] as const, [9, 9, 9] as const];
      await writeColours(join(folder, 'labels/train/walk/000004.png'), colours, palette);
      expect(await trainIdsOf(folder, 'train')).toEqual([1, 255]);
    }
  });

  it.each([
    ['no classes', { name: 'x', classes: [] }, /classes\.json: classes/],
    ['an unknown key', { ...TWO_CLASSES, colors: [] }, /classes\.json: .*colors/],
    [
      'a class twice',
      { name: 'x', classes: [TWO_CLASSES.classes[0], TWO_CLASSES.classes[0]] },
      /'grass' twice/,
    ],
  ])('names what is wrong with classes.json: %s', async (_, classes, message) => {
    await makePlainFolders(folder, classes);
    await expect(openDataSet(folder)).rejects.toThrow(message);
  });

  it('ignores the values it is told to', async () => {
    await makePlainFolders(folder, { ...TWO_CLASSES, ignore: [7] });
    await writeIds(join(folder, 'labels/train/walk/000004.png'), [0, 7]);
    expect(await trainIdsOf(folder, 'train')).toEqual([0, 255]);
  });
});

describe('any layout', () => {
  it('is told from its folders, and a folder of none is refused', async () => {
    await expect(openDataSet(folder)).rejects.toThrow(/no known layout/);
    await expect(openDataSet(join(folder, 'none'))).rejects.toThrow(/is no folder/);
    await writePicture(join(folder, 'train/0006R0_f00930.png'));
    await writeIds(join(folder, 'trainannot/0006R0_f00930.png'), [0, 11]);
    expect((await openDataSet(folder)).kind).toBe('camvid');
    expect(await trainIdsOf(folder, 'train')).toEqual([0, 255]);
    await expect(openDataSet(folder, { kind: 'cityscapes' })).rejects.toThrow(/no split of the layout/);
  });

  it('numbers frames by their names', () => {
    expect(sequenceAndFrame('0006R0_f00930')).toEqual({ sequence: '0006R0', frame: 930 });
    expect(sequenceAndFrame('yard/walk/000004')).toEqual({ sequence: 'yard/walk', frame: 4 });
    expect(sequenceAndFrame('000004')).toEqual({ sequence: '', frame: 4 });
    expect(sequenceAndFrame('A_x')).toEqual({ sequence: 'A' });
  });

  it('holds stills out of many sequences of one still, too', () => {
    const files = Array.from({ length: 40 }, (_, i) => ({ sequence: `snippet${i}` }));
    expect(splitHoldOut(files, 0.1).heldOut).toEqual(files.slice(36));
    expect(splitHoldOut(files, 0).heldOut).toEqual([]);
  });
});

/** A raw MPEG-4 stream of 64×64 frames. */
async function writeVideo(path: string, frames: readonly Uint8Array[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, encodeClip(frames, { width: 64, height: 64, gop: 12, quality: 2 }));
}
