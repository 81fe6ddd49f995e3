/** Packets in, decoded frames out, in display order, with a record of what went missing on the way. */
import {
  AV_CODEC_ID_AV1,
  AV_CODEC_ID_H264,
  AV_CODEC_ID_HEVC,
  AV_FIELD_PROGRESSIVE,
  AV_FIELD_UNKNOWN,
  AV_FRAME_FLAG_CORRUPT,
  AV_NOPTS_VALUE,
  AV_PKT_FLAG_DISCARD,
  AVERROR_EAGAIN,
  AVERROR_EOF,
  AVERROR_EXIT,
  AVSEEK_FLAG_BACKWARD,
} from 'node-av/constants';
import { type CodecContext, Frame, Packet } from 'node-av/lib';
import { DecodingTimes } from './decoding-times.js';
import type { OpenedStream } from './demux.js';
import { EndCheck } from './end-check.js';
import { GapWatch } from './gap-watch.js';
import type { LossLog } from './losses.js';
import { PacketLedger } from './packet-ledger.js';
import { SequenceSize } from './sequence-size.js';
import { StreamStart } from './stream-start.js';
import './worker-calls.js';

/** Failed reads in a row after which the rest of a file is given up. */
const MOST_FAILURES = 16;
/** Packets whose frames may be awaited: more than any codec reorders. */
const MOST_ARRIVALS = 64;

export class FrameReader {
  /** Frames given out so far. */
  count = 0;
  /** When packets came whose frames are awaited, by time stamp; of live sources. */
  private readonly arrivals = new Map<bigint, number>();
  /** When the packet came that the frame at hand was decoded from; of live sources. */
  arrived: number | undefined;
  /** Called at the end: whether reading goes on elsewhere, by {@link seek}. */
  atEnd: () => Promise<boolean> = async () => false;
  private readonly ledger = new PacketLedger();
  private readonly times = new DecodingTimes();
  /** Packets without a time stamp that should have given a frame, less those frames. */
  private unstamped = 0;
  private readonly start = new StreamStart();
  private readonly end: EndCheck;
  private readonly gaps: GapWatch;
  /** Every packet must give one frame: not so for codecs with hidden frames, nor for lone fields. */
  private readonly frameAPacket: boolean;
  private readonly threads: number;
  private readonly sequenceSize: SequenceSize;
  private readonly packet = new Packet();
  private readonly frame = new Frame();
  private gaveUp = false;
  /** Packets are left out up to the next key frame. */
  private toKeyFrame = false;
  /** Reading goes on at another place than where it was. */
  private sought = false;

  constructor(
    private readonly opened: OpenedStream,
    private readonly decoder: CodecContext,
    private readonly log: LossLog,
  ) {
    const { codecId } = opened.stream.codecpar;
    this.threads = decoder.threadCount;
    const fields = Number(decoder.getOption('field_order') ?? AV_FIELD_UNKNOWN);
    const progressive = fields === AV_FIELD_UNKNOWN || fields === AV_FIELD_PROGRESSIVE;
    this.frameAPacket =
      (codecId === AV_CODEC_ID_H264 && progressive) ||
      codecId === AV_CODEC_ID_HEVC ||
      codecId === AV_CODEC_ID_AV1;
    this.sequenceSize = new SequenceSize(codecId);
    this.end = new EndCheck(opened);
    this.gaps = new GapWatch(opened.container.iformat?.name ?? '', opened.stream);
    this.packet.alloc();
    this.frame.alloc();
  }

  /** The frames; each is valid until the next one is asked for. */
  async *frames(): AsyncGenerator<Frame> {
    try {
      do {
        this.sought = false;
        while (await this.readPacket()) yield* this.decodePacket();
        await this.decoder.sendPacket(null);
        yield* this.receiveFrames(false);
      } while (this.sought || (await this.atEnd()));
      const swallowed = this.ledger.ended() + Math.max(0, this.unstamped);
      if (swallowed > 0) this.log.loseFrames(this.count, swallowed);
      const missing = await this.end.missing(this.gaveUp, this.gaps);
      if (missing !== undefined) this.log.note(this.count, missing.what, missing.frames);
    } finally {
      this.packet.free();
      this.frame.free();
    }
  }

  /**
   * Goes on with the key frame before a time. While {@link frames} is asked for nothing.
   *
   * @param stamp in the stream's time base
   */
  async seek(stamp: bigint): Promise<boolean> {
    const { opened, decoder } = this;
    if ((await opened.container.seekFrame(opened.index, stamp, AVSEEK_FLAG_BACKWARD)) < 0) return false;
    decoder.flushBuffers();
    this.ledger.reset();
    this.times.reset();
    this.gaps.reset();
    this.start.reset();
    this.unstamped = 0;
    this.end.whole = false;
    this.toKeyFrame = true;
    this.sought = true;
    return true;
  }

  /** Leaves out what comes up to the next key frame: of live sources that are read too slowly. */
  skip(): void {
    this.decoder.flushBuffers();
    this.ledger.reset();
    this.times.reset();
    this.unstamped = 0;
    this.toKeyFrame = true;
    this.log.breakHere();
  }

  /** What was read up to now does not count: with the frame at hand the part begins that is wanted, from `number` on. */
  begin(number: number): void {
    this.count = number;
    this.log.forget();
    this.noteDamageOfFrame();
  }

  /** The next packet of the video stream; false at the end. */
  private async readPacket(): Promise<boolean> {
    const { packet, opened } = this;
    for (let failures = 0; failures < MOST_FAILURES; ) {
      opened.signal?.throwIfAborted();
      const result = await opened.container.readFrame(packet);
      opened.signal?.throwIfAborted();
      if (result === AVERROR_EOF || result === AVERROR_EXIT) return false;
      if (result < 0) {
        failures += 1;
        continue;
      }
      failures = 0;
      if (this.accept()) return true;
      packet.unref();
    }
    this.gaveUp = true;
    return false;
  }

  /** Whether the packet at hand is to be decoded. */
  private accept(): boolean {
    const { packet, opened } = this;
    const missing = this.gaps.sawPacket(packet);
    if (packet.streamIndex !== opened.index) return false;
    this.end.sawPacket(packet);
    if (missing > 0) this.log.loseFrames(this.count, missing, 'where the file is damaged');
    if (this.toKeyFrame && !packet.isKeyframe) return false;
    this.toKeyFrame = false;
    return true;
  }

  private async *decodePacket(): AsyncGenerator<Frame> {
    const { packet, decoder, opened } = this;
    const stamp = packet.pts;
    const traced = stamp !== AV_NOPTS_VALUE && !packet.hasFlags(AV_PKT_FLAG_DISCARD);
    if (this.sequenceSize.changesWith(packet)) {
      await decoder.sendPacket(null);
      yield* this.receiveFrames(false);
      decoder.flushBuffers();
    }
    if (this.frameAPacket && traced) this.start.sawPacket(packet, this.ledger.sent(stamp));
    else if (this.frameAPacket && stamp === AV_NOPTS_VALUE) this.unstamped += 1;
    this.times.sent(stamp, packet.dts);
    if (opened.isLive) this.noteArrival(stamp);
    let sent = await decoder.sendPacket(packet);
    if (sent === AVERROR_EAGAIN) {
      yield* this.receiveFrames(traced);
      sent = await decoder.sendPacket(packet);
    }
    packet.unref();
    if (sent < 0 && sent !== AVERROR_EOF) {
      // With a stamp, the loss is noted where the frame is missing: some frames may still be on their way.
      if (traced) this.ledger.sent(stamp);
      else this.loseUnstamped('a damaged packet');
    }
    yield* this.receiveFrames(traced);
    this.noteLag();
  }

  /** Without time stamps, a swallowed frame shows in the decoder owing more frames than it may hold back. */
  private noteLag(): void {
    const swallowed = this.unstamped > 0 ? this.unstamped - this.heldBack : 0;
    if (swallowed <= 0) return;
    this.unstamped -= swallowed;
    this.log.loseFrames(this.count, swallowed);
  }

  /** Frames that the decoder may hold back. */
  private get heldBack(): number {
    return this.decoder.hasBFrames + this.threads - 1;
  }

  private async *receiveFrames(traced: boolean): AsyncGenerator<Frame> {
    for (let failures = 0; failures < MOST_FAILURES; ) {
      const result = await this.receiveFrame();
      if (result === AVERROR_EAGAIN || result === AVERROR_EOF) return;
      if (result < 0) {
        failures += 1;
        if (!(traced && this.frameAPacket)) this.loseUnstamped('a damaged frame');
        continue;
      }
      failures = 0;
      this.noteDamage();
      this.giveTime();
      if (this.opened.isLive) this.takeArrival();
      yield this.frame;
      this.count += 1;
      this.frame.unref();
    }
  }

  /** Without threads of its own a decoder works while it takes a packet: what it gives then is there at once. */
  private receiveFrame(): number | Promise<number> {
    const { decoder, frame } = this;
    return this.threads === 1 ? decoder.receiveFrameSync(frame) : decoder.receiveFrame(frame);
  }

  private noteArrival(stamp: bigint): void {
    const { arrivals } = this;
    arrivals.set(stamp, performance.now());
    if (arrivals.size > MOST_ARRIVALS) arrivals.delete(arrivals.keys().next().value!);
  }

  private takeArrival(): void {
    const { pts } = this.frame;
    this.arrived = this.arrivals.get(pts) ?? performance.now();
    this.arrivals.delete(pts);
  }

  private loseUnstamped(what: string): void {
    this.unstamped -= 1;
    this.log.lose(this.count, what);
  }

  private noteDamage(): void {
    const { frame, log } = this;
    const stamped = frame.pts !== AV_NOPTS_VALUE;
    if (!stamped) this.unstamped -= 1;
    const missing = stamped ? this.missingBefore(frame.pts) : 0;
    if (missing > 0) log.loseFrames(this.count, missing);
    this.noteDamageOfFrame();
  }

  private giveTime(): void {
    const { frame, times, decoder } = this;
    if (frame.pts !== AV_NOPTS_VALUE) return;
    // MPEG-4's B-frames have theirs, and the frames between follow them.
    if (decoder.hasBFrames > 0 && decoder.codecId !== AV_CODEC_ID_H264) return;
    const time = times.shown(this.heldBack);
    if (time === undefined) return;
    frame.pts = time;
    frame.bestEffortTimestamp = time;
  }

  private noteDamageOfFrame(): void {
    const { frame, log } = this;
    if (frame.hasFlags(AV_FRAME_FLAG_CORRUPT) || frame.decodeErrorFlags !== 0) log.damage(this.count);
  }

  /** Frames that should have come before this one, less those that a cut stream begins without. */
  private missingBefore(pts: bigint): number {
    return this.ledger.delivered(pts, (stamp, sent) => this.start.leavesOut(stamp, sent));
  }
}
