/** When the frames of a video that is written are shown, in the ticks of its container. */
import type { Container } from './containers.js';

/** Farther from its own time than this, seconds, a frame's place is told of. */
const TOLERANCE = 0.001;

export interface ClockOptions {
  readonly times: Container['times'];
  readonly ticksPerSecond: number;
  /** Frames a second where nothing is said of their times. */
  readonly frameRate: number;
  /** Added to the times given, seconds; default 0. */
  readonly shift?: number;
}

/**
 * Gives frames their ticks, strictly increasing. A frame at its predecessor's time, or up to a frame and a half before
 * it, comes a tick after it; a clock that jumps farther back (clips that were joined) goes on from where it was, one
 * frame later.
 */
export class OutputClock {
  /** Seconds that are added to the source's times, for each stretch between jumps back. */
  readonly offsets: number[];
  private readonly step: number;
  private count = 0;
  private last: { readonly tick: number; readonly given: number } | undefined;
  private leftOut = 0;
  private farthest = 0;
  private firstJump = 0;
  /** Time of tick 0. */
  private start = 0;

  constructor(private readonly options: ClockOptions) {
    this.offsets = [options.shift ?? 0];
    this.step = typeof options.times === 'object' ? options.times.shortest : 1;
  }

  /** Ticks of one frame at the nominal rate. */
  get frameTicks(): number {
    const { ticksPerSecond, frameRate } = this.options;
    return Math.max(this.step, Math.round(ticksPerSecond / frameRate));
  }

  /** What makes the source's times those of the file, seconds, for each stretch between jumps back. */
  get fileOffsets(): readonly number[] {
    return this.offsets.map((offset) => offset - this.start);
  }

  /** Seconds of the source's clock, all jumps taken out, at which the frame given last is shown. */
  get seconds(): number {
    return (this.last?.tick ?? 0) / this.options.ticksPerSecond + this.start;
  }

  /**
   * The tick of the next frame; undefined where the container has no room for it.
   *
   * @param given its time, seconds; default: one frame after the last
   */
  next(given?: number): number | undefined {
    const { times, ticksPerSecond, frameRate } = this.options;
    const { last } = this;
    const own = given ?? (last && this.count > 0 ? this.nextUntimed(last.given) : 0);
    if (!last && own + this.offsets[0] < 0) this.offsets[0] = -own;
    if (last && own < last.given - 1.5 / frameRate) this.jumpBack(own);
    const wanted = own + this.offsets[this.offsets.length - 1];
    // What has only a rate begins at 0.
    if (!last && (times === 'rate' || times === 'counted')) this.start = wanted;
    const nearest = times === 'counted' ? this.count : Math.round((wanted - this.start) * ticksPerSecond);
    const room = !last || nearest >= last.tick + this.step;
    if (!room && typeof times === 'object') {
      this.leftOut++;
      this.last = { tick: last.tick, given: own };
      return undefined;
    }
    const tick = room ? nearest : last.tick + 1;
    this.farthest = Math.max(this.farthest, Math.abs(tick / ticksPerSecond + this.start - wanted));
    this.last = { tick, given: own };
    this.count++;
    return tick;
  }

  /** What of the frames' times could not be kept: a sentence each. */
  notes({ name }: Container): string[] {
    const notes: string[] = [];
    const jumps = this.offsets.length - 1;
    if (jumps > 0) {
      const often = jumps === 1 ? '' : ` ${jumps} times, first`;
      notes.push(
        `the clock of the source jumps back${often} after ${this.firstJump.toFixed(2)} s; what follows is put after what came before`,
      );
    }
    if (this.leftOut > 0) {
      notes.push(`${name} shows at most 50 frames a second: ${this.leftOut} frames are left out`);
    }
    if (this.farthest > TOLERANCE + 1e-9) {
      const { times } = this.options;
      const holds = typeof times === 'object' ? 'hundredths of a second' : 'one frame rate';
      const off = `${(1000 * this.farthest).toFixed(this.farthest < 0.01 ? 1 : 0)} ms`;
      notes.push(
        times === 'stamps'
          ? `frames of the source share times: some are moved by up to ${off}`
          : `${name} knows ${holds} only: frames are up to ${off} off their own times (.mp4, .mkv and .webm keep them)`,
      );
    }
    return notes;
  }

  private nextUntimed(given: number): number {
    const { frameRate } = this.options;
    // Counted, not summed, where no frame had a time of its own.
    const counted = this.count / frameRate;
    return Math.abs(given + 1 / frameRate - counted) < 1e-6 ? counted : given + 1 / frameRate;
  }

  private jumpBack(own: number): void {
    const { frameRate } = this.options;
    if (this.offsets.length === 1) this.firstJump = this.seconds;
    this.offsets.push(this.seconds + 1 / frameRate - own);
  }
}
