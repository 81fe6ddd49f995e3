/** Writes videos: frames in, a file that appears whole or not at all. */

import { InputError } from '@twnet/core/errors';
import { AV_CODEC_FLAG_QSCALE, AVERROR_EINVAL } from 'node-av/constants';
import { type Frame, Packet } from 'node-av/lib';
import { commitTemporary, discardTemporary } from '../files/atomic.js';
import { checkEncoding } from './encode-options.js';
import { rationalRate } from './encoder.js';
import { check, type EncodeOptions, openWriterParts, type WriterParts } from './open-writer.js';
import { OutputClock } from './output-clock.js';
import { PacketTimes } from './packet-times.js';
import './worker-calls.js';

export type { EncodeOptions };

/** What a container answers to a packet that it does not take. */
const REFUSED = AVERROR_EINVAL;

/** An open video file; end it with `finish` or `abort`. */
export class VideoWriter implements AsyncDisposable {
  private readonly clock: OutputClock;
  private readonly times: PacketTimes;
  private readonly ticksPerSecond: number;
  private readonly said: string[];
  /** Where the last frame ends, seconds of the file. */
  private end = 0;
  private lostAudio = 0;
  private empty = true;
  private open = true;

  private constructor(
    private readonly options: EncodeOptions,
    private readonly parts: WriterParts,
  ) {
    const { kind, stream, audio } = parts;
    this.said = [...parts.notes];
    this.ticksPerSecond = stream.timeBase.den / stream.timeBase.num;
    const frameRate = rationalRate(options.frameRate).toDouble();
    const shift = options.from === undefined ? (audio?.lead ?? 0) : -options.from;
    this.clock = new OutputClock({
      times: kind.times,
      ticksPerSecond: this.ticksPerSecond,
      frameRate,
      shift,
    });
    this.times = new PacketTimes(this.clock.frameTicks);
  }

  /** @internal Use {@link encodeVideo}. */
  static async create(options: EncodeOptions): Promise<VideoWriter> {
    return new VideoWriter(options, await openWriterParts(options));
  }

  /** What of the frames the file could not hold as they were given: a sentence each; complete after `finish`. */
  get notes(): readonly string[] {
    const { said, lostAudio, clock, parts } = this;
    const lost = lostAudio > 0 ? [`${lostAudio} packets of its audio could not be copied`] : [];
    return [...said, ...lost, ...clock.notes(parts.kind)];
  }

  /**
   * Appends a frame: planar 8-bit RGB, `3 × height × width` bytes.
   *
   * Times are kept to the container's ticks (a millisecond or finer; hundredths of a second in GIF; AVI and raw streams
   * have one rate). They have to grow: a frame at or shortly before its predecessor's time comes a tick after it, and
   * where the clock jumps back, one frame after. `notes` says so.
   *
   * @param seconds when it is shown; default: one frame (`frameRate`) after the one before. A negative first one counts
   *   as 0, and the others from there
   * @param duration for how long, seconds; only the last frame's counts. Default: one frame
   * @throws OutputError when it cannot be written (a full disk); then `abort`
   */
  async write(pixels: Uint8Array, seconds?: number, duration?: number): Promise<void> {
    const { encoder, converter, palette } = this.parts;
    const tick = this.clock.next(seconds);
    if (tick === undefined) return;
    this.empty = false;
    const ticks = duration === undefined ? undefined : Math.round(duration * this.ticksPerSecond);
    const index = this.times.add(tick, ticks !== undefined && ticks > 0 ? ticks : undefined);
    using frame = (await converter.convert(pixels)).clone()!;
    frame.pts = BigInt(index);
    if (encoder.hasFlags(AV_CODEC_FLAG_QSCALE)) frame.quality = encoder.globalQuality;
    if (palette) for await (const indexed of palette.push(frame)) await this.encode(indexed);
    else await this.encode(frame);
    this.end = (tick + (ticks ?? this.clock.frameTicks)) / this.ticksPerSecond;
    await this.copyAudio(tick / this.ticksPerSecond);
  }

  /**
   * Completes the file and gives it its name.
   *
   * @param rest whether audio that goes on after the last frame is copied; default true
   */
  async finish({ rest = true }: { readonly rest?: boolean } = {}): Promise<void> {
    const { container, temporary, palette } = this.parts;
    const { output } = this.options;
    try {
      if (this.empty) throw new InputError(`${output}: there is no frame to write`);
      if (palette) for await (const indexed of palette.push(null)) await this.encode(indexed);
      await this.encode(null);
      await this.copyAudio(rest ? Number.POSITIVE_INFINITY : this.end);
      check(await container.writeTrailer(), output);
      await container.closeOutput();
    } catch (error) {
      await this.abort();
      throw error;
    }
    await this.free();
    commitTemporary(temporary, output);
  }

  /** Gives up: nothing is left of the file. Does nothing after `finish`. */
  async abort(): Promise<void> {
    if (!this.open) return;
    this.open = false;
    await this.parts.container.closeOutput().catch(() => undefined);
    await this.free();
    discardTemporary(this.parts.temporary);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.abort();
  }

  /** Encodes a frame, or null for the end, and writes what is ready. */
  private async encode(frame: Frame | null): Promise<void> {
    const { encoder, container, stream } = this.parts;
    const { output } = this.options;
    check(await encoder.sendFrame(frame), output);
    for (;;) {
      const packet = new Packet();
      packet.alloc();
      if ((await encoder.receivePacket(packet)) < 0) {
        packet.free();
        break;
      }
      this.times.push(packet);
    }
    for (const packet of this.times.ready(frame === null)) {
      packet.streamIndex = stream.index;
      const result = await container.interleavedWriteFrame(packet);
      packet.free();
      check(result, output);
    }
  }

  /** Writes the audio up to a time of the file, seconds. */
  private async copyAudio(seconds: number): Promise<void> {
    const { audio, container } = this.parts;
    if (!audio) return;
    for await (const packet of audio.until(seconds, this.clock.fileOffsets)) {
      const result = await container.interleavedWriteFrame(packet);
      packet.free();
      // A packet that the container refuses is missing from the sound; the rest of the file is right.
      if (result === REFUSED) this.lostAudio++;
      else check(result, this.options.output);
    }
  }

  private async free(): Promise<void> {
    this.open = false;
    const { encoder, container, converter, palette, audio } = this.parts;
    await audio?.[Symbol.asyncDispose]();
    this.times.clear();
    encoder.freeContext();
    container.freeContext();
    converter[Symbol.dispose]();
    palette?.[Symbol.dispose]();
  }
}

/**
 * Opens a video file for writing.
 *
 * @throws InputError for sizes, names and options that no encoder or container takes
 * @throws OutputError when the file cannot be created
 */
export async function encodeVideo(options: EncodeOptions): Promise<VideoWriter> {
  checkEncoding(options);
  return VideoWriter.create(options);
}
