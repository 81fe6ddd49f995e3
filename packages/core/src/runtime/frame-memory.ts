import { Kernels } from '../kernels/kernels.js';
import { enlargeLabels, labelScratch } from '../kernels/labels.js';
import { warpCells, warpScratch } from '../kernels/warp.js';
import type { MotionField } from '../motion/field.js';
import type { Following, FrameLayout } from './frame-call.js';

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
    Record<'scores' | 'labels' | 'labelScratch' | 'warpScratch' | 'dx' | 'dy' | 'returned' | 'share', number>
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
    const isBidirectional = context?.bidirectional === true;
    const [scores, labels, labelling, warping, dx, dy, returned, share, ...features] = this.#kernels.layOut(
      context?.isScores ? 0 : 4 * this.#scoreCount,
      size.width * size.height,
      labelScratch(size.width, size.height, size.stride),
      warpScratch(this.#cells),
      vectors,
      vectors,
      isBidirectional ? this.#featureBytes : 0,
      isBidirectional ? vectors : 0,
      this.#featureBytes,
      this.#featureBytes,
    );
    this.#addresses = {
      ...{ scores, labels, labelScratch: labelling, warpScratch: warping, dx, dy },
      ...{ returned, share },
    };
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
   * @param source which of the stream's: the one kept last, or the one retained then
   * @throws Error where the stream has kept none, RangeError for motion of another size
   */
  warp(
    stream: StreamMemory,
    field: Omit<MotionField, 'coverage'>,
    source: 'last' | 'retained' = 'last',
  ): Float32Array {
    this.#warpTo(this.#warped, source === 'last' ? stream.last : stream.retained, field);
    return this.#feature(this.#warped);
  }

  /** Mixes what {@link warp} has made of the retained feature with the one kept last, warped. */
  mix({ last }: StreamMemory, { field, share }: Following): Float32Array {
    const { returned, share: shares } = this.#addresses;
    if (!this.layout.context?.bidirectional) throw new Error('networks that warp from one key frame alone');
    if (share.length !== this.#cells)
      throw new RangeError(`${share.length} shares for features of ${this.#cells} cells`);
    this.#warpTo(returned, last, field);
    this.#kernels.floats(shares, this.#cells).set(share);
    this.#kernels.run.mixCells(this.#warped, returned, shares, this.#channels, this.#cells);
    return this.#feature(this.#warped);
  }

  #warpTo(out: number, from: number | undefined, field: Omit<MotionField, 'coverage'>): void {
    const { rows, columns, stride, dx, dy } = field;
    const { dx: x, dy: y, warpScratch: scratch } = this.#addresses;
    if (from === undefined) throw new Error('no frame has been kept to warp from');
    if (rows * columns !== this.#cells || dx.length !== this.#cells || dy.length !== this.#cells)
      throw new RangeError(`motion of ${rows} × ${columns} cells for features of ${this.#cells}`);
    this.#kernels.floats(x, this.#cells).set(dx);
    this.#kernels.floats(y, this.#cells).set(dy);
    const grid = { channels: this.#channels, rows, columns, stride, dx: x, dy: y, scratch };
    warpCells(this.#kernels, { features: from, out, ...grid });
  }

  /**
   * Keeps the context feature that the network has made for a stream; `warped`: the one that {@link warp} has. The one
   * before it is given up, or retained.
   */
  keep(stream: StreamMemory, which: Feature, retain = false): void {
    const room = stream.rooms.pop();
    if (room === undefined) throw new Error('no room was made');
    const kept = which === 'made' ? this.#made : this.#warped;
    if (which === 'made') this.#made = room;
    else this.#warped = room;
    if (stream.retained !== undefined) stream.rooms.push(stream.retained);
    stream.retained = undefined;
    if (stream.last !== undefined) {
      if (retain) stream.retained = stream.last;
      else stream.rooms.push(stream.last);
    }
    stream.last = kept;
  }

  /** Where a context feature that another stream has made is to be written before it is kept as {@link made}. */
  takeOver(context: Float32Array): void {
    if (context.length !== this.#channels * this.#cells)
      throw new RangeError(`${context.length} values for features of ${this.#channels * this.#cells}`);
    this.made.set(context);
  }

  /** Makes room for what a stream will {@link keep}. Views made before may be detached. */
  makeRoom({ rooms }: StreamMemory): void {
    if (rooms.length === 0) rooms.push(this.#free.pop() ?? this.#kernels.add(this.#featureBytes));
  }

  /** Ends a stream: another one gets its memory. */
  end(stream: StreamMemory): void {
    for (const region of [...stream.rooms, stream.last, stream.retained])
      if (region !== undefined) this.#free.push(region);
    stream.rooms = [];
    stream.last = undefined;
    stream.retained = undefined;
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

/** What stays from one frame of a stream to the next: addresses of context features. */
export interface StreamMemory {
  /** Of the one that was kept last. */
  last: number | undefined;
  /** Of the one before it, where that was retained. */
  retained: number | undefined;
  /** Of room for more. */
  rooms: number[];
}
