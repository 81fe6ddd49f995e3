import type { VideoFrame } from '@twnet/core/frame';

/** Waiting so long for a frame means that none was there, milliseconds. */
const WAITED = 400;
/** Clocks may differ by so much, milliseconds a second. */
const DRIFT = 0.5;

/**
 * When frames came. A packet that is read late has come before: by the stream's clock, which the promptest packets are put
 * on. So frames that wait in a socket because nobody reads them count as late.
 */
export class Arrivals {
  /** Arrival less time stamp of the promptest frame, milliseconds. */
  private offset: number | undefined;
  private last = 0;

  /**
   * The frame, with the time of its arrival.
   *
   * @param asked when it was asked for, milliseconds
   */
  date(frame: VideoFrame, asked: number): VideoFrame {
    const read = frame.arrived ?? performance.now();
    const stamp = 1000 * frame.timestamp;
    const waited = performance.now() - asked > WAITED;
    if (this.offset !== undefined) this.offset += (DRIFT * Math.max(0, read - this.last)) / 1000;
    this.last = read;
    const jumped = frame.discontinuity && stamp + (this.offset ?? 0) < read - WAITED;
    if (this.offset === undefined || waited || jumped || read - stamp < this.offset)
      this.offset = read - stamp;
    return { ...frame, arrived: this.offset + stamp };
  }
}
