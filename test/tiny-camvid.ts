import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { madeStill } from '@twnet/testing/made-stills';
import sharp from 'sharp';

/** Writes three square stills with labels as CamVid's train split in SegNet's layout. */
export async function writeTinyCamVid(folder: string, size: number): Promise<void> {
  const raw = { width: size, height: size, channels: 1 as const };
  for (const name of ['train', 'trainannot']) await mkdir(join(folder, name), { recursive: true });
  for (const seed of [1, 2, 3]) {
    const { pixels, labels } = madeStill(size, size, seed);
    const planes = [0, 1, 2].map((p) => Buffer.from(pixels.subarray(p * size * size, (p + 1) * size * size)));
    await sharp(planes[0], { raw })
      .joinChannel(planes.slice(1), { raw })
      .toColourspace('srgb')
      .png()
      .toFile(join(folder, 'train', `0001_${seed}.png`));
    await sharp(labels, { raw })
      .toColourspace('b-w')
      .png()
      .toFile(join(folder, 'trainannot', `0001_${seed}.png`));
  }
}
