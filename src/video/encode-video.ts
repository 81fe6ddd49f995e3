/** Writes videos: frames in, a file that appears whole or not at all. */
import { getSystemErrorName } from 'node:util';
import { AV_CODEC_FLAG_QSCALE, AV_PIX_FMT_YUV420P, AVFMT_GLOBALHEADER } from 'node-av/constants';
import { type CodecContext, FormatContext, Packet, type Stream } from 'node-av/lib';
import { InputError, OutputError } from '../errors.js';
import { commitTemporary, discardTemporary, outputErrorFor, temporaryPathFor } from '../files/index.js';
import { type CodingOptions, encodedSize, openEncoder } from './encoder.js';
import { FromPlanarRgb } from './planar-rgb.js';

export interface EncodeOptions extends CodingOptions {
  /** The file to write; its ending decides the container. */
  readonly output: string;
  /** Frame size, pixels; an odd last row or column is left out (4:2:0 chroma needs even sizes). */
  readonly width: number;
  readonly height: number;
  /** Frames a second; 25 where it is unknown (0). */
  readonly frameRate: number;
  /** Scale the frames to this size; default: as they are. */
  readonly scaleTo?: { readonly width: number; readonly height: number };
}

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

  /** @internal Use {@link encodeVideo}. */
  static async create(options: EncodeOptions): Promise<VideoWriter> {
    const { output } = options;
    const target = options.scaleTo ?? options;
    if (target.width < 2 || target.height < 2)
      throw new InputError(`${output}: frames of ${target.width}×${target.height} are too small to encode`);
    const container = new FormatContext();
    // The final name decides the format; the file itself is written under a temporary one.
    if (!knowsFormat(container, output)) {
      throw new InputError(`${output}: no video format has this ending; use .mp4, .mkv, .avi, .mov or .ts`);
    }
    let temporary: string | undefined;
    let encoder: CodecContext | undefined;
    try {
      temporary = temporaryPathFor(output);
      const global = container.oformat !== null && (container.oformat.flags & AVFMT_GLOBALHEADER) !== 0;
      const { width, height } = encodedSize(target, options);
      encoder = await openEncoder({ width, height, frameRate: options.frameRate }, options, output, global);
      const stream = container.newStream(null);
      stream.timeBase = encoder.timeBase;
      stream.avgFrameRate = encoder.framerate;
      stream.codecpar.fromContext(encoder);
      container.url = temporary;
      check(await container.openOutput(), output);
      check(await container.writeHeader(), output);
      const format = options.encoder?.pixelFormat ?? AV_PIX_FMT_YUV420P;
      const converter = new FromPlanarRgb(options.width, options.height, format, target);
      return new VideoWriter(options, temporary, container, stream, encoder, converter);
    } catch (error) {
      encoder?.freeContext();
      await container.closeOutput().catch(() => undefined);
      container.freeContext();
      if (temporary !== undefined) discardTemporary(temporary);
      throw error;
    }
  }

  /**
   * Appends a frame: planar 8-bit RGB, `3 × height × width` bytes.
   *
   * @throws OutputError when it cannot be written (a full disk); then `abort`
   */
  async write(pixels: Uint8Array): Promise<void> {
    using frame = (await this.converter.convert(pixels)).clone()!;
    // Leaves out an odd last row or column.
    frame.width = this.encoder.width;
    frame.height = this.encoder.height;
    frame.pts = this.count++;
    if (this.encoder.hasFlags(AV_CODEC_FLAG_QSCALE)) frame.quality = this.encoder.globalQuality;
    check(await this.encoder.sendFrame(frame), this.options.output);
    await this.drain();
  }

  /** Completes the file and gives it its name. */
  async finish(): Promise<void> {
    try {
      if (this.count === 0n) throw new InputError(`${this.options.output}: there is no frame to write`);
      check(await this.encoder.sendFrame(null), this.options.output);
      await this.drain();
      check(await this.container.writeTrailer(), this.options.output);
      await this.container.closeOutput();
    } catch (error) {
      await this.abort();
      throw error;
    }
    this.free();
    commitTemporary(this.temporary, this.options.output);
  }

  /** Gives up: nothing is left of the file. Does nothing after `finish`. */
  async abort(): Promise<void> {
    if (!this.open) return;
    this.open = false;
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
      check(await this.container.interleavedWriteFrame(packet), this.options.output);
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

/**
 * Opens a video file for writing.
 *
 * @throws InputError for sizes, names and options that no encoder or container takes
 * @throws OutputError when the file cannot be created
 */
export function encodeVideo(options: EncodeOptions): Promise<VideoWriter> {
  return VideoWriter.create(options);
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
