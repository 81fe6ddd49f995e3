import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CAMVID } from '@twnet/core/classes';
import { InputError, OutputError } from '@twnet/core/errors';
import sharp from 'sharp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MANIFEST_FILE } from '../files/manifest.js';
import { loadLabels } from '../images/label-image.js';
import { labelFileName } from './label-file-name.js';
import { LabelWriter } from './label-writer.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-labels-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const colourOf = (id: number): readonly number[] =>
  id === 255 ? [0, 0, 0] : (CAMVID.palette[id] ?? [255, 0, 255]);
const madeLabels = (index: number) => Uint8Array.from({ length: 13 * 7 }, (_, i) => (31 * i * index) % 256);

describe('LabelWriter', () => {
  it('writes the ids themselves as 8-bit PNGs, indexed with the colours, named by frame', async () => {
    const path = join(folder, 'labels');
    await using writer = new LabelWriter(path, { palette: CAMVID.palette });
    for (let index = 0; index < 9; index++) await writer.write(index, madeLabels(index), 13, 7);
    expect(existsSync(path)).toBe(false);
    await writer.commit();
    expect(readdirSync(path).sort().slice(1)).toEqual(Array.from({ length: 9 }, (_, i) => `00000${i}.png`));
    for (let index = 0; index < 9; index++) {
      const file = readFileSync(join(path, labelFileName(index)));
      // IHDR: bit depth at byte 24, colour type (3: indexed) at byte 25.
      expect([file[24], file[25]]).toEqual([8, 3]);
      const { data, info } = await sharp(file)
        .toColourspace('srgb')
        .raw()
        .toBuffer({ resolveWithObject: true });
      expect(info).toMatchObject({ width: 13, height: 7, channels: 3 });
      expect([...data]).toEqual([...madeLabels(index)].flatMap((id) => colourOf(id)));
      expect((await loadLabels(join(path, labelFileName(index)))).labels).toEqual(madeLabels(index));
    }
  });

  it('leaves nothing behind without commit', async () => {
    {
      await using writer = new LabelWriter(join(folder, 'labels'));
      await writer.write(0, madeLabels(1), 13, 7);
    }
    expect(readdirSync(folder)).toEqual([]);
  });

  it('replaces the labels of an earlier run and keeps other files', async () => {
    await using earlier = new LabelWriter(folder);
    await earlier.write(7, madeLabels(1), 13, 7);
    await earlier.commit();
    writeFileSync(join(folder, 'notes.txt'), 'mine');
    await using writer = new LabelWriter(folder);
    await writer.write(0, madeLabels(1), 13, 7);
    await writer.commit();
    expect(readdirSync(folder).sort()).toEqual([MANIFEST_FILE, '000000.png', 'notes.txt']);
  });

  it('refuses a folder that it did not fill', async () => {
    writeFileSync(join(folder, '000000.png'), 'mine');
    expect(() => new LabelWriter(folder)).toThrow(InputError);
    await using forced = new LabelWriter(folder, { force: true });
    await forced.write(1, madeLabels(1), 13, 7);
    await forced.commit();
    expect(readFileSync(join(folder, '000000.png'), 'utf8')).toBe('mine');
  });

  it('says at once that a folder cannot be written', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => new LabelWriter(join(folder, 'file'))).toThrow(OutputError);
    expect(() => new LabelWriter(join(folder, 'file', 'labels'))).toThrow(/part of this path is a file/);
  });

  it('reports a write that fails later as an OutputError', async () => {
    await using writer = new LabelWriter(join(folder, 'labels'));
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
    await writer.write(0, madeLabels(1), 13, 7);
    await expect(writer.commit()).rejects.toThrow(OutputError);
    expect(existsSync(join(folder, 'labels'))).toBe(false);
  });
});
