/** The part of opentype.js in use here; its own types are written for browsers. */
declare module 'opentype.js' {
  interface Glyph {
    readonly advanceWidth?: number;
    getPath(x: number, y: number, fontSize: number): { toPathData(decimals: number): string };
  }
  interface Font {
    readonly unitsPerEm: number;
    charToGlyph(character: string): Glyph;
  }
  export function parse(file: ArrayBuffer): Font;
}
