/** A frame's labels as a PNG that shows classes in their colours and holds their ids. */
import { IGNORE_LABEL } from '@twnet/core/classes';
import { type Colour, toIndexedPng } from '../images/indexed-png.js';

/** Label maps are flat: little is gained beyond this, and it takes a third of the time of the default. */
const COMPRESSION_LEVEL = 2;
/** What the ignored label looks like, as in Cityscapes' colour files. */
export const IGNORED_COLOUR: Colour = [0, 0, 0];
/** What ids that are no class look like. */
const NO_CLASS: Colour = [255, 0, 255];

export interface LabelPngOptions {
  /** Of the picture (nearest label); default: the labels'. */
  readonly size?: { readonly width: number; readonly height: number };
  /** One colour a class. */
  readonly palette?: readonly Colour[];
}

/**
 * An 8-bit PNG whose values are the labels themselves: indexed with the colours of the palette, 255 black; greyscale
 * without one.
 */
export async function labelPng(
  labels: Uint8Array,
  width: number,
  height: number,
  { size, palette }: LabelPngOptions = {},
): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  const picture = sharp(labels, { raw: { width, height, channels: 1 } });
  if (size && (size.width !== width || size.height !== height))
    picture.resize(size.width, size.height, { kernel: 'nearest', fit: 'fill' });
  const grey = await picture.toColourspace('b-w').png({ compressionLevel: COMPRESSION_LEVEL }).toBuffer();
  return palette ? toIndexedPng(grey, labelColours(palette)) : grey;
}

/** A colour for each of the 256 values, so that none is missing from a palette. */
function labelColours(palette: readonly Colour[]): Colour[] {
  return Array.from(
    { length: 256 },
    (_, id) => palette[id] ?? (id === IGNORE_LABEL ? IGNORED_COLOUR : NO_CLASS),
  );
}
