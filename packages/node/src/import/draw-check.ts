/** The picture that a network was tried on, beside its labels drawn over it. */
import type { ClassTable } from '@twnet/core/classes';
import { Overlay } from '@twnet/core/segment/overlay';
import sharp from 'sharp';
import { drawLegend } from '../output/legend.js';

export interface CheckedPicture {
  readonly width: number;
  readonly height: number;
  /** Planar RGB. */
  readonly pixels: Uint8Array;
  /** Class ids, `height × width`. */
  readonly labels: Uint8Array;
}

/** The bytes of a PNG of twice the picture's width, a legend of the classes that were found on the right. */
export async function drawCheck(
  { width, height, pixels, labels }: CheckedPicture,
  names: readonly string[],
  palette: ClassTable['palette'],
): Promise<Uint8Array> {
  const seen = new Set(labels);
  const found = names.map((name, id) => ({ id, name })).filter(({ id }) => seen.has(id));
  const legend = await drawLegend(found, palette, { width, height });
  const overlay = new Overlay(palette, undefined, legend);
  const drawn = overlay.draw(pixels, labels, undefined, { size: { width, height } });
  const tiles = [pixels, drawn].map((planes, index) => ({
    input: interleaved(planes),
    raw: { width, height, channels: 3 as const },
    left: index * width,
    top: 0,
  }));
  const canvas = sharp({ create: { width: 2 * width, height, channels: 3, background: '#000' } });
  return canvas.composite(tiles).png().toBuffer();
}

function interleaved(planes: Uint8Array): Buffer {
  const area = planes.length / 3;
  const pixels = Buffer.alloc(planes.length);
  for (let i = 0, j = 0; i < area; i++, j += 3)
    for (let plane = 0; plane < 3; plane++) pixels[j + plane] = planes[plane * area + i];
  return pixels;
}
