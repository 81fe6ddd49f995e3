/** TapLab's blocks: where a frame can be segmented anew, and which block needs it most. */

import type { ResidualMap } from '@twnet/core/motion/field';
import { gridSize } from '@twnet/core/motion/grid';
import { SCORE_STRIDE } from '@twnet/core/segment/labels';
import type { Region } from './crop.js';

/** The deepest stride of the networks: regions that are multiples of it lose nothing to rounding. */
const ENCODER_STRIDE = 32;

/** A region's share of the frame's height and width, as in TapLab's program. */
export const TAPLAB_SHARE = { rows: 1 / 2, columns: 1 / 4 } as const;

export interface RegionShare {
  readonly rows: number;
  readonly columns: number;
}

/** Size of a region, pixels: the share of the frame, up to the next multiple of 32, at most the frame. */
export function regionSize(
  width: number,
  height: number,
  { rows, columns }: RegionShare = TAPLAB_SHARE,
): { width: number; height: number } {
  const padded = (extent: number, share: number): number =>
    Math.min(extent, ENCODER_STRIDE * Math.ceil((extent * share) / ENCODER_STRIDE));
  return { width: padded(width, columns), height: padded(height, rows) };
}

/** Chooses regions of one size, half overlapping, by the residual that has gathered in each since it was chosen. */
export class RegionChooser {
  readonly regions: readonly Region[];
  readonly #sums: Float64Array;
  readonly #columns: number;

  constructor(width: number, height: number, size: { width: number; height: number }) {
    const { rows, columns } = gridSize(width, height, SCORE_STRIDE);
    this.#columns = columns;
    // Taken apart: `size` may be a network.
    const own = { width: size.width, height: size.height };
    const across = starts(SCORE_STRIDE * columns, width, own.width);
    const down = starts(SCORE_STRIDE * rows, height, own.height);
    this.regions = across.flatMap((x) => down.map((y) => ({ x, y, ...own })));
    this.#sums = new Float64Array(this.regions.length);
  }

  /** Forgets the residual: the whole frame was segmented anew. */
  reset(): void {
    this.#sums.fill(0);
  }

  /**
   * The region with the largest sum, residual of this frame included.
   *
   * @param residual at stride 4
   * @param keep false for a frame that no other refers to: its residual and its choice are not remembered
   */
  choose({ data, rows, columns }: ResidualMap, keep = true): Region {
    const sums = this.regions.map((region, i) => this.#sums[i] + this.#within(region, data, rows * columns));
    let worst = 0;
    for (let i = 1; i < sums.length; i++) if (sums[i] > sums[worst]) worst = i;
    if (keep) {
      this.#sums.set(sums);
      this.#sums[worst] = 0;
    }
    return this.regions[worst];
  }

  #within(region: Region, data: Float32Array, cells: number): number {
    const { top, bottom, left, right } = cellsOf(region, cells / this.#columns, this.#columns);
    let sum = 0;
    for (let plane = 0; plane < data.length; plane += cells)
      for (let row = top; row < bottom; row++)
        for (let cell = left; cell < right; cell++) sum += data[plane + row * this.#columns + cell];
    return sum;
  }
}

/** Cells at stride 4 that a region covers. */
function cellsOf({ x, y, width, height }: Region, rows: number, columns: number) {
  return {
    left: x / SCORE_STRIDE,
    top: y / SCORE_STRIDE,
    right: Math.min(columns, Math.ceil((x + width) / SCORE_STRIDE)),
    bottom: Math.min(rows, Math.ceil((y + height) / SCORE_STRIDE)),
  };
}

/** Where regions of `size` begin along one side; the last one ends with the grid. */
function starts(extent: number, frame: number, size: number): number[] {
  if (size >= frame) return [0];
  const last = extent - size;
  const list: number[] = [];
  for (let start = 0; start < last; start += size / 2) list.push(start);
  return [...list, last];
}

/**
 * Mixes a region's scores into a frame's, in place: share · new + (1 − share) · old.
 *
 * @param scores `classes × rows × columns` at stride 4 of the frame
 * @param fresh the same of the region
 */
export function pasteScores(
  scores: Float32Array,
  fresh: Float32Array,
  region: Region,
  { classes, width, height }: { classes: number; width: number; height: number },
  share: number,
): void {
  const { rows, columns } = gridSize(width, height, SCORE_STRIDE);
  const own = gridSize(region.width, region.height, SCORE_STRIDE);
  const { left, top, right, bottom } = cellsOf(region, rows, columns);
  for (let k = 0; k < classes; k++)
    for (let row = top; row < bottom; row++) {
      const to = (k * rows + row) * columns;
      const from = (k * own.rows + row - top) * own.columns - left;
      for (let cell = left; cell < right; cell++)
        scores[to + cell] = share * fresh[from + cell] + (1 - share) * scores[to + cell];
    }
}
