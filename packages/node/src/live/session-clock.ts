import type { VideoFrame } from '@twnet/core/frame';

/** A source's clock that is farther ahead of the time than this has jumped, seconds. */
const MOST_AHEAD = 5;

/** Times of frames since a session began, which go on over connections, and over clocks that are set anew. */
export class SessionClock {
  /** What a frame's own time has to be added to. */
  private offset: number | undefined;
  private last = Number.NEGATIVE_INFINITY;

  /** @param begun when the session began, milliseconds */
  constructor(private readonly begun = performance.now()) {}

  /** The next frame is of another connection. */
  reconnect(): void {
    this.offset = undefined;
  }

  /** Seconds since the session began, more than the frame's before. */
  next({ timestamp, arrived = performance.now() }: VideoFrame): number {
    const now = (arrived - this.begun) / 1000;
    const seconds = (this.offset ?? 0) + timestamp;
    const jumped =
      this.offset === undefined || seconds <= this.last || seconds > Math.max(now, this.last) + MOST_AHEAD;
    if (jumped) this.offset = Math.max(now, this.last + 0.001) - timestamp;
    this.last = Math.max(this.last + 1e-6, this.offset! + timestamp);
    return this.last;
  }
}
