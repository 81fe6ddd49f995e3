/**
 * A short clip through the paper's codec and back, in memory: pixels in, decoded frames with the codec's own
 * motion out. This is how training clips get their vectors, residuals and coding errors.
 */

import { NO_MOTION, type VideoFrame } from '@twnet/core/frame';
import {
  AV_CODEC_FLAG2_EXPORT_MVS,
  AV_CODEC_ID_MPEG4,
  AV_FRAME_DATA_MOTION_VECTORS,
  AV_PICTURE_TYPE_I,
  AV_PIX_FMT_YUV420P,
} from 'node-av/constants';
import { Codec, CodecContext, Frame, Packet, Rational } from 'node-av/lib';
import { parseBlockMotion } from './block-motion.js';
import { setQuantiser } from './encoder.js';
import { FromPlanarRgb, ToPlanarRgb } from './planar-rgb.js';

export interface RecodeOptions {
  readonly width: number;
  readonly height: number;
  /** Frames from one I-frame to the next; default 12. */
  readonly gop?: number;
  /** MPEG-4's quantiser scale, 1 (finest) to 31; default 3. */
  readonly quality?: number;
}

/** Encodes frames (planar 8-bit RGB) as MPEG-4 Part 2 without B-frames and decodes them again. Even sizes only. */
export function recodeClip(frames: readonly Uint8Array[], options: RecodeOptions): VideoFrame[] {
  const { width, height } = options;
  using decoder = openMpeg4Decoder();
  using decoded = new Frame();
  using toRgb = new ToPlanarRgb(width, height);
  decoded.alloc();
  const result: VideoFrame[] = [];

  const receive = (): void => {
    while (decoder.receiveFrameSync(decoded) >= 0) {
      const isKey = decoded.pictType === AV_PICTURE_TYPE_I;
      result.push({
        index: result.length,
        timestamp: result.length,
        pictureType: isKey ? 'I' : 'P',
        width,
        height,
        pixels: toRgb.convertSync(decoded),
        motion: isKey ? NO_MOTION : parseBlockMotion(decoded.getSideData(AV_FRAME_DATA_MOTION_VECTORS)),
        discontinuity: result.length === 0,
      });
      decoded.unref();
    }
  };
  encode(frames, options, (packet) => {
    check(decoder.sendPacketSync(packet), 'decode a clip');
    receive();
  });
  decoder.sendPacketSync(null);
  receive();
  return result;
}

/** The same encoded alone: the bytes of a raw stream, without a container, which `openVideo` reads. */
export function encodeClip(frames: readonly Uint8Array[], options: RecodeOptions): Uint8Array {
  const chunks: Buffer[] = [];
  encode(frames, options, ({ data }) => chunks.push(Buffer.from(data!)));
  return Buffer.concat(chunks);
}

/** @param onPacket each packet, whose bytes last until it returns */
function encode(
  frames: readonly Uint8Array[],
  options: RecodeOptions,
  onPacket: (packet: Packet) => void,
): void {
  using encoder = openMpeg4Encoder(options);
  using toYuv = new FromPlanarRgb(options.width, options.height, AV_PIX_FMT_YUV420P);
  using packet = new Packet();
  packet.alloc();
  const drain = (): void => {
    while (encoder.receivePacketSync(packet) >= 0) {
      onPacket(packet);
      packet.unref();
    }
  };
  for (const [index, pixels] of frames.entries()) {
    const frame = toYuv.convertSync(pixels);
    frame.pts = BigInt(index);
    frame.quality = encoder.globalQuality;
    check(encoder.sendFrameSync(frame), `encode frame ${index} of a clip`);
    drain();
  }
  encoder.sendFrameSync(null);
  drain();
}

/** The paper's encoder: MPEG-4 Part 2 Simple Profile, constant quantiser, one I-frame a GOP. */
export function openMpeg4Encoder({ width, height, gop = 12, quality }: RecodeOptions): CodecContext {
  const codec = Codec.findEncoder(AV_CODEC_ID_MPEG4);
  const context = new CodecContext();
  context.allocContext3(codec);
  context.width = width;
  context.height = height;
  context.pixelFormat = AV_PIX_FMT_YUV420P;
  context.timeBase = new Rational(1, 15);
  context.framerate = new Rational(15, 1);
  context.gopSize = gop;
  context.maxBFrames = 0;
  context.threadCount = 1;
  setQuantiser(context, quality);
  // Made clips hold no scene cuts: I-frames come by the GOP alone.
  context.setOption('sc_threshold', '1000000000');
  check(context.open2Sync(codec, null), 'open the MPEG-4 encoder');
  return context;
}

/** An MPEG-4 decoder that gives the vectors. */
export function openMpeg4Decoder(): CodecContext {
  const codec = Codec.findDecoder(AV_CODEC_ID_MPEG4);
  const context = new CodecContext();
  context.allocContext3(codec);
  context.threadCount = 1;
  context.setFlags2(AV_CODEC_FLAG2_EXPORT_MVS);
  check(context.open2Sync(codec, null), 'open the MPEG-4 decoder');
  return context;
}

function check(result: number, task: string): void {
  if (result < 0) throw new Error(`FFmpeg could not ${task} (code ${result})`);
}
