/** Pictures from files. */

import { InputError, messageOf } from '@twnet/core/errors';
import type { Sharp } from 'sharp';

/** A picture as planar 8-bit RGB: `height × width` bytes of R, then G, then B. */
export interface PlanarImage {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/**
 * Reads a picture as 8-bit RGB. Values are as stored, embedded colour profiles left aside, as video decoders do.
 *
 * @throws InputError when the file cannot be read as an image
 */
export async function loadImage(path: string): Promise<PlanarImage> {
  const { data, width, height } = await rawPixels(path, path, (image) =>
    image.toColourspace('srgb').removeAlpha(),
  );
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
 * Decodes an image file.
 *
 * @param path for messages
 * @param prepare what is to be done between decoding and the 8-bit values
 * @throws InputError when it cannot be read as an image
 */
export async function rawPixels(
  path: string,
  file: string | Uint8Array,
  prepare: (image: Sharp) => Sharp | Promise<Sharp>,
): Promise<{ data: Uint8Array; width: number; height: number; channels: number }> {
  const { default: sharp } = await import('sharp');
  try {
    const { data, info } = await (await prepare(sharp(file, { ignoreIcc: true })))
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.length);
    return { data: bytes, width: info.width, height: info.height, channels: info.channels };
  } catch (error) {
    throw new InputError(`${path}: cannot be read as an image: ${messageOf(error)}`);
  }
}
