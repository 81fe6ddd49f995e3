/** What FFmpeg's filters do to decoded pictures before anything else: deinterlacing, and the container's crop. */
import type { Frame } from 'node-av/lib';
import { dropUnknownTags } from './colour-tags.js';
import { type Crop, cropFilter, croppedSize } from './cropping.js';
import { FilterChain, type FilterSpec } from './filter-chain.js';
import { unusableFormat } from './format-converter.js';

/** One frame for each; progressive ones pass as they are. */
const DEINTERLACER: FilterSpec = ['bwdif', 'mode=send_frame:parity=auto:deint=interlaced'];
/** It takes no planes of fewer than 4 lines, chroma's included. */
const SMALLEST_DEINTERLACED = 16;

/** A picture that is done, and what is known of it. */
export interface FilteredPicture<T> {
  /** Valid until the next one is asked for. */
  readonly picture: Frame;
  readonly facts: T;
}

/** Pictures come out in the order in which they went in, one for each; while fields are taken apart, one later. */
export class PictureFilters<T> implements Disposable {
  private chain: FilterChain<T> | undefined;
  /** What the chain is set up for. */
  private setup = '';
  private interlaced = false;

  /**
   * @param crop what the container cuts off
   * @param name of the video, for errors
   */
  constructor(
    private readonly crop: Crop | undefined,
    private readonly name: string,
  ) {}

  /** @param interlaced whether the frame holds two fields */
  async *push(frame: Frame, interlaced: boolean, facts: T): AsyncGenerator<FilteredPicture<T>> {
    const { width, height, format } = frame;
    // Once there are fields, progressive frames between them go the same way, which leaves them alone.
    this.interlaced ||= interlaced && Math.min(width, height) >= SMALLEST_DEINTERLACED;
    dropUnknownTags(frame);
    const setup = [width, height, format, frame.colorSpace, frame.colorRange, this.interlaced].join();
    if (setup !== this.setup) {
      yield* this.flush();
      this.setup = setup;
      const filters = this.filtersFor(frame);
      if (filters.length > 0) this.chain = this.chainOf(filters, frame);
    }
    if (!this.chain) {
      yield { picture: frame, facts };
      return;
    }
    await this.chain.push(frame, facts);
    yield* this.takeAll();
  }

  /** What is still in the filters; the next picture finds new ones. */
  async *flush(): AsyncGenerator<FilteredPicture<T>> {
    if (!this.chain) return;
    await this.chain.end();
    yield* this.takeAll();
    this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    this.chain?.[Symbol.dispose]();
    this.chain = undefined;
    this.setup = '';
  }

  private async *takeAll(): AsyncGenerator<FilteredPicture<T>> {
    for (;;) {
      const done = await this.chain?.take();
      if (!done) return;
      yield { picture: done.frame, facts: done.facts };
    }
  }

  private chainOf(filters: readonly FilterSpec[], frame: Frame): FilterChain<T> {
    try {
      return new FilterChain(filters, frame);
    } catch {
      throw unusableFormat(frame, this.name);
    }
  }

  private filtersFor(frame: Frame): FilterSpec[] {
    const { crop } = this;
    const left = crop && croppedSize(frame, crop);
    return [
      ...(this.interlaced ? [DEINTERLACER] : []),
      // Behind it: lines that are cut off belong to fields, too.
      ...(left ? [cropFilter(left, crop)] : []),
    ];
  }
}
