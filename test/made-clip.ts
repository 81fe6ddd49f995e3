import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { randomFrom } from '@twnet/testing/made-motion';
import sharp from 'sharp';

export interface MadeClip {
  readonly width: number;
  readonly height: number;
  readonly frames: readonly Uint8Array[];
  readonly labels: readonly Uint8Array[];
}

/** A grey texture that moves by 2 pixels a frame, 64 × 64, and labels that have nothing to do with it. */
export function madeClip(frames: number): MadeClip {
  const [width, height] = [64, 64];
  const random = randomFrom(3);
  const coarse = Float32Array.from({ length: 16 * 64 }, () => 255 * random());
  const draw = (value: (x: number, y: number) => number, planes: number) =>
    Uint8Array.from({ length: planes * width * height }, (_, i) =>
      value(i % width, Math.floor(i / width) % height),
    );
  return {
    width,
    height,
    frames: Array.from({ length: frames }, (_, t) =>
      draw((x, y) => coarse[Math.floor(y / 4) * 64 + Math.floor((x + 2 * t) / 4)], 3),
    ),
    labels: Array.from({ length: frames }, () => draw((x) => Math.floor(x / 6), 1)),
  };
}

/** Writes a clip as a folder with `images` and `labels`, PNGs of the same names. */
export async function writeClipFolder(
  folder: string,
  { width, height, frames, labels }: MadeClip,
): Promise<void> {
  for (const name of ['images', 'labels']) await mkdir(join(folder, name), { recursive: true });
  const raw = { width, height, channels: 1 as const };
  for (const [t, pixels] of frames.entries()) {
    await sharp(pixels.subarray(0, width * height), { raw })
      .toColourspace('srgb')
      .png()
      .toFile(join(folder, 'images', `${t}.png`));
    await sharp(labels[t], { raw })
      .toColourspace('b-w')
      .png()
      .toFile(join(folder, 'labels', `${t}.png`));
  }
}
