/** Label maps from image files. */
import { readFile } from 'node:fs/promises';
import { IGNORE_LABEL } from '@twnet/core/classes';
import { InputError, messageOf } from '@twnet/core/errors';
import { rawPixels } from './images.js';
import { type Colour, type IndexedPng, indexScale, parseIndexedPng } from './indexed-png.js';

export interface LabelMap {
  readonly width: number;
  readonly height: number;
  /** One class id a pixel, row-major. */
  readonly labels: Uint8Array;
}

/** Formats whose compression changes values. */
const LOSSY = new Set(['jpeg', 'heif', 'avif', 'jxl', 'jp2']);

/**
 * Reads a label image: an 8-bit greyscale PNG whose values are class ids (stored as RGB will do), or an indexed PNG of
 * 1 to 8 bits. An indexed one's ids are its indices, with two exceptions, for programs that shorten palettes: of a
 * palette of greys alone, the grey values, and where every pixel's colour is that of another class in `palette` than
 * its index says, the classes of those colours, black ignored.
 *
 * @param palette the colours of the classes that the file is expected to hold
 * @throws InputError for pictures whose values are not class ids: colours, 16 bits, lossy compression, fewer than 8
 *   bits of grey, and indices that can be read two ways
 */
export async function loadLabels(path: string, palette: readonly Colour[] = []): Promise<LabelMap> {
  let file: Uint8Array;
  let indexed: IndexedPng | undefined;
  try {
    file = await readFile(path);
    indexed = parseIndexedPng(file);
  } catch (error) {
    throw new InputError(`${path}: cannot be read as an image: ${messageOf(error)}`);
  }
  return indexed ? readIndexed(path, indexed, palette) : readGrey(path, file);
}

async function readGrey(path: string, file: Uint8Array): Promise<LabelMap> {
  const { data, width, height, channels } = await rawPixels(path, file, async (image) => {
    const { depth, isPalette, bitsPerSample, format } = await image.metadata();
    if (LOSSY.has(format) || isLossyWebp(file))
      throw new Error(`${format} changes values; label maps are PNGs`);
    // Decoders stretch 1, 2 and 4 bits of grey to the range of 8, which changes the ids.
    if (depth !== 'uchar' || (!isPalette && (bitsPerSample ?? 8) < 8)) {
      throw new Error(`its samples have ${bitsPerSample} bits; label maps have 8, one class id a pixel`);
    }
    return image;
  });
  if (channels === 1) return { width, height, labels: data };
  const labels = new Uint8Array(width * height);
  const last = Math.min(channels, 3) - 1;
  for (let i = 0, j = 0; i < labels.length; i++, j += channels) {
    if (data[j] !== data[j + last] || data[j] !== data[j + (last >> 1)]) {
      throw new InputError(
        `${path}: holds colours; label maps are 8-bit grey or indexed PNGs, one class id a pixel`,
      );
    }
    labels[i] = data[j];
  }
  return { width, height, labels };
}

/** Whether the file's first chunk is VP8, which loses values, and not VP8L. */
function isLossyWebp(file: Uint8Array): boolean {
  return Buffer.from(file.subarray(8, 16)).toString('latin1') === 'WEBPVP8 ';
}

async function readIndexed(path: string, png: IndexedPng, palette: readonly Colour[]): Promise<LabelMap> {
  const { data, width, height } = await rawPixels(path, png.grey, (image) => image.toColourspace('b-w'));
  const scale = indexScale(png.bitDepth);
  const seen = new Uint8Array(256);
  for (let i = 0; i < data.length; i++) seen[data[i]] = 1;
  const used = [...seen.keys()].filter((value) => seen[value] === 1).map((value) => value / scale);
  const beyond = used.find((index) => index >= png.palette.length);
  if (beyond !== undefined) {
    throw new InputError(
      `${path}: holds the index ${beyond}, its palette has ${png.palette.length} colours: the file is damaged`,
    );
  }
  const ids = idsOf(png.palette, used, palette);
  if (!ids) {
    throw new InputError(
      `${path}: is indexed in black and white, and both the index and the grey may be the class id; store it as 8-bit grey`,
    );
  }
  const lookUp = new Uint8Array(256);
  for (const index of used) lookUp[index * scale] = ids(index);
  if (used.some((index) => lookUp[index * scale] !== index * scale))
    for (let i = 0; i < data.length; i++) data[i] = lookUp[data[i]];
  return { width, height, labels: data };
}

/** The class id of each index that is used; undefined where two readings are as likely. */
function idsOf(
  colours: readonly Colour[],
  used: readonly number[],
  palette: readonly Colour[],
): ((index: number) => number) | undefined {
  const asIndex = (index: number) => index;
  if (colours.every(([red, green, blue]) => red === green && green === blue)) {
    if (used.every((index) => colours[index][0] === index)) return asIndex;
    return isRamp(colours) ? undefined : (index) => colours[index][0];
  }
  if (used.every((index) => index >= palette.length || sameColour(colours[index], palette[index])))
    return asIndex;
  const byColour = used.map((index) => classOf(colours[index], palette));
  if (byColour.some((id) => id === undefined)) return asIndex;
  return (index) => byColour[used.indexOf(index)]!;
}

/** Whether a palette is that of a picture of 1, 2 or 4 bits of grey: from black to white, or the other way. */
function isRamp(colours: readonly Colour[]): boolean {
  const last = colours.length - 1;
  if (![2, 4, 16].includes(colours.length)) return false;
  return [0, 255].some((first) =>
    colours.every(([grey], i) => grey === Math.abs(first - Math.round((255 * i) / last))),
  );
}

function classOf(colour: Colour, palette: readonly Colour[]): number | undefined {
  const id = palette.findIndex((each) => sameColour(each, colour));
  if (id >= 0) return id;
  return colour.every((value) => value === 0) ? IGNORE_LABEL : undefined;
}

function sameColour(a: Colour, b: Colour): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2];
}
