/**
 * Motion for codecs whose decoders hand out none (HEVC, VP8, VP9, AV1, intra-only ones): the decoded frames are
 * encoded to MPEG-4 Part 2 in memory and that stream's vectors taken. Against FFmpeg's `mestimate` filter this
 * knows intra blocks, so that what no vector explains stays marked, and it refers to the frame before only.
 */
import { AV_FRAME_DATA_MOTION_VECTORS, AV_PICTURE_TYPE_NONE, AV_PIX_FMT_YUV420P } from 'node-av/constants';
import { type CodecContext, Frame, Packet } from 'node-av/lib';
import { parseBlockMotion } from './block-motion.js';
import { type BlockMotion, NO_MOTION } from './frame.js';
import { FromPlanarRgb } from './planar-rgb.js';
import { openMpeg4Decoder, openMpeg4Encoder } from './recode-clip.js';

/** The longest GOP MPEG-4's encoder takes; its I-frames carry no vectors, so few is good. */
const LONGEST_GOP = 600;

export class MotionEstimator implements Disposable {
  private readonly encoder: CodecContext;
  private readonly decoder = openMpeg4Decoder();
  private readonly toYuv: FromPlanarRgb;
  private readonly packet = new Packet();
  private readonly decoded = new Frame();
  private count = 0n;

  constructor(width: number, height: number) {
    this.encoder = openMpeg4Encoder({ width, height, gop: LONGEST_GOP });
    this.toYuv = new FromPlanarRgb(width, height, AV_PIX_FMT_YUV420P);
    this.packet.alloc();
    this.decoded.alloc();
  }

  /** Vectors of the next frame (planar RGB) against the one given before. */
  async next(pixels: Uint8Array): Promise<BlockMotion> {
    const frame = this.toYuv.convert(pixels);
    frame.pts = this.count++;
    frame.pictType = AV_PICTURE_TYPE_NONE;
    frame.quality = this.encoder.globalQuality;
    if ((await this.encoder.sendFrame(frame)) < 0) return NO_MOTION;
    if ((await this.encoder.receivePacket(this.packet)) < 0) return NO_MOTION;
    const sent = await this.decoder.sendPacket(this.packet);
    this.packet.unref();
    if (sent < 0 || (await this.decoder.receiveFrame(this.decoded)) < 0) return NO_MOTION;
    const motion = parseBlockMotion(this.decoded.getSideData(AV_FRAME_DATA_MOTION_VECTORS));
    this.decoded.unref();
    return motion;
  }

  [Symbol.dispose](): void {
    this.encoder.freeContext();
    this.decoder.freeContext();
    this.toYuv[Symbol.dispose]();
    this.packet.free();
    this.decoded.free();
  }
}
