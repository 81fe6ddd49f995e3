/** Writes videos: frames in, a file that appears whole or not at all. */
import { getSystemErrorName } from 'node:util';
import {
  AV_CODEC_FLAG_QSCALE,
  AV_PIX_FMT_BGRA,
  AV_PIX_FMT_PAL8,
  AV_PKT_DATA_FRAME_CROPPING,
  AVFMT_GLOBALHEADER,
} from 'node-av/constants';
import {
  type CodecContext,
  Dictionary,
  FormatContext,
  type Frame,
  Packet,
  Rational,
  type Stream,
} from 'node-av/lib';
import { InputError, OutputError } from '../errors.js';
import { commitTemporary, discardTemporary, outputErrorFor, temporaryPathFor } from '../files/index.js';
import { type Container, codecFor, containerOf } from './containers.js';
import { type CodingOptions, encodedSize, encoderOf, openEncoder, rationalRate } from './encoder.js';
import { OutputClock } from './output-clock.js';
import { PacketTimes } from './packet-times.js';
import { PaletteFilter } from './palette-filter.js';
import { FromPlanarRgb } from './planar-rgb.js';
import type { Size } from './scaling.js';

export interface EncodeOptions extends CodingOptions {
  /** The file to write; its ending decides the container. */
  readonly output: string;
  /** Frame size, pixels. Odd ones are kept: where the codec takes none, the container cuts off what is added. */
  readonly width: number;
  readonly height: number;
  /** Frames a second, where frames come without times; 25 where it is unknown (0). */
  readonly frameRate: number;
  /** Width of a pixel to its height; default square. */
  readonly pixelAspect?: { readonly num: number; readonly den: number };
  /** Scale the frames to this size; default: as they are. */
  readonly scaleTo?: Size;
}

/** Ticks a second, at least, of containers that hold any. */
const FINE = 90_000;
/** Rates above are taken for those of a clock: encoders would plan for frames that never come. */
const HIGHEST_RATE = 480;
const DEFAULT_RATE = 25;

/** What a writer is made of. */
interface Parts {
  readonly temporary: string;
  readonly kind: Container;
  readonly container: FormatContext;
  readonly stream: Stream;
  readonly encoder: CodecContext;
  readonly converter: FromPlanarRgb;
  readonly palette: PaletteFilter | undefined;
}

/** An open video file; end it with `finish` or `abort`. */
export class VideoWriter implements AsyncDisposable {
  private readonly clock: OutputClock;
  private readonly times: PacketTimes;
  private readonly ticksPerSecond: number;
  private readonly said: string[] = [];
  private empty = true;
  private open = true;

  private constructor(
    private readonly options: EncodeOptions,
    private readonly parts: Parts,
  ) {
    const { kind, stream } = parts;
    this.ticksPerSecond = stream.timeBase.den / stream.timeBase.num;
    const frameRate = rationalRate(options.frameRate).toDouble();
    this.clock = new OutputClock({ times: kind.times, ticksPerSecond: this.ticksPerSecond, frameRate });
    this.times = new PacketTimes(this.clock.frameTicks);
    const { width, height } = parts.encoder;
    const shown = options.scaleTo ?? options;
    if ((width > shown.width || height > shown.height) && !kind.crops && !options.scaleTo) {
      const { name } = encoderOf(options);
      this.said.push(
        `${name} takes even sizes only and ${kind.name} cannot cut: the file has ${width}×${height}, the last row or column twice`,
      );
    }
  }

  /** @internal Use {@link encodeVideo}. */
  static async create(options: EncodeOptions): Promise<VideoWriter> {
    const { output } = options;
    const target = options.scaleTo ?? options;
    const kind = containerOf(output);
    const codec = codecOf(options);
    const coding = { ...options, codec };
    if (target.width < 2 || target.height < 2)
      throw new InputError(`${output}: frames of ${target.width}×${target.height} are too small to encode`);
    const plan = encoderOf(coding);
    const size = encodedSize(target, plan);
    const container = new FormatContext();
    let temporary: string | undefined;
    let encoder: CodecContext | undefined;
    let palette: PaletteFilter | undefined;
    try {
      // The final name decides the format; the file itself is written under a temporary one.
      container.allocOutputContext2(null, kind.muxer ?? null, output);
      temporary = temporaryPathFor(output);
      const global = container.oformat !== null && (container.oformat.flags & AVFMT_GLOBALHEADER) !== 0;
      const { pixelAspect } = options;
      const frameRate = encoderRate(options.frameRate, kind);
      encoder = await openEncoder({ ...size, frameRate, pixelAspect }, coding, output, global);
      const stream = container.newStream(null);
      stream.timeBase = streamTimeBase(kind, encoder.framerate);
      stream.avgFrameRate = encoder.framerate;
      stream.codecpar.fromContext(encoder);
      if (pixelAspect) stream.sampleAspectRatio = new Rational(pixelAspect.num, pixelAspect.den);
      if (kind.crops && !options.scaleTo) crop(stream, size, target);
      container.url = temporary;
      check(await container.openOutput(), output);
      check(await container.writeHeader(kind.options ? Dictionary.fromObject(kind.options) : null), output);
      const indexed = plan.pixelFormat === AV_PIX_FMT_PAL8;
      if (indexed) palette = await PaletteFilter.open(size);
      const format = indexed ? AV_PIX_FMT_BGRA : plan.pixelFormat;
      const { width, height, scaleTo } = options;
      const converter = scaleTo
        ? new FromPlanarRgb(width, height, format, size)
        : new FromPlanarRgb(width, height, format, undefined, size);
      return new VideoWriter(coding, { temporary, kind, container, stream, encoder, converter, palette });
    } catch (error) {
      encoder?.freeContext();
      palette?.[Symbol.dispose]();
      await container.closeOutput().catch(() => undefined);
      container.freeContext();
      if (temporary !== undefined) discardTemporary(temporary);
      throw error;
    }
  }

  /** What of the frames the file could not hold as they were given: a sentence each; complete after `finish`. */
  get notes(): readonly string[] {
    return [...this.said, ...this.clock.notes(this.parts.kind)];
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
  }

  /** Completes the file and gives it its name. */
  async finish(): Promise<void> {
    const { container, temporary, palette } = this.parts;
    const { output } = this.options;
    try {
      if (this.empty) throw new InputError(`${output}: there is no frame to write`);
      if (palette) for await (const indexed of palette.push(null)) await this.encode(indexed);
      await this.encode(null);
      check(await container.writeTrailer(), output);
      await container.closeOutput();
    } catch (error) {
      await this.abort();
      throw error;
    }
    this.free();
    commitTemporary(temporary, output);
  }

  /** Gives up: nothing is left of the file. Does nothing after `finish`. */
  async abort(): Promise<void> {
    if (!this.open) return;
    this.open = false;
    await this.parts.container.closeOutput().catch(() => undefined);
    this.free();
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

  private free(): void {
    this.open = false;
    const { encoder, container, converter, palette } = this.parts;
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
export function encodeVideo(options: EncodeOptions): Promise<VideoWriter> {
  return VideoWriter.create(options);
}

/** An encoder that is named is taken at its word: the container says whether it holds it. */
function codecOf({ output, codec = 'mpeg4', encoder }: EncodeOptions) {
  return encoder?.name === undefined ? codecFor(output, codec) : codec;
}

function encoderRate(rate: number, { times }: Container): number {
  return times !== 'counted' && times !== 'rate' && rate > HIGHEST_RATE ? DEFAULT_RATE : rate;
}

/** One in which frames at the nominal rate lie on whole ticks, and others near enough. */
function streamTimeBase(
  { times }: Container,
  rate: { readonly num: number; readonly den: number },
): Rational {
  if (times === 'rate' || times === 'counted') return new Rational(rate.den, rate.num);
  if (typeof times === 'object') return new Rational(1, times.perSecond);
  return new Rational(1, rate.num * Math.ceil(FINE / rate.num));
}

/** Has the container cut off what was added to make sides even. */
function crop(stream: Stream, coded: Size, shown: Size): void {
  const [right, bottom] = [coded.width - shown.width, coded.height - shown.height];
  if (right === 0 && bottom === 0) return;
  // Top, bottom, left, right (AV_PKT_DATA_FRAME_CROPPING).
  const sides = Buffer.alloc(16);
  sides.writeUInt32LE(bottom, 4);
  sides.writeUInt32LE(right, 12);
  stream.codecpar.addCodedSideData(AV_PKT_DATA_FRAME_CROPPING, sides);
}

/** FFmpeg hands on the system's error numbers, and has some of its own. */
function check(result: number, output: string): void {
  if (result >= 0) return;
  // Its own are four characters as a number, beyond any system's; EINVAL is its word for “not this stream”.
  const code = result > -4096 ? getSystemErrorName(result) : 'EINVAL';
  if (code !== 'EINVAL') throw outputErrorFor(output, Object.assign(new Error(code), { code }));
  throw new OutputError(
    `cannot write ${output}: its format does not take this stream (FFmpeg code ${result})`,
  );
}
