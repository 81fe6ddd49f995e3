/**
 * Display times for containers that keep none (AVI): what is decoded in one order and shown in another takes the same
 * times in both, so the next frame to be shown takes the earliest time of decoding that none has had.
 */
import { AV_NOPTS_VALUE } from 'node-av/constants';

export class DecodingTimes {
  private readonly waiting: bigint[] = [];
  /** A stream that states display times, if only now and then (MPEG-PS), is not timed so. */
  private stated = false;
  private first: bigint | undefined;
  /** What times after the first are too late by; undefined until the second frame. */
  private late: bigint | undefined;

  /** A packet is decoded; either time may be missing. */
  sent(pts: bigint, dts: bigint): void {
    if (pts !== AV_NOPTS_VALUE) this.stated = true;
    else if (dts !== AV_NOPTS_VALUE) this.waiting.push(dts);
  }

  /**
   * A frame without a display time came out.
   *
   * @param held frames that the decoder may still hold back: more times than for those are of frames that are lost
   * @returns its time, in the stream's time base; undefined where nothing says it
   */
  shown(held: number): bigint | undefined {
    if (this.stated) return undefined;
    // One more: a decoder learns by the first B-frame how many it holds back.
    while (this.waiting.length > held + 2) this.waiting.shift();
    if (this.first !== undefined) this.late ??= this.delayAfter(this.first);
    const time = this.waiting.shift();
    this.first ??= time;
    return time === undefined ? undefined : time - (this.late ?? 0n);
  }

  /** Where frames are reordered, muxers leave a gap after the first, for those that are decoded ahead of their time. */
  private delayAfter(first: bigint): bigint {
    const [second, third] = this.waiting;
    if (third === undefined) return 0n;
    const delay = second - first - (third - second);
    return delay > 0n ? delay : 0n;
  }

  /** Reading goes on elsewhere. */
  reset(): void {
    this.waiting.length = 0;
    this.first = undefined;
    this.late = undefined;
  }
}
