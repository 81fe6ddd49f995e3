import type { ClassTable } from '../classes.js';
import { Kernels } from '../kernels/kernels.js';

/** Share of the colours where nothing else is said. */
export const DEFAULT_OPACITY = 0.5;

/** A picture that is laid over others. */
export interface Legend {
  readonly width: number;
  readonly height: number;
  /** Its place in the picture that it is made for, pixels. */
  readonly left: number;
  readonly top: number;
  /** `4 × height × width`: red, green, blue, and opacity. */
  readonly pixels: Uint8Array;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

export interface DrawOptions {
  /** Size of the picture; default: one row. */
  readonly size?: Size;
  /** Size of the label map, where it is smaller than the picture; it is enlarged by repetition. Default: the picture's. */
  readonly labelSize?: Size;
}

/** Draws labels over frames: every class in its colour, mixed with the picture; and what the colours mean. */
export class Overlay {
  readonly #kernels = new Kernels();
  readonly #colours = new Uint8Array(3 * 256);
  readonly #classes: number;
  readonly #share: number;

  /**
   * @param palette one RGB colour a class, 0..255; labels without one (the ignored one) leave the picture as it is
   * @param opacity share of the colour, 0 (picture only) to 1
   * @param legend laid over the picture, which must have the size that it was made for
   */
  constructor(
    palette: ClassTable['palette'],
    opacity = DEFAULT_OPACITY,
    readonly legend?: Legend,
  ) {
    if (!(opacity >= 0 && opacity <= 1)) throw new RangeError(`overlay: opacity ${opacity} is not in [0, 1]`);
    this.#classes = Math.min(palette.length, 255);
    this.#share = Math.round(256 * opacity);
    palette.slice(0, this.#classes).forEach((colour, id) => {
      for (let plane = 0; plane < 3; plane++) this.#colours[256 * plane + id] = colour[plane];
    });
  }

  /**
   * @param pixels planar RGB, `3 × area`
   * @param labels class ids, `area`, or of `labelSize`
   * @param out planar RGB; may be `pixels` itself
   */
  draw(
    pixels: Uint8Array,
    labels: Uint8Array,
    out: Uint8Array = new Uint8Array(pixels.length),
    { size = { width: pixels.length / 3, height: 1 }, labelSize = size }: DrawOptions = {},
  ): Uint8Array {
    const area = size.width * size.height;
    const cells = labelSize.width * labelSize.height;
    if (pixels.length !== 3 * area || out.length !== 3 * area || labels.length !== cells) {
      throw new RangeError(
        `overlay: ${labels.length} labels, ${pixels.length} values to read, ${out.length} to write`,
      );
    }
    const { legend } = this;
    const [picture, ids, colours, line, box] = this.#kernels.layOut(
      pixels.length,
      labels.length + 16,
      this.#colours.length,
      size.width + 16,
      legend?.pixels.length ?? 0,
    );
    const { run } = this.#kernels;
    const view = this.#kernels.bytes(picture, pixels.length);
    view.set(pixels);
    this.#kernels.bytes(ids, labels.length).set(labels);
    this.#kernels.bytes(colours, this.#colours.length).set(this.#colours);
    const { width, height } = size;
    const { width: columns, height: rows } = labelSize;
    run.mixLabels(picture, ids, width, height, columns, rows, colours, this.#classes, this.#share, line);
    if (legend) {
      this.#kernels.bytes(box, legend.pixels.length).set(legend.pixels);
      run.layBox(picture, width, height, box, legend.width, legend.height, legend.left, legend.top);
    }
    out.set(view);
    return out;
  }
}
