/** Encoders and decoders of short clips in memory: one thread each, so that the same pictures give the same bytes. */
import {
  AV_CODEC_FLAG2_EXPORT_MVS,
  AV_CODEC_ID_H264,
  AV_CODEC_ID_HEVC,
  AV_CODEC_ID_MPEG4,
  AV_LOG_QUIET,
  AV_PIX_FMT_YUV420P,
  type AVCodecID,
} from 'node-av/constants';
import { Codec, CodecContext, Log, Rational } from 'node-av/lib';
import { setQuantiser } from './encoder.js';

export const CLIP_CODECS = ['mpeg4', 'h264', 'hevc'] as const;
export type ClipCodec = (typeof CLIP_CODECS)[number];

/** How a clip is coded. */
export interface ClipCoding {
  /** Default 'mpeg4', the paper's: Part 2 Simple Profile. None has B-frames. */
  readonly codec?: ClipCodec;
  /** Frames from one I-frame to the next; default 12. */
  readonly gop?: number;
  /** mpeg4: quantiser scale 1 (finest) to 31, default 3; h264: CRF 0 to 51, default 20; hevc: likewise, default 24. */
  readonly quality?: number;
  /** How much time h264 and hevc take to spare bits; default 'veryfast'. */
  readonly preset?: 'ultrafast' | 'superfast' | 'veryfast';
}

const IDS: Readonly<Record<ClipCodec, AVCodecID>> = {
  mpeg4: AV_CODEC_ID_MPEG4,
  h264: AV_CODEC_ID_H264,
  hevc: AV_CODEC_ID_HEVC,
};

const ENCODERS = { mpeg4: 'mpeg4', h264: 'libx264', hevc: 'libx265' } as const;

/** x265 corrupts memory under one coding tree unit. */
const SMALLEST_HEVC_SIDE = 64;

/** Whether a codec takes pictures of a size. */
export function fitsCodec(codec: ClipCodec, width: number, height: number): boolean {
  return codec !== 'hevc' || Math.min(width, height) >= SMALLEST_HEVC_SIDE;
}

/**
 * @param size even sides
 * @throws RangeError for a size that the codec does not take
 */
export function openClipEncoder(
  { width, height }: { readonly width: number; readonly height: number },
  { codec = 'mpeg4', gop = 12, quality, preset = 'veryfast' }: ClipCoding,
): CodecContext {
  if (!fitsCodec(codec, width, height))
    throw new RangeError(
      `${codec} takes no pictures under ${SMALLEST_HEVC_SIDE} pixels, not ${width}×${height}`,
    );
  const encoder = Codec.findEncoderByName(ENCODERS[codec] as Parameters<typeof Codec.findEncoderByName>[0]);
  const context = new CodecContext();
  context.allocContext3(encoder);
  context.width = width;
  context.height = height;
  context.pixelFormat = AV_PIX_FMT_YUV420P;
  context.timeBase = new Rational(1, 15);
  context.framerate = new Rational(15, 1);
  context.gopSize = gop;
  context.maxBFrames = 0;
  context.threadCount = 1;
  if (codec === 'mpeg4') {
    setQuantiser(context, quality);
    // Made clips hold no scene cuts: I-frames come by the GOP alone.
    context.setOption('sc_threshold', '1000000000');
  } else {
    // These encoders report to stderr by themselves.
    Log.setLevel(AV_LOG_QUIET);
    context.setOption('preset', preset);
    context.setOption('crf', String(quality ?? (codec === 'h264' ? 20 : 24)));
    if (codec === 'h264') context.setOption('x264-params', 'scenecut=0:ref=1');
    else
      context.setOption('x265-params', 'scenecut=0:pools=none:frame-threads=1:rc-lookahead=1:log-level=none');
  }
  if (context.open2Sync(encoder, null) < 0) {
    context.freeContext();
    throw new Error(`FFmpeg could not open the ${codec} encoder for ${width}×${height}`);
  }
  return context;
}

/** A decoder that gives the vectors, of codecs whose decoder has them (hevc's has none). */
export function openClipDecoder({ codec = 'mpeg4' }: Pick<ClipCoding, 'codec'>): CodecContext {
  const decoder = Codec.findDecoder(IDS[codec]);
  const context = new CodecContext();
  context.allocContext3(decoder);
  context.threadCount = 1;
  context.setFlags2(AV_CODEC_FLAG2_EXPORT_MVS);
  if (context.open2Sync(decoder, null) < 0) throw new Error(`FFmpeg could not open the ${codec} decoder`);
  return context;
}
