/**
 * A short clip through a codec and back, in memory: pixels in, decoded frames with the codec's own motion out. This is
 * how training clips get their vectors, residuals and coding errors.
 */

import { NO_MOTION, type VideoFrame } from '@twnet/core/frame';
import { AV_FRAME_DATA_MOTION_VECTORS, AV_PICTURE_TYPE_I, AV_PIX_FMT_YUV420P } from 'node-av/constants';
import { Frame, Packet } from 'node-av/lib';
import { parseBlockMotion } from './block-motion.js';
import { type ClipCoding, openClipDecoder, openClipEncoder } from './clip-codecs.js';
import { FromPlanarRgb, ToPlanarRgb } from './planar-rgb.js';

export interface RecodeOptions extends ClipCoding {
  readonly width: number;
  readonly height: number;
}

/** What is encoded: codecs halve the chroma, so an odd side repeats its last row or column. */
const evenSize = ({ width, height }: RecodeOptions) => ({
  width: width + (width & 1),
  height: height + (height & 1),
});

/**
 * Encodes frames (planar 8-bit RGB) without B-frames and decodes them again. HEVC's decoder gives no vectors: its
 * P-frames come without motion.
 *
 * @throws RangeError for HEVC of sides under 64 pixels, which its encoder does not take
 */
export function recodeClip(frames: readonly Uint8Array[], options: RecodeOptions): VideoFrame[] {
  const { width, height } = options;
  const result: VideoFrame[] = [];
  recode(frames, options, (decoded, pixels) => {
    const isKey = decoded.pictType === AV_PICTURE_TYPE_I;
    result.push({
      index: result.length,
      timestamp: result.length,
      pictureType: isKey ? 'I' : 'P',
      width,
      height,
      pixels: pixels(),
      motion: isKey ? NO_MOTION : parseBlockMotion(decoded.getSideData(AV_FRAME_DATA_MOTION_VECTORS)),
      discontinuity: result.length === 0,
    });
  });
  return result;
}

/** The last of the frames as it comes back, pixels alone. */
export function recodedLast(frames: readonly Uint8Array[], options: RecodeOptions): Uint8Array {
  let count = 0;
  let last: Uint8Array = new Uint8Array(0);
  recode(frames, options, (_, pixels) => {
    if (++count === frames.length) last = pixels();
  });
  return last;
}

/** @param onFrame each decoded frame, which lasts until it returns, and its pixels */
function recode(
  frames: readonly Uint8Array[],
  options: RecodeOptions,
  onFrame: (decoded: Frame, pixels: () => Uint8Array) => void,
): void {
  const coded = evenSize(options);
  using decoder = openClipDecoder(options);
  using decoded = new Frame();
  using toRgb = new ToPlanarRgb(coded.width, coded.height);
  decoded.alloc();
  const receive = (): void => {
    while (decoder.receiveFrameSync(decoded) >= 0) {
      onFrame(decoded, () => cropped(toRgb.convertSync(decoded), coded, options));
      decoded.unref();
    }
  };
  encode(frames, options, (packet) => {
    check(decoder.sendPacketSync(packet), 'decode a clip');
    receive();
  });
  decoder.sendPacketSync(null);
  receive();
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
  const { width, height, codec = 'mpeg4' } = options;
  const coded = evenSize(options);
  using encoder = openClipEncoder(coded, options);
  using toYuv = new FromPlanarRgb(width, height, AV_PIX_FMT_YUV420P, undefined, coded);
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
    if (codec === 'mpeg4') frame.quality = encoder.globalQuality;
    check(encoder.sendFrameSync(frame), `encode frame ${index} of a clip`);
    drain();
  }
  encoder.sendFrameSync(null);
  drain();
}

/** The left upper part of a picture. */
function cropped(
  pixels: Uint8Array,
  from: { readonly width: number; readonly height: number },
  { width, height }: RecodeOptions,
): Uint8Array {
  if (from.width === width && from.height === height) return pixels;
  const result = new Uint8Array(3 * width * height);
  for (let plane = 0, at = 0; plane < 3; plane++)
    for (let y = 0; y < height; y++, at += width) {
      const start = (plane * from.height + y) * from.width;
      result.set(pixels.subarray(start, start + width), at);
    }
  return result;
}

function check(result: number, task: string): void {
  if (result < 0) throw new Error(`FFmpeg could not ${task} (code ${result})`);
}
