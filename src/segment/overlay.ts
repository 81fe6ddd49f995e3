import type { ClassTable } from '../data/classes.js';

/** Draws labels over frames: every class in its colour, mixed with the picture. */
export class Overlay {
  /** For each plane, label and brightness: the mixed brightness, `3 × 256 × 256`. */
  readonly #mixed = new Uint8Array(3 * 256 * 256);

  /**
   * @param palette one RGB colour a class, 0..255
   * @param opacity share of the colour, 0 (picture only) to 1
   */
  constructor(palette: ClassTable['palette'], opacity = 0.5) {
    for (let plane = 0; plane < 3; plane++) {
      for (let label = 0; label < 256; label++) {
        const colour = palette[label]?.[plane];
        // Labels without a colour (the ignored one) leave the picture as it is.
        const share = colour === undefined ? 0 : opacity;
        for (let value = 0; value < 256; value++) {
          const mixed = (1 - share) * value + share * (colour ?? 0);
          this.#mixed[(plane * 256 + label) * 256 + value] = Math.round(mixed);
        }
      }
    }
  }

  /**
   * @param pixels planar RGB, `3 × area`
   * @param labels class ids, `area`
   * @param out planar RGB; may be `pixels` itself
   */
  draw(pixels: Uint8Array, labels: Uint8Array, out: Uint8Array = new Uint8Array(pixels.length)): Uint8Array {
    const area = labels.length;
    if (pixels.length !== 3 * area || out.length !== 3 * area) {
      throw new RangeError(
        `overlay: ${area} labels, ${pixels.length} values to read, ${out.length} to write`,
      );
    }
    for (let plane = 0; plane < 3; plane++) {
      const table = this.#mixed.subarray(plane * 65536, (plane + 1) * 65536);
      const start = plane * area;
      for (let i = 0; i < area; i++) out[start + i] = table[(labels[i] << 8) | pixels[start + i]];
    }
    return out;
  }
}
