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
  const step = options.sampling ?? (width * height < SPARSE_FROM_PIXELS ? 1 : 2);
  const frame: FramePair = { current, previous, width, height, stride, columns, step };
  const sums = new Float32Array(3 * rows * columns);
  const counts = new Int32Array(rows * columns);
  for (let b = 0; b < motion.count; b++) {
    if (motion.direction[b] < 0) addBlock(frame, motion, b, sums, counts);
  }
  addIntra(frame, motion, rows, sums, counts);
  const cells = rows * columns;
  for (let i = 0; i < cells; i++) {
    const scale = 1 / counts[i];
    sums[i] *= scale;
    sums[i + cells] *= scale;
    sums[i + 2 * cells] *= scale;
  }
  return { rows, columns, stride, data: sums };
}

interface FramePair {
  current: Uint8Array;
  previous: Uint8Array;
  width: number;
  height: number;
  stride: number;
  columns: number;
  /** Distance of sampled pixels. */
  step: number;
}

/** The first multiple of `step` (1 or 2) at or after `v`. */
const alignUp = (v: number, step: number): number => (step === 1 ? v : (v + 1) & ~1);

/** Adds one block's absolute differences to the cells that it touches. */
function addBlock(
  frame: FramePair,
  motion: BlockMotion,
  b: number,
  sums: Float32Array,
  counts: Int32Array,
): void {
  const { width, height, stride, columns, step } = frame;
  const left = alignUp(Math.max(0, motion.x[b]), step);
  const top = alignUp(Math.max(0, motion.y[b]), step);
  const right = Math.min(width, motion.x[b] + motion.width[b]);
  const bottom = Math.min(height, motion.y[b] + motion.height[b]);
  const mx = Math.round(motion.dx[b]);
  const my = Math.round(motion.dy[b]);
  const inside = left - mx >= 0 && right - mx <= width && top - my >= 0 && bottom - my <= height;
  const difference = inside ? shiftedDifference : clampedDifference;
  const cells = counts.length;
  const area = width * height;
  for (let y = top; y < bottom; ) {
    const row = (y / stride) | 0;
    const nextY = Math.min(bottom, (row + 1) * stride);
    for (let x = left; x < right; ) {
      const column = (x / stride) | 0;
      const nextX = Math.min(right, (column + 1) * stride);
      const cell = row * columns + column;
      sums[cell] += difference(frame, 0, x, y, nextX, nextY, mx, my);
      sums[cell + cells] += difference(frame, area, x, y, nextX, nextY, mx, my);
      sums[cell + 2 * cells] += difference(frame, 2 * area, x, y, nextX, nextY, mx, my);
      counts[cell] += samples(x, nextX, step) * samples(y, nextY, step);
      x = alignUp(nextX, step);
    }
    y = alignUp(nextY, step);
  }
}

/** How many multiples of `step` lie in [from, to). */
const samples = (from: number, to: number, step: number): number =>
  step === 1 ? to - from : ((to + 1) >> 1) - ((from + 1) >> 1);

/** Σ|cur[p] − prev[p − Mv]| over a rectangle of one plane whose source lies inside the frame. */
function shiftedDifference(
  frame: FramePair,
  plane: number,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  mx: number,
  my: number,
): number {
  const { current, previous, width, step } = frame;
  const shift = my * width + mx;
  let sum = 0;
  for (let y = y0; y < y1; y += step) {
    const end = plane + y * width + x1;
    for (let i = plane + y * width + x0; i < end; i += step) {
      sum += Math.abs(current[i] - previous[i - shift]);
    }
  }
  return sum;
}

/** The same where the source reaches past the frame's border. */
function clampedDifference(
  frame: FramePair,
  plane: number,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  mx: number,
  my: number,
): number {
  const { current, previous, width, height, step } = frame;
  let sum = 0;
  for (let y = y0; y < y1; y += step) {
    const source = plane + Math.min(Math.max(y - my, 0), height - 1) * width;
    for (let x = x0; x < x1; x += step) {
      const from = Math.min(Math.max(x - mx, 0), width - 1);
      sum += Math.abs(current[plane + y * width + x] - previous[source + from]);
    }
  }
  return sum;
}

/**
 * Adds the content of pixels that no block covers. Codecs code whole macroblocks intra, so nearly always a
 * cell is covered or not; a mask of covered pixels is made only when some cell is covered in part.
 */
function addIntra(
  frame: FramePair,
  motion: BlockMotion,
  rows: number,
  sums: Float32Array,
  counts: Int32Array,
): void {
  const { width, height, stride, columns, step } = frame;
  let covered: Uint8Array | undefined;
  for (let row = 0; row < rows; row++) {
    const y0 = row * stride;
    const y1 = Math.min(height, y0 + stride);
    for (let column = 0; column < columns; column++) {
      const x0 = column * stride;
      const x1 = Math.min(width, x0 + stride);
      const cell = row * columns + column;
      if (counts[cell] === samples(x0, x1, step) * samples(y0, y1, step)) continue;
      if (counts[cell] > 0) covered ??= coveredPixels(motion, width, height);
      const mask = counts[cell] > 0 ? covered : undefined;
      for (let y = y0; y < y1; y += step) addContent(frame, y, x0, x1, cell, mask, sums, counts);
    }
  }
}

/** Adds one row of a cell to its sums, leaving out pixels of the mask. */
function addContent(
  frame: FramePair,
  y: number,
  x0: number,
  x1: number,
  cell: number,
  mask: Uint8Array | undefined,
  sums: Float32Array,
  counts: Int32Array,
): void {
  const { current, width, height, step } = frame;
  const cells = counts.length;
  const area = width * height;
  for (let i = y * width + x0; i < y * width + x1; i += step) {
    if (mask !== undefined && mask[i] !== 0) continue;
    sums[cell] += current[i];
    sums[cell + cells] += current[i + area];
    sums[cell + 2 * cells] += current[i + 2 * area];
    counts[cell]++;
  }
}

/** One byte a pixel, 1 where a block with a vector into the past lies. */
function coveredPixels(motion: BlockMotion, width: number, height: number): Uint8Array {
  const mask = new Uint8Array(width * height);
  for (let b = 0; b < motion.count; b++) {
    if (motion.direction[b] >= 0) continue;
    const left = Math.max(0, motion.x[b]);
    const right = Math.min(width, motion.x[b] + motion.width[b]);
    const bottom = Math.min(height, motion.y[b] + motion.height[b]);
    if (right <= left) continue;
    for (let y = Math.max(0, motion.y[b]); y < bottom; y++) mask.fill(1, y * width + left, y * width + right);
  }
  return mask;
}
