/** When frames are shown, and where one does not continue the one before. */
import { AV_NOPTS_VALUE } from 'node-av/constants';
import type { Frame, Stream } from 'node-av/lib';

/** A longer step between frames, both in seconds and in frames, is taken for a join of different scenes. */
const LONGEST_STEP = { seconds: 1, frames: 2.5 };
/** Frames a second where nothing says so. */
const DEFAULT_RATE = 25;

export interface FrameTime {
  /** From the start of the stream. */
  readonly seconds: number;
  /** For how long, seconds, where the source says so. */
  readonly duration?: number;
  /** Whether the clock or the frame size jumped. */
  readonly joined: boolean;
}

export class Timeline {
  /** Time stamp that counts as 0. */
  private readonly origin: bigint;
  private readonly secondsPerFrame: number;
  private readonly secondsPerTick: number;
  private readonly longestStep: number;
  private last: { width: number; height: number; seconds: number; stamped: number } | undefined;

  /** @param frameRate frames a second; 0 if unknown */
  constructor(
    first: Frame,
    private readonly stream: Stream,
    frameRate: number,
  ) {
    // Where display times are missing, those of decoding order stand in, which run late by the reordering.
    const late = first.pts === AV_NOPTS_VALUE ? first.bestEffortTimestamp : AV_NOPTS_VALUE;
    const start = late === AV_NOPTS_VALUE ? stream.startTime : late;
    this.origin = start === AV_NOPTS_VALUE ? 0n : start;
    this.secondsPerTick = stream.timeBase.toDouble();
    this.secondsPerFrame = 1 / (frameRate || DEFAULT_RATE);
    this.longestStep = Math.max(LONGEST_STEP.seconds, LONGEST_STEP.frames * this.secondsPerFrame);
  }

  /** Seconds on the container's clock that count as 0. */
  get zero(): number {
    return Number(this.origin) * this.secondsPerTick;
  }

  /** Takes the next frame in display order. */
  next(frame: Frame): FrameTime {
    const { last } = this;
    const { width, height } = frame;
    // A frame without a display time (AVI and MPEG-PS with B-frames) follows its predecessor.
    const stamped = frame.pts !== AV_NOPTS_VALUE;
    const guess = last ? last.seconds + this.secondsPerFrame : 0;
    const seconds = stamped ? this.stampOf(frame) : guess;
    this.last = { width, height, seconds, stamped: stamped ? seconds : (last?.stamped ?? 0) };
    const duration = this.durationOf(frame, seconds);
    if (!last) return { seconds, duration, joined: true };
    const resized = width !== last.width || height !== last.height;
    const jumped = stamped && (seconds < last.stamped || seconds > last.seconds + this.longestStep);
    return { seconds, duration, joined: resized || jumped };
  }

  /** With reordered frames, containers give the time to the next one in the order of decoding. */
  private durationOf(frame: Frame, seconds: number): number | undefined {
    if (frame.duration <= 0n) return undefined;
    const { duration } = this.stream;
    const stated = Number(frame.duration) * this.secondsPerTick;
    const left = duration > 0n ? Number(duration) * this.secondsPerTick - seconds : 0;
    return left > 0 ? Math.min(stated, left) : stated;
  }

  private stampOf(frame: Frame): number {
    return Number(frame.bestEffortTimestamp - this.origin) * this.secondsPerTick;
  }
}
