import type { BlockMotion } from '../frame.js';
import { Kernels } from '../kernels/kernels.js';
import { warpScratch } from '../kernels/warp.js';
import { BLOCK_VALUES, packPast } from './dense-motion.js';
import type { MotionField } from './field.js';
import { gridSize, type Stride } from './grid.js';

/**
 * Motion followed over several frames, as CoViAR does: D_t[p] = Mv_t[p] + D_{t−1}[p − Mv_t[p]]. What `accumulateMotion` and
 * `warpField` give, with everything that stays from frame to frame in the kernels' memory.
 */
export class MotionTrace {
  readonly #kernels = new Kernels();
  readonly #rows: number;
  readonly #columns: number;
  /** Addresses of dx, dy and coverage, one after the other: since the start, of the frame asked for last, of its step. */
  #past: number;
  #next: number;
  #step: number;
  #hasPast = false;
  #hasNext = false;

  constructor(
    readonly width: number,
    readonly height: number,
    readonly stride: Stride,
  ) {
    const { rows, columns } = gridSize(width, height, stride);
    this.#rows = rows;
    this.#columns = columns;
    [this.#past, this.#next, this.#step] = this.#layOut(0);
  }

  /** Starts anew: the next frame's motion leads to the start itself. */
  clear(): void {
    this.#hasPast = false;
    this.#hasNext = false;
  }

  /**
   * Displacement of a frame's cells since the start, holes filled; its coverage is the share that could be followed all the
   * way.
   *
   * @param motion from the frame that was kept last (or the start) to it
   */
  field(motion: BlockMotion): MotionField {
    const { width, height, stride } = this;
    const [rows, columns] = [this.#rows, this.#columns];
    const cells = rows * columns;
    const plane = 4 * cells;
    const [, , , known, holes, filled, scratch, list] = this.#layOut(4 * BLOCK_VALUES * motion.count);
    const kernels = this.#kernels;
    const { run } = kernels;
    const count = packPast(motion, kernels.floats(list, BLOCK_VALUES * motion.count));
    const step = this.#step;
    run.spreadBlocks(list, count, width, height, Math.log2(stride), step, step + plane, step + 2 * plane);
    run.fillHoles(step, step + plane, step + 2 * plane, rows, columns, known, holes, filled);
    if (this.#hasPast) {
      run.warp(this.#past, this.#next, 3, rows, columns, stride, step, step + plane, scratch);
      run.addStep(this.#next, step, cells);
    } else [this.#next, this.#step] = [this.#step, this.#next];
    this.#hasNext = true;
    const values = kernels.floats(this.#next, 3 * cells).slice();
    return {
      ...{ rows, columns, stride },
      dx: values.subarray(0, cells),
      dy: values.subarray(cells, 2 * cells),
      coverage: values.subarray(2 * cells),
    };
  }

  /** Later frames lead to the one asked for last. */
  keep(): void {
    if (!this.#hasNext) throw new Error('no frame was asked for');
    [this.#past, this.#next] = [this.#next, this.#past];
    this.#hasPast = true;
    this.#hasNext = false;
  }

  /** All but the blocks are always in the same places. */
  #layOut(blocks: number): number[] {
    const cells = this.#rows * this.#columns;
    const field = 12 * cells;
    return this.#kernels.layOut(
      ...[field, field, field],
      ...[cells, 4 * cells, 4 * cells, warpScratch(cells), blocks],
    );
  }
}
