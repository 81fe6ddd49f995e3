import type { Size } from '@twnet/node/video/scaling';

/** Label maps of one size in another: each pixel takes the label whose centre is nearest, as labels written to files do. */
export class LabelResizer {
  readonly #columns: Uint32Array;
  readonly #rows: Uint32Array;

  constructor(
    readonly from: Size,
    readonly to: Size,
  ) {
    this.#columns = nearest(from.width, to.width);
    this.#rows = nearest(from.height, to.height);
  }

  /** The same array where the sizes are the same. @throws RangeError for a map of another size */
  resize(labels: Uint8Array): Uint8Array {
    const { from, to } = this;
    if (labels.length !== from.width * from.height)
      throw new RangeError(`${labels.length} labels for ${from.width}×${from.height}`);
    if (from.width === to.width && from.height === to.height) return labels;
    const out = new Uint8Array(to.width * to.height);
    const columns = this.#columns;
    for (let y = 0, i = 0, before = -1; y < to.height; y++) {
      const row = this.#rows[y];
      // Enlarged rows repeat.
      if (row === before) out.copyWithin(i, i - to.width, i);
      else
        for (let x = 0, start = row * from.width; x < to.width; x++) out[i + x] = labels[start + columns[x]];
      before = row;
      i += to.width;
    }
    return out;
  }
}

function nearest(from: number, to: number): Uint32Array {
  return Uint32Array.from({ length: to }, (_, i) => Math.min(from - 1, Math.floor(((i + 0.5) * from) / to)));
}
