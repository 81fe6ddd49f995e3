/** What the colours of an overlay mean: a strip along its lower edge. */

import type { ClassTable } from '@twnet/core/classes';
import type { NamedClass } from '@twnet/core/segment/class-choice';
import type { Legend } from '@twnet/core/segment/overlay';
import sharp from 'sharp';

/** Height of letters: this share of the picture's shorter side, and the least that can be read, pixels. */
const TEXT_SHARE = 1 / 32;
const LEAST_TEXT = 9;
const MOST_TEXT = 40;
/** The most of the picture's height that it covers. */
const MOST_COVERED = 0.25;
const BACKGROUND = 'rgba(0,0,0,0.62)';

interface Size {
  readonly width: number;
  readonly height: number;
}

interface Entry {
  readonly name: string;
  readonly colour: readonly [number, number, number];
}

/**
 * Draws a legend of the classes for pictures of a size; undefined where it would hide too much of them.
 *
 * Colours stand in full; drawn over a picture they are mixed with it.
 */
export async function drawLegend(
  classes: readonly NamedClass[],
  palette: ClassTable['palette'],
  { width, height }: Size,
): Promise<Legend | undefined> {
  const entries = classes.flatMap(({ id, name }) => (palette[id] ? [{ name, colour: palette[id] }] : []));
  const { textPath, textWidth } = await import('./text-outlines.js');
  const text = Math.round(
    Math.min(MOST_TEXT, Math.max(LEAST_TEXT, Math.min(width, height) * TEXT_SHARE, width / 96)),
  );
  const lines = entries.length > 0 ? flow(entries, width - text, text, textWidth) : undefined;
  if (!lines) return undefined;
  const lineHeight = Math.round(1.5 * text);
  const stripHeight = lines.length * lineHeight + Math.round(0.4 * text);
  if (stripHeight > MOST_COVERED * height) return undefined;
  const parts = lines.flatMap((line, row) =>
    line.map(({ left, name, colour }) => {
      const top = Math.round(0.4 * text) + row * lineHeight;
      const swatch = `<rect x="${left}" y="${top}" width="${text}" height="${text}" rx="1.5" fill="rgb(${colour.join(',')})" stroke="#fff" stroke-opacity=".55"/>`;
      return `${swatch}<path fill="#fff" d="${textPath(name, left + 1.45 * text, top + 0.86 * text, text)}"/>`;
    }),
  );
  const svg =
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${stripHeight}">` +
    `<rect width="100%" height="100%" fill="${BACKGROUND}"/>${parts.join('')}</svg>`;
  const { data } = await sharp(Buffer.from(svg)).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { width, height: stripHeight, left: 0, top: height - stripHeight, pixels: planesOf(data) };
}

interface Placed extends Entry {
  readonly left: number;
}

/** Entries in columns of one width, as many a line as fit; undefined where one alone does not. */
function flow(
  entries: readonly Entry[],
  width: number,
  text: number,
  textWidth: (name: string, size: number) => number,
): Placed[][] | undefined {
  const cell = Math.ceil(Math.max(...entries.map(({ name }) => textWidth(name, text))) + 2.6 * text);
  const most = Math.floor((width + 1.15 * text) / cell);
  if (most < 1) return undefined;
  const lineCount = Math.ceil(entries.length / most);
  // Even lines look better than full ones.
  const perLine = Math.ceil(entries.length / lineCount);
  return Array.from({ length: lineCount }, (_, row) =>
    entries
      .slice(row * perLine, (row + 1) * perLine)
      .map((entry, column) => ({ ...entry, left: Math.round(0.6 * text) + column * cell })),
  );
}

function planesOf(interleaved: Uint8Array): Uint8Array {
  const area = interleaved.length / 4;
  const planes = new Uint8Array(interleaved.length);
  for (let i = 0; i < interleaved.length; i++) planes[(i % 4) * area + (i >> 2)] = interleaved[i];
  return planes;
}
