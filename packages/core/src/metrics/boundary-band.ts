import { IGNORE_LABEL } from '../classes.js';

/** How far the band reaches to either side of a boundary unless something else is asked for, pixels. */
export const BOUNDARY_DISTANCE = 5;

/**
 * The band along the boundaries of true classes, in which segmentations differ most (the trimap of Kohli et al.
 * 2009 and of DeepLab): pixels that have a pixel of another class within `distance` pixels in x and in y. A
 * boundary is one between two classes; ignored pixels make none, but a strip of them between two classes does
 * not hide theirs. mIoU over the band is that of a confusion matrix of these maps.
 */
export class BoundaryBand {
  readonly #width: number;
  readonly #height: number;
  readonly #window: number;
  /** Pixels from one row to the next of `#lowest` and `#highest`, which have a margin of `distance`. */
  readonly #stride: number;
  /** Lowest and highest label of the window that begins at each pixel. */
  readonly #lowest: Uint8Array;
  readonly #highest: Uint8Array;
  readonly #band: Uint8Array;

  /** @param distance pixels, 1 or more */
  constructor(width: number, height: number, distance: number = BOUNDARY_DISTANCE) {
    if (!Number.isInteger(distance) || distance < 1) throw new RangeError(`distance ${distance}`);
    const margin = Math.min(distance, Math.max(width, height));
    this.#width = width;
    this.#height = height;
    this.#window = 2 * margin + 1;
    this.#stride = width + 2 * margin;
    this.#lowest = new Uint8Array(this.#stride * (height + 2 * margin));
    this.#highest = new Uint8Array(this.#lowest.length);
    this.#band = new Uint8Array(width * height);
  }

  /**
   * A map of true labels in which all that lies off the band is ignored.
   *
   * @param truth one label a pixel, `width × height`
   * @returns the same labels, or 255; overwritten by the next call
   */
  of(truth: Uint8Array): Uint8Array {
    const band = this.#band;
    if (truth.length !== band.length)
      throw new RangeError(`${truth.length} labels for ${band.length} pixels`);
    const lowest = this.#lowest.fill(255);
    const highest = this.#highest.fill(0);
    const width = this.#width;
    const stride = this.#stride;
    const margin = this.#window >> 1;
    for (let y = 0, i = 0; y < this.#height; y++) {
      for (let x = 0, j = (y + margin) * stride + margin; x < width; x++, i++, j++) {
        if (truth[i] === IGNORE_LABEL) continue;
        lowest[j] = truth[i];
        highest[j] = truth[i];
      }
    }
    for (const step of [1, stride]) {
      widenLowest(lowest, this.#window, step);
      widenHighest(highest, this.#window, step);
    }
    for (let y = 0, i = 0; y < this.#height; y++) {
      for (let x = 0, j = y * stride; x < width; x++, i++, j++) {
        band[i] = lowest[j] < highest[j] ? truth[i] : IGNORE_LABEL;
      }
    }
    return band;
  }
}

/**
 * Makes each value the lowest of `window` values, from its own on, `step` apart: windows of 1, 2, 4, … are put
 * together from two of the size before, whatever their size in a logarithm of passes.
 */
function widenLowest(values: Uint8Array, window: number, step: number): void {
  for (let have = 1; have < window; ) {
    const grow = Math.min(have, window - have);
    const shift = grow * step;
    for (let i = 0, j = shift; j < values.length; i++, j++) if (values[j] < values[i]) values[i] = values[j];
    have += grow;
  }
}

/** The same for the highest. */
function widenHighest(values: Uint8Array, window: number, step: number): void {
  for (let have = 1; have < window; ) {
    const grow = Math.min(have, window - have);
    const shift = grow * step;
    for (let i = 0, j = shift; j < values.length; i++, j++) if (values[j] > values[i]) values[i] = values[j];
    have += grow;
  }
}
