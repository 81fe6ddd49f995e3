import type { Kernels } from './kernels.js';

/** Addresses and sizes of a call of {@link warpCells}. */
export interface WarpCall {
  /** channels × rows × columns float32 each: what is read, and what is written. */
  readonly features: number;
  readonly out: number;
  readonly channels: number;
  readonly rows: number;
  readonly columns: number;
  /** Pixels a cell. */
  readonly stride: number;
  /** rows × columns float32: Mv, pixels. */
  readonly dx: number;
  readonly dy: number;
  /** {@link warpScratch} bytes. */
  readonly scratch: number;
}

/** Bytes of scratch memory for a grid of so many cells: their sources, weights and runs. */
export const warpScratch = (cells: number): number => 24 * cells;

/** A feature map warped along motion; see `warpFeatures`. */
export function warpCells({ run }: Kernels, call: WarpCall): void {
  const { features, out, channels, rows, columns, stride, dx, dy, scratch } = call;
  run.warp(features, out, channels, rows, columns, stride, dx, dy, scratch);
}
