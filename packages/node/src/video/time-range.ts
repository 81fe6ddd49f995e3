/** A part of a video: frames from one place to another, without decoding what lies before its key frame. */

import { InputError } from '@twnet/core/errors';
import {
  AV_NOPTS_VALUE,
  AV_PICTURE_TYPE_I,
  AV_PICTURE_TYPE_NONE,
  AV_PICTURE_TYPE_SI,
} from 'node-av/constants';
import type { Frame } from 'node-av/lib';
import type { OpenedStream } from './demux.js';
import type { FrameReader } from './frame-reader.js';
import { countFrames } from './losses.js';
import { type PictureIndex, placeOf } from './picture-index.js';

/** A place in a video: a frame, counted from 0 as they are shown; or a time, seconds from the start of the stream. */
export type FramePosition = number | { readonly seconds: number };

export interface RangeOptions {
  /** Seconds from the start of the stream at which the frames begin: the first one that is shown then or later. Default 0. */
  readonly start?: number;
  /** Seconds from `start` on after which they end. Default: all. */
  readonly duration?: number;
  /**
   * The first frame that is read, by its number or its time. Frames keep the numbers that they have in the whole video, and
   * are those of a whole read, pixels and motion; the first one alone is a discontinuity. Not with `start` or `duration`.
   */
  readonly from?: FramePosition;
  /** The first frame that is not read any more. Default: all. */
  readonly to?: FramePosition;
}

/** A written time is meant to the millisecond. */
const TOLERANCE = 5e-4;
/** Seconds by which a seek that came out too late is tried again, farther and farther back. */
const STEPS_BACK = [1, 5, 30, 180, Number.POSITIVE_INFINITY];
/** So many seconds before the start of a stream nothing of it is. */
const BEFORE_ALL = 10;
const WHOLE: ReadonlySet<number> = new Set([AV_PICTURE_TYPE_I, AV_PICTURE_TYPE_SI, AV_PICTURE_TYPE_NONE]);

/** @throws RangeError for places that are none */
export function checkRange({ start, duration, from, to }: RangeOptions): void {
  if (start !== undefined && !(start >= 0 && start < Number.POSITIVE_INFINITY))
    throw new RangeError(`openVideo: a start of ${start} is not in seconds, 0 or above`);
  if (duration !== undefined && !(duration > 0))
    throw new RangeError(`openVideo: a duration of ${duration} is not in seconds above 0`);
  if (from === undefined && to === undefined) return;
  if (start !== undefined || duration !== undefined)
    throw new RangeError('openVideo: give start and duration, or from and to, not both');
  for (const [name, place] of Object.entries({ from, to })) {
    const value = typeof place === 'object' ? place.seconds : place;
    const fits = typeof place === 'number' ? Number.isInteger(value) : Number.isFinite(value);
    if (value !== undefined && !(fits && value >= 0))
      throw new RangeError(`openVideo: ${name} must be a frame's number or { seconds }, 0 or above`);
  }
  if (typeof from === typeof to && amountOf(from) >= amountOf(to))
    throw new RangeError('openVideo: to must lie behind from');
}

const amountOf = (place: FramePosition = 0): number => (typeof place === 'object' ? place.seconds : place);

/** What is known of a frame by itself. */
interface Seen {
  readonly stamp: bigint;
  readonly seconds: number;
}

export class TimeRange {
  private start: number;
  private end: number;
  private begun = false;
  private seeks = 0;
  /** Whether no frame has come since the last seek. */
  private landing = false;
  private reached = 0;
  /** Frames that came out of the decoder, and the number of the one at hand; −1 where it is not known. */
  private seen = 0;
  private frame = -1;
  /** By frames' numbers, where they were given so. */
  private readonly first: number | undefined;
  private readonly last: number | undefined;
  private readonly keepsNumbers: boolean;
  /** Seconds before the start from which on frames are needed to make the first one. */
  private lead = 0;
  /** A frame of which time and stamp are known. */
  private known: Seen | undefined;

  /** @param index by which places are found at once; without, frames are counted from the start */
  constructor(
    private readonly name: string,
    private readonly opened: OpenedStream,
    private readonly reader: FrameReader,
    { start, duration = Number.POSITIVE_INFINITY, from, to }: RangeOptions,
    private index?: PictureIndex,
  ) {
    this.keepsNumbers = from !== undefined || to !== undefined;
    if (typeof from === 'number') this.first = from;
    if (typeof to === 'number') this.last = to;
    this.start = typeof from === 'object' ? from.seconds : (start ?? 0);
    this.end = typeof to === 'object' ? to.seconds : this.start + duration;
    reader.atEnd = () => this.tryEarlier();
  }

  /**
   * The first frame is there.
   *
   * @param lead frames that are needed before the first one
   */
  begin(seconds: number, frameRate: number, lead: number): void {
    // Decoding began elsewhere than the packets say.
    if (this.index && this.index.times[0] !== seconds) this.index = undefined;
    this.lead = lead / (frameRate || 25);
    const { index, first } = this;
    if (index && first !== undefined)
      this.start = index.times[first] ?? index.times[index.times.length - 1] + 1;
  }

  /**
   * Whether a decoded frame, shown at `seconds`, is wanted; after `end` none will be. May go to another place.
   *
   * @returns skip: not wanted, though what is made of the frames after it may look at it
   */
  async place(frame: Frame, seconds: number): Promise<'skip' | 'take' | 'end'> {
    this.count(seconds);
    if (!this.begun && (this.start > 0 || this.first)) {
      if (await this.isOutside(frame, seconds)) return 'skip';
      this.reader.begin(this.keepsNumbers ? this.frame : 0);
    }
    const within = seconds <= this.end - TOLERANCE && !(this.last !== undefined && this.frame >= this.last);
    if (within) this.begun = true;
    return within ? 'take' : 'end';
  }

  /** Of the frame that was placed last, counted from 0 as they are shown. */
  get number(): number {
    return this.frame;
  }

  /** Tells the number of a frame: by its time where frames in between were left out. */
  private count(seconds: number): void {
    this.frame = this.seeks === 0 || this.begun ? this.seen : this.numberAt(seconds);
    this.seen = this.frame + 1;
  }

  private numberAt(seconds: number): number {
    return this.index ? placeOf(seconds, this.index.times) : this.seen;
  }

  private async isOutside(frame: Frame, seconds: number): Promise<boolean> {
    this.reached = Math.max(this.reached, seconds);
    const first = this.seeks === 0 || this.landing;
    const sought = this.seeks > 0;
    this.landing = false;
    // Without display times, only counting from the start tells them.
    if (frame.pts !== AV_NOPTS_VALUE) this.known ??= { stamp: frame.bestEffortTimestamp, seconds };
    // A seek may land behind the frame that was meant, on a key frame that is shown after it, or where frames
    // are not whole.
    const late = seconds > Math.max(0, this.start - this.lead) + TOLERANCE || !WHOLE.has(frame.pictType);
    if (first && sought && late && (await this.tryEarlier())) return true;
    if (!this.isBefore(seconds)) return false;
    if (!sought) await this.seek(0);
    return true;
  }

  private isBefore(seconds: number): boolean {
    if (this.first !== undefined && !this.index) return this.frame < this.first;
    return seconds < this.start - TOLERANCE;
  }

  /** Goes back farther than the last time; false where that is as far as possible. */
  private async tryEarlier(): Promise<boolean> {
    if (this.begun || this.seeks === 0 || this.seeks > STEPS_BACK.length) return false;
    // Frames came that were all too early: it is the video that ends too early.
    if (!this.landing && this.reached < this.start) return false;
    return this.seek(STEPS_BACK[this.seeks - 1]);
  }

  private async seek(back: number): Promise<boolean> {
    const { bytes, container, stream } = this.opened;
    if (bytes?.sequential !== undefined || this.known === undefined) return false;
    // Their numbers are known by counting alone.
    if (this.keepsNumbers && !this.index) return false;
    // Program streams give few frames a time; the others' is counted from the start.
    if (container.iformat?.name === 'mpeg') return false;
    const { stamp, seconds } = this.known;
    // Beyond the start on purpose: some containers look for the time of decoding, which is earlier.
    const to = Math.max(-BEFORE_ALL, this.start - this.lead - back);
    // What has been decoded goes on there.
    if (to <= seconds && back === 0) return false;
    this.seeks += 1;
    this.landing = await this.reader.seek(
      stamp + BigInt(Math.round((to - seconds) / stream.timeBase.toDouble())),
    );
    return this.landing;
  }

  /** The video has ended. @throws InputError where it has not come to the start */
  ended(): void {
    if (this.begun) return;
    if (this.first !== undefined) {
      throw new InputError(
        `${this.name}: there is no frame ${this.first}; it has ${countFrames(this.index?.times.length ?? this.seen)}`,
      );
    }
    if (this.reached >= this.start && this.end < Number.POSITIVE_INFINITY)
      throw new InputError(`${this.name}: no frame begins between ${this.start} s and ${this.end} s`);
    if (this.start > 0) {
      throw new InputError(
        `${this.name}: a start of ${this.start} s is beyond its end; its last frame is at ${this.reached.toFixed(2)} s`,
      );
    }
  }

  /** Frames to expect of `total` in so many seconds, where that is known. */
  estimate(total: number | undefined, frameRate: number, seconds: number | undefined): number | undefined {
    const { first, last, index } = this;
    if (index && (first !== undefined || last !== undefined)) {
      const { times } = index;
      const [from, to] = [
        first ?? placeOf(this.start - TOLERANCE, times),
        last ?? placeOf(this.end - TOLERANCE, times),
      ];
      return Math.max(1, Math.min(to, times.length) - from);
    }
    if (first !== undefined || last !== undefined)
      return last === undefined ? undefined : Math.max(1, last - (first ?? 0));
    if (this.start === 0 && this.end === Number.POSITIVE_INFINITY) return total;
    const end = Math.min(this.end, seconds ?? Number.POSITIVE_INFINITY);
    return end < Number.POSITIVE_INFINITY && frameRate > 0
      ? Math.max(1, Math.round((end - this.start) * frameRate))
      : undefined;
  }
}
