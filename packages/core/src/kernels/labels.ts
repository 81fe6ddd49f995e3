import type { Kernels } from './kernels.js';

/** Addresses and sizes of a call of {@link enlargeLabels}. */
export interface LabelCall {
  /** classes × ⌈height / 4⌉ × ⌈width / 4⌉ float32. */
  readonly scores: number;
  readonly classes: number;
  readonly width: number;
  readonly height: number;
  /** {@link labelScratch} bytes. */
  readonly scratch: number;
  /** height × width bytes, written. */
  readonly out: number;
}

/** The kernel reads and writes up to so many bytes past the ends of its scratch regions. */
const MARGIN = 32;

/** Bytes of scratch memory that labels of `width` pixels a row need. */
export function labelScratch(width: number, height: number): number {
  return coarse(width) * coarse(height) + width + 2 * MARGIN;
}

/** Labels of the full size from scores a quarter of it; see `labelsFromScores`. */
export function enlargeLabels(
  { run }: Kernels,
  { scores, classes, width, height, scratch, out }: LabelCall,
): void {
  const [rows, columns] = [coarse(height), coarse(width)];
  const line = scratch + rows * columns + MARGIN;
  run.enlargedLabels(scores, classes, rows, columns, width, height, scratch, line, out);
}

const coarse = (pixels: number): number => Math.ceil(pixels / 4);
