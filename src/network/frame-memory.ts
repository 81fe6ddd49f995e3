import { enlargeLabels, Kernels, labelScratch, warpCells, warpScratch } from '../kernels/index.js';
import type { FeatureMotion, FrameLayout } from './frame-call.js';

/**
 * The arrays of one frame after another, all in the kernels' memory: what ONNX Runtime writes there is read there by
 * the warp and the labels, and the other way round, without a copy. The context feature that frames are warped from
 * stays from frame to frame.
 */
export class FrameMemory {
  readonly #kernels = new Kernels();
  readonly #addresses: Readonly<
    Record<'scores' | 'labels' | 'labelScratch' | 'warpScratch' | 'dx' | 'dy', number>
  >;
  readonly #cells: number;
  readonly #channels: number;
  /** Addresses of context features: the one that frames are warped from, its warp, and the one being made. */
  #kept: number;
  #warped: number;
  #made: number;

  constructor(readonly layout: FrameLayout) {
    const { width, height, classes, context } = layout;
    const cellsAt = (stride: number): number => Math.ceil(width / stride) * Math.ceil(height / stride);
    this.#channels = context?.channels ?? 0;
    this.#cells = context ? cellsAt(context.stride) : 0;
    const vectors = 4 * this.#cells;
    const feature = this.#channels * vectors;
    const [scores, labels, labelling, warping, dx, dy, ...features] = this.#kernels.layOut(
      4 * classes * cellsAt(4),
      width * height,
      labelScratch(width, height),
      warpScratch(this.#cells),
      vectors,
      vectors,
      feature,
      feature,
      feature,
    );
    this.#addresses = { scores, labels, labelScratch: labelling, warpScratch: warping, dx, dy };
    [this.#kept, this.#warped, this.#made] = features;
  }

  /** Where the network writes its scores. */
  get scores(): Float32Array {
    const { width, height, classes } = this.layout;
    const cells = Math.ceil(width / 4) * Math.ceil(height / 4);
    return this.#kernels.floats(this.#addresses.scores, classes * cells);
  }

  /** Where the network writes the frame's context feature. */
  get made(): Float32Array {
    return this.#feature(this.#made);
  }

  /** Eq. 4: the kept context feature, warped along the motion. */
  warp({ rows, columns, stride, dx, dy }: FeatureMotion): Float32Array {
    const { dx: x, dy: y, warpScratch: scratch } = this.#addresses;
    if (rows * columns !== this.#cells || dx.length !== this.#cells || dy.length !== this.#cells)
      throw new RangeError(`motion of ${rows} × ${columns} cells for features of ${this.#cells}`);
    this.#kernels.floats(x, this.#cells).set(dx);
    this.#kernels.floats(y, this.#cells).set(dy);
    const grid = { channels: this.#channels, rows, columns, stride, dx: x, dy: y, scratch };
    warpCells(this.#kernels, { features: this.#kept, out: this.#warped, ...grid });
    return this.#feature(this.#warped);
  }

  /** Keeps the context feature that the network has made; `warped`: the one that {@link warp} has. */
  keep(which: 'made' | 'warped'): void {
    const kept = this.#kept;
    if (which === 'made') [this.#kept, this.#made] = [this.#made, kept];
    else [this.#kept, this.#warped] = [this.#warped, kept];
  }

  /** Labels of the scores; the array is the caller's. */
  labels(): Uint8Array<ArrayBuffer> {
    const { width, height, classes } = this.layout;
    const { scores, labels, labelScratch: scratch } = this.#addresses;
    enlargeLabels(this.#kernels, { scores, classes, width, height, scratch, out: labels });
    return this.#kernels.bytes(labels, width * height).slice();
  }

  #feature(address: number): Float32Array {
    return this.#kernels.floats(address, this.#channels * this.#cells);
  }
}
