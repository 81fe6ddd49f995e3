/** A part of a video: frames from one time to another, without decoding what lies before its key frame. */

import { InputError } from '@twnet/core/errors';
import { AV_NOPTS_VALUE } from 'node-av/constants';
import type { Frame } from 'node-av/lib';
import type { OpenedStream } from './demux.js';
import type { FrameReader } from './frame-reader.js';

export interface RangeOptions {
  /** Seconds from the start of the stream at which the frames begin: the first one that is shown then or later. Default 0. */
  readonly start?: number;
  /** Seconds from `start` on after which they end. Default: all. */
  readonly duration?: number;
}

/** A written time is meant to the millisecond. */
const TOLERANCE = 5e-4;
/** Seconds by which a seek that came out too late is tried again, farther and farther back. */
const STEPS_BACK = [1, 5, 30, 180, Number.POSITIVE_INFINITY];
/** So many seconds before the start of a stream nothing of it is. */
const BEFORE_ALL = 10;

/** @throws RangeError for times that are none */
export function checkRange({ start = 0, duration }: RangeOptions): void {
  if (!(start >= 0 && start < Number.POSITIVE_INFINITY))
    throw new RangeError(`openVideo: a start of ${start} is not in seconds, 0 or above`);
  if (duration !== undefined && !(duration > 0))
    throw new RangeError(`openVideo: a duration of ${duration} is not in seconds above 0`);
}

export class TimeRange {
  private readonly start: number;
  private readonly end: number;
  private begun = false;
  private seeks = 0;
  /** Whether no frame has come since the last seek. */
  private landing = false;
  private reached = 0;
  /** A frame of which time and stamp are known. */
  private known: { readonly stamp: bigint; readonly seconds: number } | undefined;

  constructor(
    private readonly name: string,
    private readonly opened: OpenedStream,
    private readonly reader: FrameReader,
    { start = 0, duration = Number.POSITIVE_INFINITY }: RangeOptions,
  ) {
    this.start = start;
    this.end = start + duration;
    reader.atEnd = () => this.tryEarlier();
  }

  /** Whether a decoded frame, shown at `seconds`, is wanted; after `end` none will be. May go to another place. */
  async place(frame: Frame, seconds: number): Promise<'skip' | 'take' | 'end'> {
    if (!this.begun && this.start > 0) {
      if (await this.isOutside(frame, seconds)) return 'skip';
      this.reader.begin();
    }
    const within = seconds <= this.end - TOLERANCE;
    if (within) this.begun = true;
    return within ? 'take' : 'end';
  }

  private async isOutside(frame: Frame, seconds: number): Promise<boolean> {
    this.reached = Math.max(this.reached, seconds);
    const first = this.seeks === 0 || this.landing;
    const sought = this.seeks > 0;
    this.landing = false;
    // Without display times, only counting from the start tells them.
    if (frame.pts !== AV_NOPTS_VALUE) this.known ??= { stamp: frame.bestEffortTimestamp, seconds };
    if (seconds < this.start - TOLERANCE) {
      if (!sought) await this.seek(0);
      return true;
    }
    // A seek may land behind the frame that was meant, or on a key frame that is shown after it.
    return first && sought && seconds > this.start + TOLERANCE && this.tryEarlier();
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
    // Program streams give few frames a time; the others' is counted from the start.
    if (container.iformat?.name === 'mpeg') return false;
    const { stamp, seconds } = this.known;
    // Beyond the start on purpose: some containers look for the time of decoding, which is earlier.
    const to = Math.max(-BEFORE_ALL, this.start - back);
    this.seeks += 1;
    this.landing = await this.reader.seek(
      stamp + BigInt(Math.round((to - seconds) / stream.timeBase.toDouble())),
    );
    return this.landing;
  }

  /** The video has ended. @throws InputError where it has not come to the start */
  ended(): void {
    if (this.begun) return;
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
    if (this.start === 0 && this.end === Number.POSITIVE_INFINITY) return total;
    const end = Math.min(this.end, seconds ?? Number.POSITIVE_INFINITY);
    return end < Number.POSITIVE_INFINITY && frameRate > 0
      ? Math.max(1, Math.round((end - this.start) * frameRate))
      : undefined;
  }
}
