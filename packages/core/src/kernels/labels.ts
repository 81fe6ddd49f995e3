import type { Kernels } from './kernels.js';

/** Labels on either side of a cell of scores. */
export type LabelStride = 4 | 8;

/** Addresses and sizes of a call of {@link enlargeLabels}. */
export interface LabelCall {
  /** classes × ⌈height / stride⌉ × ⌈width / stride⌉ float32. */
  readonly scores: number;
  readonly classes: number;
  readonly width: number;
  readonly height: number;
  readonly stride: LabelStride;
  /** {@link labelScratch} bytes. */
  readonly scratch: number;
  /** height × width bytes, written. */
  readonly out: number;
}

/** The kernel reads and writes up to so many bytes past the ends of its scratch regions. */
const MARGIN = 32;

/** Bytes a cell, at most: two rows of all classes, and the largest with its id. */
const MOST_CELL_BYTES = 2 * 4 * 256 + 4 + 4;

/** Bytes of scratch memory that labels of `width` pixels a row need. */
export function labelScratch(width: number, height: number, stride: LabelStride): number {
  const [rows, columns] = [height, width].map((pixels) => Math.ceil(pixels / stride));
  return rows * columns + width + MOST_CELL_BYTES * columns + 4 * MARGIN;
}

/** Labels of the full size from scores of a cell for every `stride × stride` of them; see `labelsFromScores`. */
export function enlargeLabels(
  { run }: Kernels,
  { scores, classes, width, height, stride, scratch, out }: LabelCall,
): void {
  const [rows, columns] = [height, width].map((pixels) => Math.ceil(pixels / stride));
  const line = scratch + rows * columns + MARGIN;
  const cells = Math.ceil((line + width + MARGIN) / 16) * 16;
  run.enlargedLabels(scores, classes, rows, columns, width, height, stride, scratch, line, cells, out);
}
