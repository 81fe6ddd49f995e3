/** How many pixels two ways of labelling the same pictures label differently. */

export interface DistanceDisagreement {
  /** Frames since the key frame. */
  readonly distance: number;
  readonly frames: number;
  /** Share of their pixels. */
  readonly disagreement: number;
}

/** Adds up frames by their distance from the key frame. */
export class Disagreement {
  readonly #frames: number[] = [];
  readonly #pixels: number[] = [];
  readonly #different: number[] = [];

  /** @throws RangeError for maps of different sizes */
  add(distance: number, labels: Uint8Array, reference: Uint8Array): void {
    this.#frames[distance] = (this.#frames[distance] ?? 0) + 1;
    this.#pixels[distance] = (this.#pixels[distance] ?? 0) + labels.length;
    this.#different[distance] = (this.#different[distance] ?? 0) + differing(labels, reference);
  }

  /** Share of all pixels of frames at `from` or farther; NaN where there were none. */
  share(from = 0): number {
    const sum = (counts: readonly number[]): number => counts.slice(from).reduce((a, b) => a + b, 0);
    return sum(this.#different) / sum(this.#pixels);
  }

  byDistance(): DistanceDisagreement[] {
    return this.#frames.flatMap((frames, distance) =>
      frames > 0
        ? [{ distance, frames, disagreement: this.#different[distance] / this.#pixels[distance] }]
        : [],
    );
  }
}

/** Pixels whose labels differ. @throws RangeError for maps of different sizes */
export function differing(a: Uint8Array, b: Uint8Array): number {
  if (a.length !== b.length) throw new RangeError(`${a.length} labels against ${b.length}`);
  let different = 0;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) different++;
  return different;
}
