/** Pictures and label maps from files. */
import sharp, { type Sharp } from 'sharp';
import { InputError, messageOf } from '../errors.js';

/** A picture as planar 8-bit RGB: `height × width` bytes of R, then G, then B. */
export interface PlanarImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

export interface LabelMap {
  readonly width: number;
  readonly height: number;
  /** One class id a pixel, row-major. */
  readonly labels: Uint8Array;
}

export async function loadImage(path: string): Promise<PlanarImage> {
  const { data, width, height } = await rawPixels(path, (image) => image.toColourspace('srgb').removeAlpha());
  const count = width * height;
  const pixels = new Uint8Array(3 * count);
  for (let i = 0, j = 0; i < count; i++, j += 3) {
    pixels[i] = data[j];
    pixels[count + i] = data[j + 1];
    pixels[2 * count + i] = data[j + 2];
  }
  return { width, height, pixels };
}

/** Reads an 8-bit single-channel PNG of class ids, values untouched. */
export async function loadLabels(path: string): Promise<LabelMap> {
  const { data, width, height, channels } = await rawPixels(path, (image) => image);
  if (channels === 1) return { width, height, labels: new Uint8Array(data) };
  // Grey stored as RGB: the first channel holds the ids.
  const labels = new Uint8Array(width * height);
  for (let i = 0; i < labels.length; i++) labels[i] = data[i * channels];
  return { width, height, labels };
}

async function rawPixels(
  path: string,
  prepare: (image: Sharp) => Sharp,
): Promise<{ data: Uint8Array; width: number; height: number; channels: number }> {
  try {
    const { data, info } = await prepare(sharp(path))
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height, channels: info.channels };
  } catch (error) {
    throw new InputError(`${path}: cannot be read as an image: ${messageOf(error)}`);
  }
}
