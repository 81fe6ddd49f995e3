import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CAMVID } from '@twnet/core/classes';
import { InputError } from '@twnet/core/errors';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Colour, parseIndexedPng, toIndexedPng } from './indexed-png.js';
import { loadLabels } from './label-image.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twnet-labels-'));
});
afterAll(() => rm(folder, { recursive: true }));

const WIDTH = 21;
const HEIGHT = 13;
const COUNT = WIDTH * HEIGHT;
const COLOURS: readonly Colour[] = Array.from({ length: 256 }, (_, i) => [i, 255 - i, (37 * i) % 256]);

const patterned = (values: readonly number[]) =>
  Uint8Array.from({ length: COUNT }, (_, i) => values[(i + (i >> 4)) % values.length]);
const grey = (values: Uint8Array): Sharp =>
  sharp(values, { raw: { width: WIDTH, height: HEIGHT, channels: 1 } }).toColourspace('b-w');
const coloured = (colours: readonly Colour[]): Sharp =>
  sharp(Uint8Array.from(colours.flatMap((colour) => [...colour])), {
    raw: { width: WIDTH, height: HEIGHT, channels: 3 },
  });

async function saved(name: string, image: Sharp | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, image instanceof Uint8Array ? image : await image.toBuffer());
  return path;
}

describe('label images of grey', () => {
  const ids = patterned([0, 1, 2, 10, 11, 255]);

  it.each([false, true])('keep every id; interlaced: %s', async (progressive) => {
    const { width, height, labels } = await loadLabels(
      await saved('ids.png', grey(ids).png({ progressive })),
    );
    expect([width, height]).toEqual([WIDTH, HEIGHT]);
    expect(labels).toEqual(ids);
  });

  it('keep every id as RGB and as a palette of greys', async () => {
    const rgb = coloured([...ids].map((id): Colour => [id, id, id]));
    for (const palette of [false, true]) {
      expect((await loadLabels(await saved('ids.png', rgb.clone().png({ palette })))).labels).toEqual(ids);
    }
  });

  it('are refused where two readings are as likely', async () => {
    const file = toIndexedPng(
      await grey(patterned([0, 1]))
        .png()
        .toBuffer(),
      [
        [0, 0, 0],
        [255, 255, 255],
      ],
    );
    await expect(loadLabels(await saved('mask.png', file))).rejects.toThrow(/mask\.png: is indexed in black/);
  });

  it('are refused with fewer than 8 bits, which may be ids or shades, with 16, and as JPEG', async () => {
    const sixteen = sharp(new Uint16Array(4), { raw: { width: 2, height: 2, channels: 1 } });
    const path = await saved('16.png', sixteen.toColourspace('grey16').png());
    await expect(loadLabels(path)).rejects.toThrow(/16\.png: .*its samples have 16 bits; label maps have 8/);
    await expect(loadLabels(await saved('a.png', grey(ids).jpeg()))).rejects.toThrow(/jpeg changes values/);
    await expect(loadLabels(await saved('b.png', grey(ids).webp()))).rejects.toThrow(/webp changes values/);
    const lossless = await saved('c.webp', grey(ids).webp({ lossless: true }));
    expect((await loadLabels(lossless)).labels).toEqual(ids);
  });
});

describe('indexed label images', () => {
  it.each([
    [2, 1],
    [4, 2],
    [16, 4],
    [200, 8],
  ])('of sharp’s quantiser with %i colours (%i bits) hold their indices', async (colours, depth) => {
    const pixels = Array.from({ length: COUNT }, (_, i) => COLOURS[i % colours]);
    for (const progressive of [false, true]) {
      const made = coloured(pixels).png({ palette: true, colours, dither: 0, progressive, effort: 1 });
      const path = await saved('indexed.png', made);
      const file = await readFile(path);
      expect([file[24], file[25], file[28]]).toEqual([depth, 3, progressive ? 1 : 0]);
      const { palette } = parseIndexedPng(file)!;
      expect(file.equals(await readFile(path))).toBe(true);
      const { labels } = await loadLabels(path);
      const decoded = await sharp(file).toColourspace('srgb').removeAlpha().raw().toBuffer();
      expect(Buffer.from([...labels].flatMap((id) => [...palette[id]])).equals(decoded)).toBe(true);
      expect(new Set(labels).size).toBeGreaterThan(1);
    }
  });

  it('written by us are seen in colours, and read as the ids', async () => {
    const ids = patterned([...Array(256).keys()]);
    const file = toIndexedPng(await grey(ids).png().toBuffer(), COLOURS);
    const rgb = await sharp(file).toColourspace('srgb').raw().toBuffer();
    expect(rgb).toEqual(Buffer.from([...ids].flatMap((id) => [...COLOURS[id]])));
    const path = await saved('ours.png', file);
    expect((await loadLabels(path)).labels).toEqual(ids);
    expect((await loadLabels(path, CAMVID.palette)).labels).toEqual(ids);
  });

  it('whose palette a program has shortened get the classes of their colours', async () => {
    const { palette } = CAMVID;
    const [road, car, none]: Colour[] = [palette[3], palette[8], [0, 0, 0]];
    const file = toIndexedPng(
      await grey(patterned([0, 1, 2]))
        .png()
        .toBuffer(),
      [none, car, road],
    );
    const path = await saved('short.png', file);
    expect((await loadLabels(path, palette)).labels).toEqual(patterned([255, 8, 3]));
    expect((await loadLabels(path)).labels).toEqual(patterned([0, 1, 2]));
    // Colours of its own say nothing.
    const other = toIndexedPng(
      await grey(patterned([0, 1, 2]))
        .png()
        .toBuffer(),
      [none, car, [1, 2, 3]],
    );
    expect((await loadLabels(await saved('other.png', other), palette)).labels).toEqual(patterned([0, 1, 2]));
  });

  it('are refused where they are damaged', async () => {
    const whole = Buffer.from(
      toIndexedPng(
        await grey(patterned([0, 1]))
          .png()
          .toBuffer(),
        COLOURS,
      ),
    );
    const path = await saved('damaged.png', whole.subarray(0, whole.length - 30));
    await expect(loadLabels(path)).rejects.toThrow(InputError);
    for (const byte of [17, 60]) {
      const broken = Buffer.from(whole);
      broken[byte] ^= 1;
      await expect(loadLabels(await saved('damaged.png', broken))).rejects.toThrow(
        /damaged\.png: .*checksum/,
      );
    }
    for (let end = 0; end < whole.length - 12; end += 31)
      await expect(loadLabels(await saved('damaged.png', whole.subarray(0, end)))).rejects.toThrow(
        InputError,
      );
    const short = toIndexedPng(
      await grey(patterned([0, 3]))
        .png()
        .toBuffer(),
      COLOURS.slice(0, 2),
    );
    await expect(loadLabels(await saved('short.png', short))).rejects.toThrow(/index 3, its palette has 2/);
  });

  it('of colours that are not indexed are refused', async () => {
    const path = await saved('colours.png', coloured(Array(COUNT).fill([128, 64, 128])).png());
    await expect(loadLabels(path)).rejects.toThrow(/colours\.png: holds colours; .*indexed/);
  });
});
