/** What a page shows of a frame, as data URIs. */
import sharp, { type Sharp } from 'sharp';

/** Lossy pictures are for looking at: half the size of 80. */
const PICTURE_QUALITY = 70;

export type Colour = readonly [red: number, green: number, blue: number];

/** A picture of planar RGB, `3 × height × width`, as WebP. */
export async function pictureUri(planes: Uint8Array, width: number, height: number): Promise<string> {
  const picture = await planarPicture(planes, width, height).webp({ quality: PICTURE_QUALITY }).toBuffer();
  return `data:image/webp;base64,${picture.toString('base64')}`;
}

/** A label map in its classes' colours, as a PNG without loss; labels that are no class are black. */
export async function labelsUri(
  labels: Uint8Array,
  width: number,
  height: number,
  palette: readonly Colour[],
): Promise<string> {
  const png = await labelsPicture(labels, width, height, palette)
    .png({ palette: true, colours: 32, dither: 0, compressionLevel: 9 })
    .toBuffer();
  return `data:image/png;base64,${png.toString('base64')}`;
}

export function planarPicture(planes: Uint8Array, width: number, height: number): Sharp {
  const area = width * height;
  const raw = { width, height, channels: 1 as const };
  const [red, ...others] = [0, 1, 2].map((plane) =>
    Buffer.from(planes.buffer, planes.byteOffset + plane * area, area),
  );
  return sharp(red, { raw }).joinChannel(others, { raw }).toColourspace('srgb');
}

export function labelsPicture(
  labels: Uint8Array,
  width: number,
  height: number,
  palette: readonly Colour[],
): Sharp {
  const pixels = Buffer.alloc(3 * labels.length);
  for (let i = 0, at = 0; i < labels.length; i++, at += 3) {
    const colour = palette[labels[i]];
    if (colour) [pixels[at], pixels[at + 1], pixels[at + 2]] = colour;
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}
