import { Kernels } from '../kernels/kernels.js';
import { enlargeLabels, labelScratch } from '../kernels/labels.js';
import { warpCells, warpScratch } from '../kernels/warp.js';
import type { MotionField } from '../motion/field.js';
import type { FrameLayout } from './frame-call.js';

/** Where a frame's feature is: the one that the network made, or the one that was warped. */
export type Feature = 'made' | 'warped';

/**
 * The arrays of one frame after another, all in the kernels' memory: what the engine writes there is read there by
 * the warp and the labels, and the other way round, without a copy. Frames of any number of streams come by in turn:
 * each {@link StreamMemory} holds one context feature, which stays from frame to frame; all else they share.
 */
export class FrameMemory {
  readonly #kernels = new Kernels();
  readonly #addresses: Readonly<
    Record<'scores' | 'labels' | 'labelScratch' | 'warpScratch' | 'dx' | 'dy', number>
  >;
  readonly #cells: number;
  readonly #channels: number;
  /** Addresses of context features: the warp of the one that frames are warped from, and the one being made. */
  #warped: number;
  #made: number;
  /** Regions of streams that have ended. */
  readonly #free: number[] = [];

  constructor(readonly layout: FrameLayout) {
    const { labels: size, context } = layout;
    this.#channels = context?.channels ?? 0;
    this.#cells = context ? context.rows * context.columns : 0;
    const vectors = 4 * this.#cells;
    const [scores, labels, labelling, warping, dx, dy, ...features] = this.#kernels.layOut(
      context?.isScores ? 0 : 4 * this.#scoreCount,
      size.width * size.height,
      labelScratch(size.width, size.height, size.stride),
      warpScratch(this.#cells),
      vectors,
      vectors,
      this.#featureBytes,
      this.#featureBytes,
    );
    this.#addresses = { scores, labels, labelScratch: labelling, warpScratch: warping, dx, dy };
    [this.#warped, this.#made] = features;
  }

  /** Where the network writes its scores, or those that were warped, where the context feature is the scores. */
  scores(which: Feature = 'made'): Float32Array {
    return this.#kernels.floats(this.#scoresAt(which), this.#scoreCount);
  }

  /** Where the network writes the frame's context feature; a per-frame network has none. */
  get made(): Float32Array {
    return this.#feature(this.#made);
  }

  /**
   * Eq. 4: the stream's context feature, warped along the motion.
   *
   * @throws Error where the stream has kept none, RangeError for motion of another size
   */
  warp(
    { region, holds }: StreamMemory,
    { rows, columns, stride, dx, dy }: Omit<MotionField, 'coverage'>,
  ): Float32Array {
    const { dx: x, dy: y, warpScratch: scratch } = this.#addresses;
    if (!holds || region === undefined) throw new Error('no frame has been kept to warp from');
    if (rows * columns !== this.#cells || dx.length !== this.#cells || dy.length !== this.#cells)
      throw new RangeError(`motion of ${rows} × ${columns} cells for features of ${this.#cells}`);
    this.#kernels.floats(x, this.#cells).set(dx);
    this.#kernels.floats(y, this.#cells).set(dy);
    const grid = { channels: this.#channels, rows, columns, stride, dx: x, dy: y, scratch };
    warpCells(this.#kernels, { features: region, out: this.#warped, ...grid });
    return this.#feature(this.#warped);
  }

  /** Keeps the context feature that the network has made for a stream; `warped`: the one that {@link warp} has. */
  keep(stream: StreamMemory, which: Feature): void {
    const { region } = stream;
    if (region === undefined) throw new Error('no room was made');
    if (which === 'made') [stream.region, this.#made] = [this.#made, region];
    else [stream.region, this.#warped] = [this.#warped, region];
    stream.holds = true;
  }

  /** Makes room for what a stream will {@link keep}. Views made before may be detached. */
  makeRoom(stream: StreamMemory): void {
    stream.region ??= this.#free.pop() ?? this.#kernels.add(this.#featureBytes);
  }

  /** Ends a stream: another one gets its memory. */
  end(stream: StreamMemory): void {
    if (stream.region !== undefined) this.#free.push(stream.region);
    stream.region = undefined;
    stream.holds = false;
  }

  /** Labels of the {@link scores}; the array is the caller's. */
  labels(which: Feature = 'made'): Uint8Array<ArrayBuffer> {
    const { classes } = this.layout;
    const { width, height, stride } = this.layout.labels;
    const { labels, labelScratch: scratch } = this.#addresses;
    const scores = this.#scoresAt(which);
    enlargeLabels(this.#kernels, { scores, classes, width, height, stride, scratch, out: labels });
    return this.#kernels.bytes(labels, width * height).slice();
  }

  #scoresAt(which: Feature): number {
    if (!this.layout.context?.isScores) return this.#addresses.scores;
    return which === 'made' ? this.#made : this.#warped;
  }

  get #scoreCount(): number {
    const { classes, rows, columns } = this.layout;
    return classes * rows * columns;
  }

  get #featureBytes(): number {
    return 4 * this.#channels * this.#cells;
  }

  #feature(address: number): Float32Array {
    return this.#kernels.floats(address, this.#channels * this.#cells);
  }
}

/** What stays from one frame of a stream to the next. */
export interface StreamMemory {
  /** Address of its context feature. */
  region: number | undefined;
  /** Whether one has been kept there. */
  holds: boolean;
}
