/** How a data set's label files say which class a pixel is. */

import { IGNORE_LABEL } from '@twnet/core/classes';
import { InputError, messageOf } from '@twnet/core/errors';
import type { Colour } from './indexed-png.js';
import { type LabelMap, loadLabels } from './label-image.js';

/** One stored value a pixel. */
export interface IdCoding {
  readonly kind: 'ids';
  /** Train id of each of the 256 values; {@link UNKNOWN} for values that the data set does not have. */
  readonly trainIds: Int16Array;
  /** The colours of the classes, where their ids are those of the files; see {@link loadLabels}. */
  readonly palette?: readonly Colour[];
  /** The values that are allowed, for messages: `CamVid's ids are 0 to 11`. */
  readonly allowed: string;
}

/** One stored colour a pixel. */
export interface ColourCoding {
  readonly kind: 'colours';
  /** Train id of each colour, by {@link colourKey}. */
  readonly trainIds: ReadonlyMap<number, number>;
  /** Where the colours are listed, for messages. */
  readonly allowed: string;
}

export type LabelCoding = IdCoding | ColourCoding;

/** Marks stored values that have no meaning. */
export const UNKNOWN = -1;

export function colourKey(red: number, green: number, blue: number): number {
  return (red << 16) | (green << 8) | blue;
}

/** A coding by values: those of `entries`, with 255 ignored as everywhere. */
export function idCoding(
  entries: Iterable<readonly [value: number, trainId: number]>,
  allowed: string,
  palette?: readonly Colour[],
) {
  const trainIds = new Int16Array(256).fill(UNKNOWN);
  trainIds[IGNORE_LABEL] = IGNORE_LABEL;
  for (const [value, trainId] of entries) trainIds[value] = trainId;
  return { kind: 'ids', trainIds, allowed, palette } satisfies IdCoding;
}

/**
 * Reads a label file as train ids, 255 ignored.
 *
 * @throws InputError when it cannot be read, or holds values or colours that the coding lacks: the first ten
 *   are listed
 */
export async function readLabels(path: string, coding: LabelCoding): Promise<LabelMap> {
  return coding.kind === 'ids' ? readIds(path, coding) : readColours(path, coding);
}

async function readIds(path: string, { trainIds, allowed, palette }: IdCoding): Promise<LabelMap> {
  const map = await loadLabels(path, palette);
  const unknown = new Set<number>();
  const { labels } = map;
  for (let i = 0; i < labels.length; i++) {
    const trainId = trainIds[labels[i]];
    if (trainId === UNKNOWN) unknown.add(labels[i]);
    else labels[i] = trainId;
  }
  if (unknown.size > 0) {
    const values = [...unknown].sort((a, b) => a - b);
    throw new InputError(
      `${path}: holds the label${values.length > 1 ? 's' : ''} ${firstTen(values.map(String))}; ${allowed}`,
    );
  }
  return map;
}

async function readColours(path: string, { trainIds, allowed }: ColourCoding): Promise<LabelMap> {
  const { data, width, height } = await rawColours(path);
  const labels = new Uint8Array(width * height);
  const unknown = new Set<number>();
  // Labels come in runs: most pixels have the colour of the one before.
  let lastKey = -1;
  let lastId = UNKNOWN;
  for (let i = 0, j = 0; i < labels.length; i++, j += 3) {
    const key = colourKey(data[j], data[j + 1], data[j + 2]);
    if (key !== lastKey) {
      lastKey = key;
      lastId = trainIds.get(key) ?? UNKNOWN;
      if (lastId === UNKNOWN) unknown.add(key);
    }
    labels[i] = lastId;
  }
  if (unknown.size > 0) {
    const colours = [...unknown].map((key) => `(${key >> 16}, ${(key >> 8) & 255}, ${key & 255})`);
    throw new InputError(
      `${path}: holds the colour${colours.length > 1 ? 's' : ''} ${firstTen(colours)}; ${allowed}`,
    );
  }
  return { width, height, labels };
}

async function rawColours(path: string): Promise<{ data: Uint8Array; width: number; height: number }> {
  const { default: sharp } = await import('sharp');
  try {
    const { data, info } = await sharp(path, { ignoreIcc: true })
      .toColourspace('srgb')
      .removeAlpha()
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    return { data, width: info.width, height: info.height };
  } catch (error) {
    throw new InputError(`${path}: cannot be read as an image: ${messageOf(error)}`);
  }
}

/** The first ten of a list, and how many others there are. */
export function firstTen(entries: readonly string[], separator = ', '): string {
  const rest = entries.length - 10;
  return entries.slice(0, 10).join(separator) + (rest > 0 ? ` and ${rest} more` : '');
}
