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

/**
 * Reads a picture as 8-bit RGB. Values are as stored, embedded colour profiles left aside, as video decoders do.
 *
 * @throws InputError when the file cannot be read as an image
 */
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

/**
 * Reads an 8-bit PNG of class ids, values untouched; grey stored as RGB or with a palette will do.
 *
 * @throws InputError for pictures whose values are not class ids: colours, 16 bits, fewer than 8 bits
 */
export async function loadLabels(path: string): Promise<LabelMap> {
  const { data, width, height, channels } = await rawPixels(path, async (image) => {
    const { depth, isPalette, bitsPerSample } = await image.metadata();
    // Decoders stretch 1, 2 and 4 bits of grey to the range of 8, which changes the ids.
    if (depth !== 'uchar' || (!isPalette && (bitsPerSample ?? 8) < 8)) {
      throw new Error(`its samples have ${bitsPerSample} bits; label maps have 8, one class id a pixel`);
    }
    return image;
  });
  const labels = new Uint8Array(width * height);
  const last = Math.min(channels, 3) - 1;
  for (let i = 0, j = 0; i < labels.length; i++, j += channels) {
    if (data[j] !== data[j + last] || data[j] !== data[j + (last >> 1)]) {
      throw new InputError(`${path}: holds colours; label maps are 8-bit grey, one class id a pixel`);
    }
    labels[i] = data[j];
  }
  return { width, height, labels };
}

async function rawPixels(
  path: string,
  prepare: (image: Sharp) => Sharp | Promise<Sharp>,
): Promise<{ data: Uint8Array; width: number; height: number; channels: number }> {
  try {
    const { data, info } = await (await prepare(sharp(path, { ignoreIcc: true })))
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height, channels: info.channels };
  } catch (error) {
    throw new InputError(`${path}: cannot be read as an image: ${messageOf(error)}`);
  }
}
