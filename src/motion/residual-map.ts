import { SCRATCH } from '../kernels/index.js';
import type { BlockMotion } from '../video/frame.js';
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
  const { rows, columns } = gridSize(width, height, stride);
  const cells = rows * columns;
  const step = options.sampling ?? (width * height < SPARSE_FROM_PIXELS ? 1 : 2);
  const pixels = 3 * width * height;
  const blocks = pastBlocks(motion);
  const [now, before, list, sums, counts, mask] = SCRATCH.layOut(
    pixels,
    pixels,
    blocks.byteLength,
    12 * cells,
    4 * cells,
    width * height,
  );
  SCRATCH.bytes(now, pixels).set(current);
  SCRATCH.bytes(before, pixels).set(previous);
  SCRATCH.integers(list, blocks.length).set(blocks);
  SCRATCH.floats(sums, 3 * cells).fill(0);
  SCRATCH.integers(counts, cells).fill(0);
  const count = blocks.length / BLOCK_VALUES;
  SCRATCH.run.addBlocks(now, before, width, height, stride, step, list, count, sums, counts);
  SCRATCH.run.addIntra(stride, list, count, sums, counts, mask);
  return {
    rows,
    columns,
    stride,
    data: means(SCRATCH.floats(sums, 3 * cells), SCRATCH.integers(counts, cells)),
  };
}

/** x, y, width, height, Mv in whole pixels. */
const BLOCK_VALUES = 6;

/** Blocks that refer to the past, as the kernel takes them. */
function pastBlocks(motion: BlockMotion): Int32Array {
  const blocks = new Int32Array(BLOCK_VALUES * motion.count);
  let end = 0;
  for (let b = 0; b < motion.count; b++) {
    if (motion.direction[b] >= 0) continue;
    blocks[end++] = motion.x[b];
    blocks[end++] = motion.y[b];
    blocks[end++] = motion.width[b];
    blocks[end++] = motion.height[b];
    blocks[end++] = Math.round(motion.dx[b]);
    blocks[end++] = Math.round(motion.dy[b]);
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
