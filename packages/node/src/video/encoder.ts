/** Sets up encoders: the paper's MPEG-4 stream, H.264 for looking at, and others by FFmpeg's names. */

import { InputError } from '@twnet/core/errors';
import {
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_CODEC_FLAG_QSCALE,
  AV_LOG_QUIET,
  AV_PIX_FMT_PAL8,
  AV_PIX_FMT_RGB24,
  AV_PIX_FMT_YUV420P,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_SMPTE170M,
  type AVPixelFormat,
} from 'node-av/constants';
import { avGetPixFmtName, Codec, CodecContext, Log, Rational } from 'node-av/lib';
import type { VideoCodec } from './containers.js';

/** How frames are coded. */
export interface CodingOptions {
  /**
   * Default 'mpeg4', the paper's stream: Part 2, no B-frames, one I-frame a GOP. 'auto': for looking at, what players
   * of the container take (H.264, VP9 in WebM, pictures in GIF, APNG and WebP).
   */
  readonly codec?: VideoCodec | 'auto';
  /** Frames from one I-frame to the next; default 12. */
  readonly gop?: number;
  /** mpeg4: quantiser 1 to 31, default 3; h264: CRF 0 to 51, default 20; vp9: CRF 0 to 63, default 30. Smaller is finer. */
  readonly quality?: number;
  /** Another of FFmpeg's encoders, or more of its options. */
  readonly encoder?: {
    /** Its name, e.g. libx265, libvpx-vp9, libsvtav1. */
    readonly name?: string;
    /** Options by FFmpeg's names (e.g. bf, refs, flags). */
    readonly options?: Readonly<Record<string, string>>;
    /** Default yuv420p. */
    readonly pixelFormat?: AVPixelFormat;
  };
}

export interface FrameSizeAndRate {
  readonly width: number;
  readonly height: number;
  /** Frames a second. */
  readonly frameRate: number;
  /** Width of a pixel to its height; default square. */
  readonly pixelAspect?: { readonly num: number; readonly den: number };
}

/** An encoder by FFmpeg's name, and what it is fed and told. */
interface Encoder {
  readonly name: string;
  readonly pixelFormat: AVPixelFormat;
  readonly options?: Readonly<Record<string, string>>;
}

const ENCODERS: Readonly<Record<VideoCodec, Encoder>> = {
  mpeg4: { name: 'mpeg4', pixelFormat: AV_PIX_FMT_YUV420P },
  h264: { name: 'libx264', pixelFormat: AV_PIX_FMT_YUV420P },
  vp9: {
    name: 'libvpx-vp9',
    pixelFormat: AV_PIX_FMT_YUV420P,
    options: { crf: '30', b: '0', deadline: 'realtime', 'cpu-used': '7', 'row-mt': '1' },
  },
  gif: { name: 'gif', pixelFormat: AV_PIX_FMT_PAL8 },
  apng: { name: 'apng', pixelFormat: AV_PIX_FMT_RGB24, options: { pred: 'up' } },
  webp: {
    name: 'libwebp',
    pixelFormat: AV_PIX_FMT_YUV420P,
    options: { quality: '80', compression_level: '2' },
  },
};
/** FF_QP2LAMBDA: lambda units of one quantiser step. */
const LAMBDA_PER_QUANTISER = 118;

/** What encodes: the encoder that is named, else that of the codec. */
export function encoderOf({ codec = 'mpeg4', encoder = {} }: CodingOptions): Encoder {
  const known = ENCODERS[codec === 'auto' ? 'h264' : codec];
  if (encoder.name === undefined) return { ...known, pixelFormat: encoder.pixelFormat ?? known.pixelFormat };
  return { name: encoder.name, pixelFormat: encoder.pixelFormat ?? AV_PIX_FMT_YUV420P };
}

/** Frames larger than full HD. */
const LARGE_PIXELS = 1920 * 1088;
/** Encoders that refuse an odd side of halved chroma. */
const EVEN_ONLY = new Set(['libx264', 'libx265']);

/** The size that is encoded: an odd side becomes even where the encoder takes no other. */
export function encodedSize(size: { width: number; height: number }, { name, pixelFormat }: Encoder) {
  const format = avGetPixFmtName(pixelFormat) ?? '';
  const even = (side: number, halved: boolean) => (EVEN_ONLY.has(name) && halved ? side + (side & 1) : side);
  return {
    width: even(size.width, /42[0-2]|nv12/.test(format)),
    height: even(size.height, /420|nv12/.test(format)),
  };
}

/**
 * Opens an encoder.
 *
 * @param name what is being made, for errors
 * @param globalHeader whether the container keeps the codec's header apart from the frames
 */
export async function openEncoder(
  size: FrameSizeAndRate,
  options: CodingOptions,
  name: string,
  globalHeader: boolean,
): Promise<CodecContext> {
  // Encoders report to stderr by themselves.
  Log.setLevel(AV_LOG_QUIET);
  const { name: encoderName, pixelFormat, options: usual = {} } = encoderOf(options);
  const codec = Codec.findEncoderByName(encoderName as Parameters<typeof Codec.findEncoderByName>[0]);
  if (!codec) throw new InputError(`${name}: this build of FFmpeg has no encoder ${encoderName}`);
  const context = new CodecContext();
  context.allocContext3(codec);
  const { width, height } = size;
  context.width = width;
  context.height = height;
  const rate = rationalRate(size.frameRate);
  context.timeBase = new Rational(rate.den, rate.num);
  context.framerate = rate;
  context.gopSize = options.gop ?? 12;
  context.maxBFrames = 0;
  context.threadCount = 2;
  if (size.pixelAspect) context.sampleAspectRatio = new Rational(size.pixelAspect.num, size.pixelAspect.den);
  if (globalHeader) context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
  setPixelFormat(context, pixelFormat);
  for (const [key, value] of Object.entries(usual)) context.setOption(key, value);
  setQuality(context, encoderName, options.quality);
  if (encoderName === 'libx264' && width * height > LARGE_PIXELS) sparing(context);
  for (const [key, value] of Object.entries(options.encoder?.options ?? {})) context.setOption(key, value);
  if ((await context.open2(codec, null)) < 0) {
    context.freeContext();
    throw new InputError(
      `${name}: the ${encoderName} encoder does not take ${width}×${height} frames or its options`,
    );
  }
  return context;
}

/** x264 holds back ten frames to look ahead, which takes half a gigabyte at 3840 × 2160; files grow by a tenth without. */
function sparing(context: CodecContext): void {
  context.setOption('rc-lookahead', '0');
  context.setOption('x264-params', 'sync-lookahead=0:sliced-threads=1');
}

function setPixelFormat(context: CodecContext, format: AVPixelFormat): void {
  context.pixelFormat = format;
  if (!/^yuv\d/.test(avGetPixFmtName(format) ?? '')) return;
  // What swscale makes of RGB. Players would take untagged HD for BT.709 and show wrong colours.
  context.colorSpace = AVCOL_SPC_SMPTE170M;
  context.colorRange = AVCOL_RANGE_MPEG;
}

function setQuality(context: CodecContext, encoderName: string, quality: number | undefined): void {
  if (encoderName === 'mpeg4') {
    setQuantiser(context, quality);
    context.setOption('sc_threshold', '1000000000');
  } else if (encoderName === 'libx264') {
    context.setOption('crf', String(quality ?? 20));
    context.setOption('preset', 'veryfast');
    // x264's look ahead by macroblocks comes out differently from run to run (build 165, in its assembly on an AMD EPYC).
    context.setOption('mbtree', '0');
  } else if (encoderName === 'libvpx-vp9' && quality !== undefined) {
    context.setOption('crf', String(quality));
  }
}

/** A constant quantiser, 1 (finest) to 31; default 3. */
export function setQuantiser(context: CodecContext, quantiser = 3): void {
  context.setFlags(AV_CODEC_FLAG_QSCALE);
  context.globalQuality = quantiser * LAMBDA_PER_QUANTISER;
}

/** 23.976, 29.97 and 59.94 are multiples of 1000/1001; others are kept to a thousandth. */
export function rationalRate(rate: number): Rational {
  if (!(rate > 0 && rate <= 1000)) return new Rational(25, 1);
  if (Number.isInteger(rate)) return new Rational(rate, 1);
  const ntsc = Math.round(rate * 1.001);
  if (Math.abs((ntsc * 1000) / 1001 - rate) < 1e-3) return new Rational(ntsc * 1000, 1001);
  return new Rational(Math.max(1, Math.round(rate * 1000)), 1000);
}
