import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@twnet/core/errors';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadStill, loadStills, openCamVid, openFrameFolder, splitHoldOut } from './camvid.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twnet-camvid-'));
  await mkdir(join(folder, 'train'));
  await mkdir(join(folder, 'trainannot'));
});
afterEach(() => rm(folder, { recursive: true }));

async function picture(name: string, width = 8, height = 6): Promise<void> {
  const image = sharp({ create: { width, height, channels: 3, background: { r: 10, g: 20, b: 30 } } });
  await image.png().toFile(join(folder, 'train', name));
}

async function labels(name: string, value: number, width = 8, height = 6): Promise<void> {
  const data = Buffer.alloc(width * height, value);
  const image = sharp(data, { raw: { width, height, channels: 1 } });
  await image
    .toColourspace('b-w')
    .png()
    .toFile(join(folder, 'trainannot', name));
}

describe("CamVid in SegNet's layout", () => {
  it('reads pixels as planes and turns void into the ignored label', async () => {
    await picture('A_1.png');
    await labels('A_1.png', 11);
    const [file] = await openCamVid(folder, 'train');
    expect(file.sequence).toBe('A');
    const still = await loadStill(file);
    expect([still.width, still.height]).toEqual([8, 6]);
    expect([still.pixels[0], still.pixels[48], still.pixels[96]]).toEqual([10, 20, 30]);
    expect(still.labels.every((label) => label === 255)).toBe(true);
  });

  it('names files without a partner', async () => {
    await picture('A_1.png');
    await picture('A_2.png');
    await labels('A_1.png', 0);
    await expect(openCamVid(folder, 'train')).rejects.toThrow(/without a partner: .*A_2\.png/);
  });

  it('names a label out of range and sizes that differ', async () => {
    await picture('A_1.png');
    await labels('A_1.png', 40);
    await expect(loadStill((await openCamVid(folder, 'train'))[0])).rejects.toThrow(/trainannot.*label 40/);
    await labels('A_1.png', 1, 8, 4);
    await expect(loadStill((await openCamVid(folder, 'train'))[0])).rejects.toThrow(/8×4.*8×6/);
  });

  it('lists the first ten stills that cannot be used and counts the others', async () => {
    for (let i = 10; i < 23; i++) {
      await picture(`A_${i}.png`);
      await labels(`A_${i}.png`, i < 22 ? 40 : 0);
    }
    const files = await openCamVid(folder, 'train');
    const problem = await loadStills(files).catch((error) => error);
    expect(problem).toBeInstanceOf(InputError);
    expect(problem.message).toMatch(/^12 of 13 stills cannot be used: .*A_10\.png.* and 2 more$/);
    expect(problem.message).toContain('A_19.png');
    expect(problem.message).not.toContain('A_20.png');
    expect(problem.message).not.toContain('\n');
    await expect(loadStills(files.slice(0, 1))).rejects.toThrow(/A_10\.png: holds the label 40/);
    expect((await loadStills(files.slice(-1))).map(({ name }) => name)).toEqual(['A_22.png']);
  });

  it('lists the first ten files without a partner and counts the others', async () => {
    await labels('A_1.png', 0);
    for (let i = 10; i < 22; i++) await picture(`A_${i}.png`);
    // 12 pictures without labels and a label map without its picture.
    await expect(openCamVid(folder, 'train')).rejects.toThrow(/A_19\.png and 3 more$/);
  });

  it('takes frames numbered through for one sequence and leaves hidden files alone', async () => {
    await picture('000.png');
    await picture('001.png');
    await labels('000.png', 0);
    await labels('001.png', 0);
    await writeFile(join(folder, 'train', '._000.png'), 'left by an archive');
    const files = await openFrameFolder(join(folder, 'train'), join(folder, 'trainannot'));
    expect(files.map(({ name }) => name)).toEqual(['000.png', '001.png']);
    expect(splitHoldOut(files, 0.5).heldOut.map(({ name }) => name)).toEqual(['001.png']);
  });

  it('says what a missing or empty folder lacks', async () => {
    await expect(openCamVid(join(folder, 'no'), 'train')).rejects.toThrow(/cannot be listed/);
    await expect(openCamVid(folder, 'train')).rejects.toThrow(/no PNG files/);
  });
});

it('holds out the end of every sequence', () => {
  const files = ['A', 'A', 'A', 'A', 'B', 'B'].map((sequence, index) => ({ sequence, index }));
  const { train, heldOut } = splitHoldOut(files, 0.5);
  expect(train.map(({ index }) => index)).toEqual([0, 1, 4]);
  expect(heldOut.map(({ index }) => index)).toEqual([2, 3, 5]);
  expect(splitHoldOut(files, 0).heldOut).toEqual([]);
});
