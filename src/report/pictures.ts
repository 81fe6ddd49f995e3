/** What a page shows of a frame, as data URIs. */
import sharp from 'sharp';

/** Lossy pictures are for looking at: half the size of 80. */
const PICTURE_QUALITY = 70;

type Colour = readonly [red: number, green: number, blue: number];

/** A picture of planar RGB, `3 × height × width`, as WebP. */
export async function pictureUri(planes: Uint8Array, width: number, height: number): Promise<string> {
  const area = width * height;
  const parts = [0, 1, 2].map((plane) => Buffer.from(planes.buffer, planes.byteOffset + plane * area, area));
  const raw = { width, height, channels: 1 as const };
  const joined = await sharp(parts[0], { raw })
    .joinChannel(
      parts.slice(1).map((input) => input),
      { raw },
    )
    .toColourspace('srgb')
    .webp({ quality: PICTURE_QUALITY })
    .toBuffer();
  return `data:image/webp;base64,${joined.toString('base64')}`;
}

/** A label map in its classes' colours, as a PNG without loss; labels that are no class are black. */
export async function labelsUri(
  labels: Uint8Array,
  width: number,
  height: number,
  palette: readonly Colour[],
): Promise<string> {
  const pixels = Buffer.alloc(3 * labels.length);
  for (let i = 0, at = 0; i < labels.length; i++, at += 3) {
    const colour = palette[labels[i]];
    if (colour) [pixels[at], pixels[at + 1], pixels[at + 2]] = colour;
  }
  const png = await sharp(pixels, { raw: { width, height, channels: 3 } })
    .png({ palette: true, colours: 32, dither: 0, compressionLevel: 9 })
    .toBuffer();
  return `data:image/png;base64,${png.toString('base64')}`;
}

/** Values of a grid, `rows × columns`, `highest` and above white, as a small PNG. */
export async function gridUri(
  values: Float32Array,
  columns: number,
  rows: number,
  highest: number,
): Promise<string> {
  const grey = Buffer.from(values.map((value) => Math.min(255, Math.max(0, (255 * value) / highest))));
  const png = await sharp(grey, { raw: { width: columns, height: rows, channels: 1 } })
    .png({ compressionLevel: 9 })
    .toBuffer();
  return `data:image/png;base64,${png.toString('base64')}`;
}
