import type { BlockMotion } from '../frame.js';
import { Kernels, scratch } from '../kernels/kernels.js';
import type { ResidualMap } from './field.js';
import { gridSize, type Stride } from './grid.js';

/** Frames of at least this many pixels are sampled every second pixel both ways. */
const SPARSE_FROM_PIXELS = 1_000_000;

export interface ResidualOptions {
  /**
   * 1: every pixel; 2: every second pixel both ways, an estimate of the same mean for a quarter of the work.
   * By default 1 below one megapixel, else 2.
   */
  readonly sampling?: 1 | 2;
}

/**
 * Residuals of pictures of one size against a picture that stays: what motion compensation leaves unexplained, per cell
 * of a feature map. Both pictures lie in the kernels' memory, so that the arrays they came in may be used again.
 */
export class Residuals {
  readonly #step: number;
  readonly #rows: number;
  readonly #columns: number;
  /** Addresses of the picture referred to and of the one measured last. */
  #reference: number;
  #current: number;

  constructor(
    readonly width: number,
    readonly height: number,
    readonly stride: Stride,
    { sampling }: ResidualOptions = {},
    private readonly kernels = new Kernels(),
  ) {
    const { rows, columns } = gridSize(width, height, stride);
    this.#rows = rows;
    this.#columns = columns;
    this.#step = sampling ?? (width * height < SPARSE_FROM_PIXELS ? 1 : 2);
    [this.#reference, this.#current] = this.#layOut(0);
  }

  /** Residuals are measured against this picture from now on. */
  refer(pixels: Uint8Array): void {
    this.kernels.bytes(this.#reference, pixels.length).set(pixels);
  }

  /** Residuals are measured against the picture that {@link map} was called with last. */
  referToLast(): void {
    [this.#reference, this.#current] = [this.#current, this.#reference];
  }

  /** See {@link residualMap}. */
  map(current: Uint8Array, motion: BlockMotion): ResidualMap {
    const { width, height, stride, kernels } = this;
    const rows = this.#rows;
    const columns = this.#columns;
    const cells = rows * columns;
    const blocks = pastBlocks(motion);
    const [, , sums, counts, mask, list] = this.#layOut(blocks.byteLength);
    kernels.bytes(this.#current, current.length).set(current);
    kernels.integers(list, blocks.length).set(blocks);
    kernels.floats(sums, 3 * cells).fill(0);
    kernels.integers(counts, cells).fill(0);
    const count = blocks.length / BLOCK_VALUES;
    const pictures = [this.#current, this.#reference, width, height] as const;
    kernels.run.addBlocks(...pictures, stride, this.#step, list, count, sums, counts);
    kernels.run.addIntra(stride, list, count, sums, counts, mask);
    const data = means(kernels.floats(sums, 3 * cells), kernels.integers(counts, cells));
    return { rows, columns, stride, data };
  }

  /** Two pictures, sums, counts, a mask of pixels, and blocks: all but the blocks are always in the same places. */
  #layOut(blocks: number): number[] {
    const pixels = this.width * this.height;
    const cells = this.#rows * this.#columns;
    return this.kernels.layOut(3 * pixels, 3 * pixels, 12 * cells, 4 * cells, pixels, blocks);
  }
}

/**
 * What motion compensation leaves unexplained, per cell of a feature map: the mean over the cell's pixels of
 * |I_t[p] − I_{t−1}[p − Mv]| in R, G and B (the decoded frame against its motion-compensated reference, as
 * CoViAR computes residuals). Vectors are rounded to whole pixels; sources outside the frame are clamped to
 * its border. Pixels without a vector into the past (intra) have the full residual: the content itself, |I_t[p]|.
 *
 * @param current planar RGB of the frame, `3 × height × width`, 0..255
 * @param previous planar RGB of the frame that the vectors refer to
 * @param stride pixels a cell
 */
export function residualMap(
  current: Uint8Array,
  previous: Uint8Array,
  motion: BlockMotion,
  width: number,
  height: number,
  stride: Stride,
  options: ResidualOptions = {},
): ResidualMap {
  const residuals = new Residuals(width, height, stride, options, scratch());
  residuals.refer(previous);
  return residuals.map(current, motion);
}

/** x, y, width, height, Mv in whole pixels. */
const BLOCK_VALUES = 6;
/** Neighbours of one vector are one block up to this width: of wider ones more would reach past the border with some part. */
const MOST_WIDE = 64;

/** Blocks that refer to the past, as the kernel takes them. */
function pastBlocks({ count, direction, x, y, width, height, dx, dy }: BlockMotion): Int32Array {
  const blocks = new Int32Array(BLOCK_VALUES * count);
  let end = 0;
  for (let b = 0; b < count; b++) {
    if (direction[b] >= 0) continue;
    const mx = Math.round(dx[b]);
    const my = Math.round(dy[b]);
    const last = end - BLOCK_VALUES;
    if (
      last >= 0 &&
      blocks[last + 1] === y[b] &&
      blocks[last + 4] === mx &&
      blocks[last + 5] === my &&
      blocks[last] + blocks[last + 2] === x[b] &&
      blocks[last + 3] === height[b] &&
      blocks[last + 2] + width[b] <= MOST_WIDE
    ) {
      blocks[last + 2] += width[b];
      continue;
    }
    blocks[end] = x[b];
    blocks[end + 1] = y[b];
    blocks[end + 2] = width[b];
    blocks[end + 3] = height[b];
    blocks[end + 4] = mx;
    blocks[end + 5] = my;
    end += BLOCK_VALUES;
  }
  return blocks.subarray(0, end);
}

/** Sums over samples turned into means. */
function means(sums: Float32Array, counts: Int32Array): Float32Array {
  const cells = counts.length;
  const data = new Float32Array(sums.length);
  for (let i = 0; i < cells; i++) {
    const scale = 1 / counts[i];
    data[i] = sums[i] * scale;
    data[i + cells] = sums[i + cells] * scale;
    data[i + 2 * cells] = sums[i + 2 * cells] * scale;
  }
  return data;
}
