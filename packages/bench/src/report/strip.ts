/** Pictures of one size side by side. */
import sharp, { type Sharp } from 'sharp';

/** Pixels between panels. */
const GAP = 6;
const QUALITY = 82;

/** Rows of panels, each scaled to `panelWidth`, as one WebP; all pictures have `width × height` pixels. */
export async function pictureGrid(
  rows: readonly (readonly Sharp[])[],
  {
    width,
    height,
    panelWidth,
  }: { readonly width: number; readonly height: number; readonly panelWidth: number },
): Promise<Buffer> {
  const panelHeight = Math.round((height * panelWidth) / width);
  const columns = Math.max(...rows.map(({ length }) => length));
  const panels = await Promise.all(
    rows.flatMap((row, y) =>
      row.map(async (picture, x) => ({
        input: await (await flattened(picture))
          .resize(panelWidth, panelHeight, { kernel: 'lanczos2', fit: 'fill' })
          .png()
          .toBuffer(),
        left: x * (panelWidth + GAP),
        top: y * (panelHeight + GAP),
      })),
    ),
  );
  return sharp({
    create: {
      width: columns * (panelWidth + GAP) - GAP,
      height: rows.length * (panelHeight + GAP) - GAP,
      channels: 3,
      background: '#ffffff',
    },
  })
    .composite(panels)
    .webp({ quality: QUALITY })
    .toBuffer();
}

/** Joined channels must be pixels before they can be scaled. */
async function flattened(picture: Sharp): Promise<Sharp> {
  const { data, info } = await picture.raw().toBuffer({ resolveWithObject: true });
  return sharp(data, { raw: { width: info.width, height: info.height, channels: info.channels } });
}
