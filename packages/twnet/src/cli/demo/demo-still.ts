/** The demo's still: a frame and its labels, exact and found, with captions and the classes' colours. */

import type { ClassTable } from '@twnet/core/classes';
import { Overlay } from '@twnet/core/segment/overlay';
import { writeFileAtomic } from '@twnet/node/files/atomic';
import sharp from 'sharp';

export interface DemoStill {
  readonly width: number;
  readonly height: number;
  /** Planar RGB, `3 × height × width`. */
  readonly picture: Uint8Array;
  /** Label maps to draw over the picture, `height × width` each. */
  readonly panels: readonly { readonly title: string; readonly labels: Uint8Array }[];
  readonly classes: readonly string[];
  readonly palette: ClassTable['palette'];
}

const COLUMNS = 2;
const OPACITY = 0.6;

/** Writes the picture and the panels as a grid two wide, the legend below. */
export async function writeDemoStill(path: string, still: DemoStill): Promise<void> {
  const { width, height, picture, panels, palette } = still;
  const overlay = new Overlay(palette, OPACITY);
  const tiles = [picture, ...panels.map(({ labels }) => overlay.draw(picture, labels))];
  const titles = ['picture', ...panels.map(({ title }) => title)];
  const rows = Math.ceil(tiles.length / COLUMNS);
  const canvasWidth = COLUMNS * width;
  const text = Math.max(5, Math.round(width / 32));
  const legend = legendSvg(still, canvasWidth, text);
  const layers = await Promise.all(
    tiles.map(async (planes, i) => ({
      input: await pngOfPlanes(planes, width, height),
      left: (i % COLUMNS) * width,
      top: Math.floor(i / COLUMNS) * height,
    })),
  );
  const captions = svg(
    canvasWidth,
    rows * height,
    titles.map((title, i) => caption(title, (i % COLUMNS) * width, Math.floor(i / COLUMNS) * height, text)),
  );
  const canvas = sharp({
    create: { width: canvasWidth, height: rows * height + legend.height, channels: 3, background: '#181818' },
  });
  canvas.composite([
    ...layers,
    { input: captions, left: 0, top: 0 },
    { input: legend.image, left: 0, top: rows * height },
  ]);
  await writeFileAtomic(path, await canvas.png().toBuffer());
}

function svg(width: number, height: number, parts: readonly string[]): Buffer {
  const open = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" font-family="sans-serif">`;
  return Buffer.from(`${open}${parts.join('')}</svg>`);
}

/** White on a dark strip, in the tile's upper left corner. */
function caption(title: string, left: number, top: number, size: number): string {
  const strip = `<rect x="${left}" y="${top}" width="${size * (1.2 + 0.56 * title.length)}" height="${1.7 * size}" fill="#000" fill-opacity="0.55"/>`;
  return `${strip}<text x="${left + 0.6 * size}" y="${top + 1.2 * size}" font-size="${size}" fill="#fff">${escapeXml(title)}</text>`;
}

/** A swatch and a name for each class, as many a line as fit. */
function legendSvg(
  { classes, palette }: DemoStill,
  width: number,
  size: number,
): { image: Buffer; height: number } {
  const cell = size * (2.6 + 0.6 * Math.max(...classes.map((name) => name.length)));
  const perLine = Math.max(1, Math.floor(width / cell));
  const parts = classes.map((name, i) => {
    const left = (i % perLine) * cell + 0.6 * size;
    const top = Math.floor(i / perLine) * 1.6 * size + 0.4 * size;
    const swatch = `<rect x="${left}" y="${top}" width="${size}" height="${size}" fill="rgb(${palette[i]?.join(',')})"/>`;
    return `${swatch}<text x="${left + 1.4 * size}" y="${top + 0.85 * size}" font-size="${size}" fill="#eee">${escapeXml(name)}</text>`;
  });
  const height = Math.ceil(1.6 * size * Math.ceil(classes.length / perLine) + 0.4 * size);
  return { image: svg(width, height, parts), height };
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

async function pngOfPlanes(planes: Uint8Array, width: number, height: number): Promise<Buffer> {
  const area = width * height;
  const raw = { width, height, channels: 1 as const };
  const bands = [1, 2].map((plane) => Buffer.from(planes.subarray(plane * area, (plane + 1) * area)));
  const first = sharp(Buffer.from(planes.subarray(0, area)), { raw });
  return first.joinChannel(bands, { raw }).toColourspace('srgb').png().toBuffer();
}
