/**
 * Finds frames that a damaged container never handed over. A gap in time alone says nothing, since frames may have
 * been left out on purpose; bytes that belong to no packet say nothing either, since there are empty and unknown
 * elements; both at one place are a loss. In MPEG-TS the count of its packets takes the bytes' part.
 */
import { AV_NOPTS_VALUE, AV_PKT_FLAG_CORRUPT } from 'node-av/constants';
import type { Packet, Stream } from 'node-av/lib';

/** Containers whose packets lie one after the other, with little between. */
const CONTIGUOUS = /matroska|avi|flv|nut|ivf|yuv4mpeg/;
/** Headers of a cluster and the like, bytes. */
const OVERHEAD = 256;
/** AVI holds a chunk without content for a frame that was left out: its header's bytes. */
const EMPTY_CHUNK = 8;
/** A longer gap in time is a join of recordings, seconds. */
const LONGEST_GAP = 10;

export class GapWatch {
  /** Bytes within the file that belong to no packet. */
  skipped = 0;
  private readonly byBytes: boolean;
  private readonly byCount: boolean;
  private readonly isAvi: boolean;
  private readonly index: number;
  private readonly secondsPerTick: number;
  /** Frames that were left out on purpose, as AVI says by chunks without content. */
  empty = 0;
  /** Where the last packet ends; −1 where that is not known. */
  end = -1;
  /** Bytes since the last packet of video that belong to no packet. */
  private unknown = 0;
  private countBroken = false;
  private last: bigint = AV_NOPTS_VALUE;
  private shortest = 0n;

  constructor(format: string, { index, timeBase }: Stream) {
    this.index = index;
    this.secondsPerTick = timeBase.toDouble();
    this.byBytes = CONTIGUOUS.test(format);
    this.byCount = format === 'mpegts';
    this.isAvi = format === 'avi';
  }

  /** Takes the next packet of any stream; returns how many frames are missing before it. */
  sawPacket(packet: Packet): number {
    if (this.byBytes) this.lookAtPlace(Number(packet.pos), packet.size);
    if (packet.streamIndex !== this.index) return 0;
    const frames = this.framesBetween(packet.dts);
    const empty = this.isAvi && this.last !== AV_NOPTS_VALUE ? Number(packet.dts - this.last) - 1 : 0;
    const damaged = this.countBroken || this.unknown > OVERHEAD + EMPTY_CHUNK * empty;
    if (damaged) this.skipped += this.unknown;
    else this.empty += empty;
    this.unknown = 0;
    this.countBroken = this.byCount && packet.hasFlags(AV_PKT_FLAG_CORRUPT);
    this.remember(packet.dts);
    return damaged ? frames : 0;
  }

  private lookAtPlace(at: number, size: number): void {
    if (at < 0) return;
    if (this.end >= 0 && at > this.end) this.unknown += at - this.end;
    this.end = Math.max(this.end, at + size);
  }

  /** Frames that fit between the last packet and this one. */
  private framesBetween(dts: bigint): number {
    const { last, shortest } = this;
    if (dts === AV_NOPTS_VALUE || last === AV_NOPTS_VALUE || shortest === 0n) return 0;
    const step = dts - last;
    const seconds = Number(step) * this.secondsPerTick;
    if (seconds <= 0 || seconds > LONGEST_GAP) return 0;
    return Math.max(0, Math.round(Number(step) / Number(shortest)) - 1);
  }

  private remember(dts: bigint): void {
    if (dts === AV_NOPTS_VALUE) return;
    const step = this.last === AV_NOPTS_VALUE ? 0n : dts - this.last;
    if (step > 0n && (this.shortest === 0n || step < this.shortest)) this.shortest = step;
    this.last = dts;
  }

  /** Reading goes on elsewhere. */
  reset(): void {
    this.end = -1;
    this.last = AV_NOPTS_VALUE;
    this.unknown = 0;
    this.countBroken = false;
  }
}
