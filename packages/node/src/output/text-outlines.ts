/** Text as outlines, from a font that comes along: bare machines have none, and look for none. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Font, type Glyph, parse } from 'opentype.js';

const FONT = '@fontsource/dejavu-sans/files/dejavu-sans-latin-400-normal.woff';

let font: Font | undefined;

function loadFont(): Font {
  if (!font) {
    const file = readFileSync(createRequire(import.meta.url).resolve(FONT));
    font = parse(file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength));
  }
  return font;
}

/** Width of a line of text, pixels. @param size height of the font, pixels */
export function textWidth(text: string, size: number): number {
  const { unitsPerEm } = loadFont();
  return glyphsOf(text).reduce((sum, { advanceWidth = 0 }) => sum + (advanceWidth / unitsPerEm) * size, 0);
}

/** A line of text as the data of an SVG path. @param x, y its left end on the base line */
export function textPath(text: string, x: number, y: number, size: number): string {
  const { unitsPerEm } = loadFont();
  let left = x;
  return glyphsOf(text)
    .map((glyph) => {
      const path = glyph.getPath(left, y, size).toPathData(2);
      left += ((glyph.advanceWidth ?? 0) / unitsPerEm) * size;
      return path;
    })
    .join('');
}

/** One by one: the font's ligatures and scripts' shapes are beyond names of classes (and this library). */
function glyphsOf(text: string): Glyph[] {
  return [...text].map((character) => loadFont().charToGlyph(character));
}
