/** Writes videos: frames in, a file that appears whole or not at all. */
import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import {
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_CODEC_FLAG_QSCALE,
  AV_PIX_FMT_YUV420P,
  AVFMT_GLOBALHEADER,
  type AVPixelFormat,
} from 'node-av/constants';
import { Codec, CodecContext, FormatContext, Packet, Rational, type Stream } from 'node-av/lib';
import { InputError, messageOf, OutputError } from '../errors.js';
import { commitTemporary, discardTemporary, temporaryPathFor } from '../files/index.js';
import { FromPlanarRgb } from './planar-rgb.js';

export interface EncodeOptions {
  readonly output: string;
  /** Frame size, pixels; an odd last row or column is left out (4:2:0 chroma needs even sizes). */
  readonly width: number;
  readonly height: number;
  /** Frames a second. */
  readonly frameRate: number;
  /** Default 'mpeg4', the paper's stream: Part 2, no B-frames, one I-frame a GOP. */
  readonly codec?: 'mpeg4' | 'h264';
  /** Frames from one I-frame to the next; default 12. */
  readonly gop?: number;
  /** mpeg4: quantiser 1 to 31, default 3; h264: CRF 0 to 51, default 20. Smaller is finer. */
  readonly quality?: number;
  /** Further options of FFmpeg's encoder, by its names (e.g. bf, refs, flags), and its own name if another. */
  readonly encoder?: {
    readonly name?: string;
    readonly options?: Readonly<Record<string, string>>;
    readonly pixelFormat?: AVPixelFormat;
  };
}

const ENCODERS = { mpeg4: 'mpeg4', h264: 'libx264' } as const;
const LAMBDA_PER_QUANTISER = 118;

/** An open video file; end it with `finish` or `abort`. */
export class VideoWriter implements AsyncDisposable {
  private readonly packet = new Packet();
  private count = 0n;
  private open = true;

  private constructor(
    private readonly options: EncodeOptions,
    private readonly temporary: string,
    private readonly container: FormatContext,
    private readonly stream: Stream,
    private readonly encoder: CodecContext,
    private readonly converter: FromPlanarRgb,
  ) {
    this.packet.alloc();
  }

  static async create(options: EncodeOptions): Promise<VideoWriter> {
    const { output, width, height } = options;
    if (width < 2 || height < 2)
      throw new InputError(`${output}: frames of ${width}×${height} are too small to encode`);
    checkFolder(output);
    const container = new FormatContext();
    // The final name decides the format; the file itself is written under a temporary one.
    if (!knowsFormat(container, output)) {
      throw new InputError(`${output}: no video format has this ending; use .mp4, .mkv, .avi, .mov or .ts`);
    }
    const temporary = temporaryPathFor(output);
    let encoder: CodecContext | undefined;
    try {
      const global = container.oformat !== null && (container.oformat.flags & AVFMT_GLOBALHEADER) !== 0;
      encoder = await openEncoder(options, global);
      const stream = container.newStream(null);
      stream.timeBase = encoder.timeBase;
      stream.avgFrameRate = encoder.framerate;
      stream.codecpar.fromContext(encoder);
      container.url = temporary;
      await checked(container.openOutput(), output, 'cannot be written');
      await checked(container.writeHeader(), output, 'its header cannot be written');
      const format = options.encoder?.pixelFormat ?? AV_PIX_FMT_YUV420P;
      const converter = new FromPlanarRgb(width, height, format);
      return new VideoWriter(options, temporary, container, stream, encoder, converter);
    } catch (error) {
      encoder?.freeContext();
      container.freeContext();
      discardTemporary(temporary);
      throw error;
    }
  }

  /** Appends a frame: planar 8-bit RGB, `3 × height × width` bytes. */
  async write(pixels: Uint8Array): Promise<void> {
    const frame = await this.converter.convert(pixels);
    frame.pts = this.count++;
    if (this.encoder.hasFlags(AV_CODEC_FLAG_QSCALE)) frame.quality = this.encoder.globalQuality;
    await checked(this.encoder.sendFrame(frame), this.options.output, 'a frame cannot be encoded');
    await this.drain();
  }

  /** Completes the file and gives it its name. */
  async finish(): Promise<void> {
    if (this.count === 0n) {
      await this.abort();
      throw new InputError(`${this.options.output}: there is no frame to write`);
    }
    try {
      await this.encoder.sendFrame(null);
      await this.drain();
      await checked(this.container.writeTrailer(), this.options.output, 'cannot be completed');
      await this.container.closeOutput();
    } catch (error) {
      await this.abort();
      throw error;
    }
    this.free();
    commitTemporary(this.temporary, this.options.output);
  }

  /** Gives up: nothing is left of the file. */
  async abort(): Promise<void> {
    if (!this.open) return;
    await this.container.closeOutput().catch(() => undefined);
    this.free();
    discardTemporary(this.temporary);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.abort();
  }

  private async drain(): Promise<void> {
    const { packet, encoder, stream } = this;
    while ((await encoder.receivePacket(packet)) >= 0) {
      packet.streamIndex = stream.index;
      packet.duration = 1n;
      packet.rescaleTs(encoder.timeBase, stream.timeBase);
      await checked(
        this.container.interleavedWriteFrame(packet),
        this.options.output,
        'cannot be written (is the disk full?)',
      );
    }
  }

  private free(): void {
    this.open = false;
    this.encoder.freeContext();
    this.container.freeContext();
    this.converter[Symbol.dispose]();
    this.packet.free();
  }
}

/** Prepares the container by the ending of `output`; node-av throws where FFmpeg returns an error. */
function knowsFormat(container: FormatContext, output: string): boolean {
  try {
    return container.allocOutputContext2(null, null, output) >= 0;
  } catch {
    return false;
  }
}

/** Opens a video file for writing. */
export function encodeVideo(options: EncodeOptions): Promise<VideoWriter> {
  return VideoWriter.create(options);
}

async function openEncoder(options: EncodeOptions, globalHeader: boolean): Promise<CodecContext> {
  const { codec = 'mpeg4', gop = 12, quality, encoder = {}, output } = options;
  const name = encoder.name ?? ENCODERS[codec];
  const found = Codec.findEncoderByName(name as Parameters<typeof Codec.findEncoderByName>[0]);
  if (!found) throw new InputError(`${output}: this build of FFmpeg has no encoder ${name}`);
  const context = new CodecContext();
  context.allocContext3(found);
  context.width = options.width & ~1;
  context.height = options.height & ~1;
  context.pixelFormat = encoder.pixelFormat ?? AV_PIX_FMT_YUV420P;
  const rate = rationalRate(options.frameRate);
  context.timeBase = new Rational(rate.den, rate.num);
  context.framerate = rate;
  context.gopSize = gop;
  context.maxBFrames = 0;
  context.threadCount = 2;
  if (globalHeader) context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
  if (name === 'mpeg4') {
    context.setFlags(AV_CODEC_FLAG_QSCALE);
    context.globalQuality = (quality ?? 3) * LAMBDA_PER_QUANTISER;
    context.setOption('sc_threshold', '1000000000');
  } else if (name === 'libx264') {
    context.setOption('crf', String(quality ?? 20));
    context.setOption('preset', 'veryfast');
  }
  for (const [key, value] of Object.entries(encoder.options ?? {})) context.setOption(key, value);
  if ((await context.open2(found, null)) < 0) {
    context.freeContext();
    throw new InputError(
      `${output}: the ${name} encoder does not take ${options.width}×${options.height} frames or its options`,
    );
  }
  return context;
}

function rationalRate(rate: number): Rational {
  if (!(rate > 0 && rate <= 1000)) return new Rational(25, 1);
  // 23.976, 29.97 and 59.94 are multiples of 1000/1001.
  const ntsc = Math.round(rate * 1.001);
  if (Math.abs((ntsc * 1000) / 1001 - rate) < 1e-3 && Math.abs(Math.round(rate) - rate) > 1e-3)
    return new Rational(ntsc * 1000, 1001);
  return Number.isInteger(rate) ? new Rational(rate, 1) : new Rational(Math.round(rate * 1000), 1000);
}

function checkFolder(output: string): void {
  let isFolder = false;
  try {
    isFolder = statSync(dirname(output)).isDirectory();
  } catch {
    // Named below.
  }
  if (!isFolder)
    throw new OutputError(`${output}: the folder ${dirname(output)} does not exist; make it first`);
}

async function checked(result: Promise<number>, output: string, what: string): Promise<void> {
  let code: number;
  try {
    code = await result;
  } catch (error) {
    throw new OutputError(`${output}: ${what}: ${messageOf(error)}`);
  }
  if (code < 0) throw new OutputError(`${output}: ${what} (FFmpeg code ${code})`);
}
