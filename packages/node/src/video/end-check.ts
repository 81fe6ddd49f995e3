/** Tells whether the end of a file is missing, and how much of it. */
import { AV_NOPTS_VALUE, AV_PKT_FLAG_CORRUPT, AV_TIME_BASE } from 'node-av/constants';
import type { Packet } from 'node-av/lib';
import type { OpenedStream } from './demux.js';
import type { GapWatch } from './gap-watch.js';
import { countFrames } from './losses.js';
import { bytesMissing } from './source/cut-short.js';

/** Containers that state the number of frames. */
const STATES_FRAMES = /mov|avi/;
/** Seconds by which the last packet of a whole file may fall short: it may carry no duration. */
const TOLERANCE = 0.15;
/** Bytes before a frame of a raw stream. */
const LONGEST_HEADER = 64;

/** Something that is missing, as words to follow “lost …”, with the number of frames where it is known. */
export interface Missing {
  readonly what: string;
  readonly frames: number;
}

export class EndCheck {
  private packets = 0;
  /** End of the latest packet of the video stream, seconds on its clock. */
  private reached = 0;
  /** Whether the latest packet came only in part. */
  private partial = false;
  private readonly format: string;
  /** false once a part of the file was left out on purpose: then its numbers say nothing. */
  whole = true;

  constructor(private readonly opened: OpenedStream) {
    this.format = opened.container.iformat?.name ?? '';
  }

  /** Takes the next packet of the stream. */
  sawPacket(packet: Packet): void {
    this.packets += 1;
    // In MPEG-TS the flag tells of a break in the packets' count, as where recordings were joined.
    this.partial = packet.hasFlags(AV_PKT_FLAG_CORRUPT) && this.format !== 'mpegts';
    const stamp = packet.pts === AV_NOPTS_VALUE ? packet.dts : packet.pts;
    if (stamp === AV_NOPTS_VALUE) return;
    const seconds = Number(stamp + packet.duration) * this.opened.secondsPerTick;
    this.reached = Math.max(this.reached, seconds);
  }

  /**
   * What is missing at the end, if anything is: what a container announces counts only where there is evidence
   * that the file does not hold it.
   *
   * @param gaveUp whether reading ended by failures
   */
  async missing(gaveUp: boolean, gaps: GapWatch): Promise<Missing | undefined> {
    const { bytes, stream } = this.opened;
    const failure = bytes?.failure();
    if (failure !== undefined) return { what: `the rest of it (${failure})`, frames: 0 };
    const fewer = this.fewerFrames(gaps.empty);
    const shorter = this.shortBy();
    const cut = (await this.isCut(gaps.end)) || gaveUp;
    if (cut || this.isIndexUnread(fewer, shorter) || (fewer > 0 && gaps.skipped > 0)) {
      const expected = Number(stream.nbFrames) - gaps.empty;
      if (fewer > 0)
        return { what: `${countFrames(fewer)} of ${expected} that the file announces`, frames: fewer };
      if (shorter !== undefined)
        return { what: `the last ${shorter.toFixed(1)} s that the file announces`, frames: 0 };
      if (gaveUp) return { what: 'the rest of the file, which cannot be read', frames: 0 };
      return { what: 'the end of the file, which is cut off', frames: 0 };
    }
    return this.partial
      ? { what: 'part of the last frame, where the file is cut off', frames: 0 }
      : undefined;
  }

  /** @param read where the last packet ended */
  private async isCut(read: number): Promise<boolean> {
    const { bytes } = this.opened;
    if (!bytes) return false;
    // Frames alone, one after the other: what is left over is the beginning of one.
    const rest = this.format === 'yuv4mpegpipe' && read >= 0 ? (bytes.size() ?? 0) - read : 0;
    return rest > LONGEST_HEADER || (await bytesMissing(bytes, this.format)) !== undefined;
  }

  /** Through a pipe an MP4's boxes cannot be looked at again; its index lists frames, which came or did not. */
  private isIndexUnread(fewer: number, shorter: number | undefined): boolean {
    const { bytes } = this.opened;
    return this.format.includes('mov') && !bytes?.readAt && fewer > 0 && shorter !== undefined;
  }

  /** Frames that are announced and did not come, less those that are empty on purpose. */
  private fewerFrames(empty: number): number {
    if (!this.whole || !STATES_FRAMES.test(this.format)) return 0;
    return Math.max(0, Number(this.opened.stream.nbFrames) - empty - this.packets);
  }

  /** Seconds missing at the end against the stated duration, of the stream where it has one. */
  private shortBy(): number | undefined {
    const { container, stream } = this.opened;
    const stated = statedDuration(this.opened);
    if (stated === undefined) return undefined;
    const rate = stream.avgFrameRate.num > 0 ? stream.avgFrameRate.toDouble() : 25;
    const start = container.startTime === AV_NOPTS_VALUE ? 0 : Number(container.startTime) / AV_TIME_BASE;
    // Some count from the first frame, some from 0 on the clock.
    const short = stated - Math.max(this.reached, this.reached - start);
    return short > TOLERANCE + 1.5 / rate ? short : undefined;
  }
}

function statedDuration({ container, stream }: OpenedStream): number | undefined {
  if (stream.duration > 0n) return Number(stream.duration) * stream.timeBase.toDouble();
  // Matroska's statistics of a track.
  const tag = /^(\d+):(\d+):(\d+\.\d+)/.exec(stream.metadata?.get('DURATION') ?? '');
  if (tag) return 3600 * Number(tag[1]) + 60 * Number(tag[2]) + Number(tag[3]);
  return container.duration > 0n ? Number(container.duration) / AV_TIME_BASE : undefined;
}
