/** Opens what a video is written with: encoder, container, converters. */
import { getSystemErrorName } from 'node:util';
import { InputError, OutputError } from '@twnet/core/errors';
import {
  AV_PIX_FMT_BGRA,
  AV_PIX_FMT_PAL8,
  AV_PKT_DATA_FRAME_CROPPING,
  AVFMT_GLOBALHEADER,
} from 'node-av/constants';
import { type CodecContext, Dictionary, FormatContext, Rational, type Stream } from 'node-av/lib';
import { discardTemporary, temporaryPathFor } from '../files/atomic.js';
import { outputErrorFor } from '../files/output-error.js';
import { AudioCopy, type VideoOrigin } from './audio-copy.js';
import { type Container, codecFor, containerOf } from './containers.js';
import { type CodingOptions, encodedSize, encoderOf, openEncoder } from './encoder.js';
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
  /**
   * The audio of this source is copied beside the frames, whose times are then the source's (`Video.origin`). What
   * cannot be copied is left out, and `notes` says so. Default: none.
   */
  readonly audio?: VideoOrigin;
  /** Time stamp of the first frame, seconds, where the frames before it are left out on purpose. It counts as 0. */
  readonly from?: number;
  /** Scale the frames to this size; default: as they are. */
  readonly scaleTo?: Size;
}

/** Ticks a second, at least, of containers that hold any. */
const FINE = 90_000;
/** Rates above are taken for those of a clock: encoders would plan for frames that never come. */
const HIGHEST_RATE = 480;
const DEFAULT_RATE = 25;

/** What a writer is made of. */
export interface WriterParts {
  readonly temporary: string;
  readonly kind: Container;
  readonly container: FormatContext;
  readonly stream: Stream;
  readonly encoder: CodecContext;
  readonly converter: FromPlanarRgb;
  readonly palette: PaletteFilter | undefined;
  readonly audio: AudioCopy | undefined;
  /** What could not be opened as asked, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * @throws InputError for sizes, names and options that no encoder or container takes
 * @throws OutputError when the file cannot be created
 */
export async function openWriterParts(options: EncodeOptions): Promise<WriterParts> {
  const kind = containerOf(options.output);
  const coding = { ...options, codec: codecOf(options) };
  const audio = options.audio && (await AudioCopy.open(options.audio, kind, options.from));
  if (!(audio instanceof AudioCopy)) {
    return openParts(coding, kind, undefined, audio === undefined ? [] : [audio]);
  }
  try {
    return await openParts(coding, kind, audio, []);
  } catch (error) {
    await audio[Symbol.asyncDispose]();
    if (!(error instanceof OutputError)) throw error;
    // Whatever is the matter with the audio must not cost the video; if it is not the audio, this fails, too.
    return openParts(coding, kind, undefined, [
      `${kind.name} does not take its audio: the video is written without it`,
    ]);
  }
}

async function openParts(
  options: EncodeOptions,
  kind: Container,
  audio: AudioCopy | undefined,
  notes: readonly string[],
): Promise<WriterParts> {
  const { output } = options;
  const target = options.scaleTo ?? options;
  if (target.width < 2 || target.height < 2)
    throw new InputError(`${output}: frames of ${target.width}×${target.height} are too small to encode`);
  const plan = encoderOf(options);
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
    encoder = await openEncoder({ ...size, frameRate, pixelAspect }, options, output, global);
    const stream = container.newStream(null);
    stream.timeBase = streamTimeBase(kind, encoder.framerate);
    stream.avgFrameRate = encoder.framerate;
    stream.codecpar.fromContext(encoder);
    if (pixelAspect) stream.sampleAspectRatio = new Rational(pixelAspect.num, pixelAspect.den);
    if (kind.crops && !options.scaleTo) crop(stream, size, target);
    audio?.begin(container);
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
    return {
      temporary,
      kind,
      container,
      stream,
      encoder,
      converter,
      palette,
      audio,
      notes: [...notes, ...uncut(kind, plan.name, size, target, options)],
    };
  } catch (error) {
    encoder?.freeContext();
    palette?.[Symbol.dispose]();
    await container.closeOutput().catch(() => undefined);
    container.freeContext();
    if (temporary !== undefined) discardTemporary(temporary);
    throw error;
  }
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

/** Where sides were made even and the container cannot say so. */
function uncut(
  { crops, name }: Container,
  encoder: string,
  coded: Size,
  shown: Size,
  { scaleTo }: EncodeOptions,
) {
  if (crops || scaleTo || (coded.width === shown.width && coded.height === shown.height)) return [];
  const size = `${coded.width}×${coded.height}`;
  return [
    `${encoder} takes even sizes only and ${name} cannot cut: the file has ${size}, the last row or column twice`,
  ];
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

/** Throws for an error of FFmpeg's. It hands on the system's error numbers, and has some of its own. */
export function check(result: number, output: string): void {
  if (result >= 0) return;
  // Its own are four characters as a number, beyond any system's; EINVAL is its word for “not this stream”.
  const code = result > -4096 ? getSystemErrorName(result) : 'EINVAL';
  if (code !== 'EINVAL') throw outputErrorFor(output, Object.assign(new Error(code), { code }));
  throw new OutputError(
    `cannot write ${output}: its format does not take this stream (FFmpeg code ${result})`,
  );
}
