/** Decoded pictures to planar RGB of one size, turned as they are to be displayed. */
import { Kernels } from '@twnet/core/kernels/kernels';
import { colourMatrix } from './colour-matrix.js';
import type { DecodedPicture } from './decoded-picture.js';
import { type Sampling, type Scaler, sampling } from './sampling.js';

/** Where chroma lies between the pixels: beside the left one of two, or in the middle of all. */
export type ChromaPlace = 'left' | 'centre';

/** By how many degrees, clockwise, a picture is turned to be displayed. */
export type Turn = 0 | 90 | 180 | 270;

export interface ConverterOptions {
  /** As displayed. */
  readonly width: number;
  readonly height: number;
  readonly scaler: Scaler;
  readonly chroma: ChromaPlace;
  readonly turn?: Turn;
}

/** Bytes behind a plane that kernels may read or write. */
const SLACK = 64;
const RECORD_INTS = 5;

/** Addresses of what one component needs. */
interface Component {
  readonly columns: number;
  readonly rows: number;
  readonly across: Placed | undefined;
  readonly down: Placed | undefined;
}

interface Placed {
  readonly positions: number;
  readonly coefficients: number;
  readonly taps: number;
}

export class PictureConverter {
  readonly #kernels = new Kernels();
  readonly #spare: Uint8Array[] = [];
  /** What the memory is laid out for. */
  #setup = '';
  #components: readonly Component[] = [];
  #addresses = { source: 0, samples: 0, records: 0, matrix: 0, lines: 0, out: 0 };
  #wide: readonly number[] = [];

  constructor(readonly options: ConverterOptions) {}

  /** `3 × height × width` bytes: R, G, B planes. */
  convert(picture: DecodedPicture): Uint8Array {
    this.#layOut(picture);
    const { bytes, planes, format } = picture;
    const kernels = this.#kernels;
    const { source, samples, records, matrix, lines, out } = this.#addresses;
    const { width, height } = this.#unturned;
    const line = lineOf(width);
    kernels.bytes(source, bytes.length).set(bytes);
    const record = new Int32Array(3 * RECORD_INTS);
    for (const [i, { columns, rows, across, down }] of this.#components.entries()) {
      const { plane, offset, step } = format.components[i];
      const from = source + planes[plane].offset + offset;
      kernels.run.takeSamples(from, planes[plane].stride, step, format.shift, columns, rows, samples);
      const [positions, coefficients, taps] = partsOf(across);
      const wide = this.#wide[i];
      kernels.run.scaleAcross(samples, columns, rows, width, positions, coefficients, taps, wide, line);
      record.set([wide, 2 * line, ...partsOf(down)], i * RECORD_INTS);
    }
    kernels.integers(records, record.length).set(record);
    const colours = colourMatrix(format.isRgb ? { matrix: 'rgb' } : picture.colour);
    if (colours) kernels.bytes(matrix, colours.byteLength).set(new Uint8Array(colours.buffer));
    const plane = width * height + SLACK;
    kernels.run.planesToRgb(records, colours ? matrix : 0, width, height, lines, out, plane);
    return this.#pack(out, plane);
  }

  /** Takes back an array that nobody looks at any more. */
  recycle(pixels: Uint8Array): void {
    const { width, height } = this.options;
    if (pixels.length === 3 * width * height && !this.#spare.includes(pixels)) this.#spare.push(pixels);
  }

  get #isAcross(): boolean {
    return this.options.turn === 90 || this.options.turn === 270;
  }

  /** Size before the picture's sides change places. */
  get #unturned(): { width: number; height: number } {
    const { width, height } = this.options;
    return this.#isAcross ? { width: height, height: width } : { width, height };
  }

  #pack(out: number, plane: number): Uint8Array {
    const kernels = this.#kernels;
    const area = this.options.width * this.options.height;
    const pixels = this.#spare.pop() ?? new Uint8Array(3 * area);
    const { width, height } = this.#unturned;
    const { samples } = this.#addresses;
    for (let i = 0; i < 3; i++) {
      let from = out + i * plane;
      if (this.#isAcross) {
        kernels.run.transposeLabels(from, width, height, samples);
        from = samples;
      }
      pixels.set(kernels.bytes(from, area), i * area);
    }
    return pixels;
  }

  /** Once for all pictures that are alike. */
  #layOut({ width, height, format, bytes }: DecodedPicture): void {
    const layout = format.components.map(({ across, down }) => `${across}${down}`);
    const setup = [width, height, format.isRgb, bytes.length, ...layout].join();
    if (setup === this.#setup) return;
    this.#setup = setup;
    const { scaler, chroma, turn = 0 } = this.options;
    const target = this.#unturned;
    const line = lineOf(target.width);
    const tables = format.components.map(({ across, down }) => {
      const columns = Math.ceil(width / 2 ** across);
      const rows = Math.ceil(height / 2 ** down);
      // Turning by a quarter is changing sides, and then one of the ways round.
      const turned = { columns: turn === 180 || turn === 270, rows: turn === 180 || turn === 90 };
      const from = chroma === 'left' && across > 0 ? 0.25 : 0.5;
      return {
        ...{ columns, rows },
        across: sampling(columns, target.width, scaler, { from, reversed: turned.columns, group: 4 }),
        down: sampling(rows, target.height, scaler, { reversed: turned.rows, group: 2 }),
      };
    });
    const area = target.width * target.height;
    const filters = tables.flatMap(({ across, down }) => [across, down]);
    const [source, samples, records, matrix, lines, out, ...rest] = this.#kernels.layOut(
      bytes.length + SLACK,
      Math.max(width * height, area) + SLACK,
      4 * 3 * RECORD_INTS,
      SLACK,
      3 * 2 * line + SLACK,
      3 * (area + SLACK),
      ...tables.map(({ rows, down }) => 2 * line * (rows + (down?.taps ?? 0)) + SLACK),
      ...filters.flatMap((filter) =>
        filter ? [filter.positions.byteLength, filter.coefficients.byteLength + SLACK] : [0, 0],
      ),
    );
    this.#addresses = { source, samples, records, matrix, lines, out };
    this.#wide = rest.slice(0, 3);
    const placed = filters.map((filter, i) => this.#place(filter, rest[3 + 2 * i], rest[4 + 2 * i]));
    this.#components = tables.map(({ columns, rows }, i) => ({
      ...{ columns, rows, across: placed[2 * i], down: placed[2 * i + 1] },
    }));
  }

  #place(filter: Sampling | undefined, positions: number, coefficients: number): Placed | undefined {
    if (!filter) return undefined;
    const bytes = new Uint8Array(filter.coefficients.buffer);
    this.#kernels.integers(positions, filter.positions.length).set(filter.positions);
    this.#kernels.bytes(coefficients, bytes.length).set(bytes);
    return { positions, coefficients, taps: filter.taps };
  }
}

const partsOf = (placed: Placed | undefined): [number, number, number] =>
  placed ? [placed.positions, placed.coefficients, placed.taps] : [0, 0, 0];

const lineOf = (width: number): number => Math.ceil(width / 16) * 16;
