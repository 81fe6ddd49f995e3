import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@twnet/core/errors';
import sharp, { type Sharp } from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadImage } from './images.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twnet-images-'));
});
afterAll(() => rm(folder, { recursive: true }));

const WIDTH = 5;
const HEIGHT = 3;

function filled(...channels: number[]): Sharp {
  const count = channels.length as 1 | 2 | 3 | 4;
  const data = Uint8Array.from({ length: WIDTH * HEIGHT * count }, (_, i) => channels[i % count]);
  return sharp(data, { raw: { width: WIDTH, height: HEIGHT, channels: count } });
}

async function saved(name: string, image: Sharp): Promise<string> {
  const path = join(folder, name);
  await image.toFile(path);
  return path;
}

describe('pictures', () => {
  it.each<[string, Sharp, number[]]>([
    ['grey', filled(77).toColourspace('b-w'), [77, 77, 77]],
    ['grey with alpha', filled(77, 128).toColourspace('b-w'), [77, 77, 77]],
    ['RGB with alpha', filled(10, 20, 30, 40), [10, 20, 30]],
    ['16-bit RGB', filled(10, 20, 30).toColourspace('rgb16'), [10, 20, 30]],
    ['a palette', filled(10, 20, 30).png({ palette: true }), [10, 20, 30]],
  ])('become planes of RGB: %s', async (name, image, expected) => {
    const { width, height, pixels } = await loadImage(await saved(`${name}.png`, image.png()));
    expect([width, height, pixels.length]).toEqual([WIDTH, HEIGHT, 3 * WIDTH * HEIGHT]);
    expect(pixels).toEqual(
      Uint8Array.from({ length: 45 }, (_, i) => expected[Math.floor(i / (WIDTH * HEIGHT))]),
    );
  });

  it('keep their stored values, whatever colour profile is embedded', async () => {
    const path = await saved('p3.png', filled(200, 20, 30).withIccProfile('p3').png());
    const stored = await sharp(path, { ignoreIcc: true }).raw().toBuffer();
    const { pixels } = await loadImage(path);
    expect([...stored.subarray(0, 3)]).not.toEqual([200, 20, 30]);
    expect([pixels[0], pixels[15], pixels[30]]).toEqual([...stored.subarray(0, 3)]);
  });

  it('are named when they are missing, no picture or cut short', async () => {
    await expect(loadImage(join(folder, 'none.png'))).rejects.toThrow(/none\.png: cannot be read/);
    const path = join(folder, 'text.png');
    await writeFile(path, 'no picture');
    await expect(loadImage(path)).rejects.toThrow(InputError);
    const whole = await filled(1, 2, 3).png().toBuffer();
    await writeFile(path, whole.subarray(0, whole.length - 25));
    await expect(loadImage(path)).rejects.toThrow(/text\.png: cannot be read/);
  });
});
