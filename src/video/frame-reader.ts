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
} from 'node-av/constants';
import { type CodecContext, Frame, Packet } from 'node-av/lib';
import type { OpenedStream } from './demux.js';
import { EndCheck } from './end-check.js';
import type { LossLog } from './losses.js';
import { PacketLedger } from './packet-ledger.js';

/** Failed reads in a row after which the rest of a file is given up. */
const MOST_FAILURES = 16;

export class FrameReader {
  /** Frames given out so far. */
  count = 0;
  private readonly ledger = new PacketLedger();
  /** Packets without a time stamp that should have given a frame, less those frames. */
  private unstamped = 0;
  private readonly end: EndCheck;
  /** Every packet must give one frame: not so for codecs with hidden frames, nor for lone fields. */
  private readonly frameAPacket: boolean;
  private readonly packet = new Packet();
  private readonly frame = new Frame();

  constructor(
    private readonly opened: OpenedStream,
    private readonly decoder: CodecContext,
    private readonly log: LossLog,
  ) {
    const { codecId } = opened.stream.codecpar;
    const fields = Number(decoder.getOption('field_order') ?? AV_FIELD_UNKNOWN);
    const progressive = fields === AV_FIELD_UNKNOWN || fields === AV_FIELD_PROGRESSIVE;
    this.frameAPacket =
      (codecId === AV_CODEC_ID_H264 && progressive) ||
      codecId === AV_CODEC_ID_HEVC ||
      codecId === AV_CODEC_ID_AV1;
    this.end = new EndCheck(opened);
    this.packet.alloc();
    this.frame.alloc();
  }

  /** The frames; each is valid until the next one is asked for. */
  async *frames(): AsyncGenerator<Frame> {
    try {
      while (await this.readPacket()) yield* this.decodePacket();
      await this.decoder.sendPacket(null);
      yield* this.receiveFrames(false);
      const swallowed = this.ledger.ended() + Math.max(0, this.unstamped);
      if (swallowed > 0) this.log.loseFrames(this.count, swallowed);
      const missing = this.end.missing();
      if (missing !== undefined) this.log.note(this.count, missing);
    } finally {
      this.packet.free();
      this.frame.free();
    }
  }

  /** The next packet of the video stream; false at the end. */
  private async readPacket(): Promise<boolean> {
    const { packet, opened } = this;
    for (let failures = 0; failures < MOST_FAILURES; ) {
      const result = await opened.container.readFrame(packet);
      if (result === AVERROR_EOF) return false;
      if (result < 0) {
        failures += 1;
        continue;
      }
      failures = 0;
      this.end.sawPacket(packet);
      if (packet.streamIndex === opened.stream.index) return true;
      packet.unref();
    }
    this.log.note(this.count, 'the rest of the file, which cannot be read');
    return false;
  }

  private async *decodePacket(): AsyncGenerator<Frame> {
    const { packet, decoder } = this;
    const stamp = packet.pts;
    const traced = stamp !== AV_NOPTS_VALUE && !packet.hasFlags(AV_PKT_FLAG_DISCARD);
    if (this.frameAPacket) {
      if (traced) this.ledger.sent(stamp);
      else if (stamp === AV_NOPTS_VALUE) this.unstamped += 1;
    }
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
    const { hasBFrames, threadCount } = this.decoder;
    const swallowed = this.unstamped - hasBFrames - (threadCount - 1);
    if (swallowed <= 0) return;
    this.unstamped -= swallowed;
    this.log.loseFrames(this.count, swallowed);
  }

  private async *receiveFrames(traced: boolean): AsyncGenerator<Frame> {
    for (let failures = 0; failures < MOST_FAILURES; ) {
      const result = await this.decoder.receiveFrame(this.frame);
      if (result === AVERROR_EAGAIN || result === AVERROR_EOF) return;
      if (result < 0) {
        failures += 1;
        if (!(traced && this.frameAPacket)) this.loseUnstamped('a damaged frame');
        continue;
      }
      failures = 0;
      this.noteDamage();
      yield this.frame;
      this.count += 1;
      this.frame.unref();
    }
  }

  private loseUnstamped(what: string): void {
    this.unstamped -= 1;
    this.log.lose(this.count, what);
  }

  private noteDamage(): void {
    const { frame, log } = this;
    const stamped = frame.pts !== AV_NOPTS_VALUE;
    if (!stamped) this.unstamped -= 1;
    const missing = stamped ? this.ledger.delivered(frame.pts) : 0;
    if (missing > 0) log.loseFrames(this.count, missing);
    if (frame.hasFlags(AV_FRAME_FLAG_CORRUPT) || frame.decodeErrorFlags !== 0)
      log.lose(this.count, 'part of a damaged frame');
  }
}
