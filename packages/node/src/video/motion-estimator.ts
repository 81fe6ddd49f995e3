/**
 * Motion for codecs whose decoders hand out none (HEVC, VP8, VP9, AV1, intra-only ones): the decoded frames are
 * encoded to MPEG-4 Part 2 in memory and that stream's vectors taken.
 *
 * Against FFmpeg's `mestimate` filter, which gives the same side data: this knows intra blocks, so that what no
 * vector explains stays marked; its vectors are the cheapest to code and so smoother; it holds no frame back; and
 * it is faster: 6.5 ms a frame against 17 at 2048×1024, 2.1 against 4.4 at 960×540 (epzs, 2 busy cores).
 */

import { type BlockMotion, NO_MOTION } from '@twnet/core/frame';
import {
  AV_FRAME_DATA_MOTION_VECTORS,
  AV_PICTURE_TYPE_I,
  AV_PICTURE_TYPE_NONE,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUVJ420P,
} from 'node-av/constants';
import { type CodecContext, Frame, Packet } from 'node-av/lib';
import { parseBlockMotion } from './block-motion.js';
import { FormatConverter } from './format-converter.js';
import { FromPlanarRgb } from './planar-rgb.js';
import { openMpeg4Decoder, openMpeg4Encoder } from './recode-clip.js';

/** The longest GOP MPEG-4's encoder takes; its I-frames carry no vectors, so few is good. */
const LONGEST_GOP = 600;

export class MotionEstimator implements Disposable {
  private readonly encoder: CodecContext;
  private readonly decoder = openMpeg4Decoder();
  private fromRgb: FromPlanarRgb | undefined;
  private toYuv: FormatConverter | undefined;
  private readonly packet = new Packet();
  private readonly decoded = new Frame();
  private count = 0n;

  /**
   * @param width even, as MPEG-4's chroma asks; so is `height`
   * @param name of the video, for errors
   */
  constructor(
    private readonly width: number,
    private readonly height: number,
    private readonly name?: string,
  ) {
    this.encoder = openMpeg4Encoder({ width, height, gop: LONGEST_GOP });
    this.packet.alloc();
    this.decoded.alloc();
  }

  /** Vectors of the next frame (planar RGB) against the one given before. */
  async next(pixels: Uint8Array): Promise<BlockMotion> {
    const { width, height } = this;
    this.fromRgb ??= new FromPlanarRgb(width, height, AV_PIX_FMT_YUV420P);
    return this.estimate(await this.fromRgb.convert(pixels), false);
  }

  /**
   * The same from a decoded frame, without the way over RGB; an odd last row or column is left out.
   *
   * @param restart nobody will ask for this frame's vectors: the estimator's own I-frame may fall here
   */
  async nextFrame(source: Frame, restart: boolean): Promise<BlockMotion> {
    const { width, height } = this;
    const fits = (source.width & ~1) === width && (source.height & ~1) === height;
    const isYuv = source.format === AV_PIX_FMT_YUV420P || source.format === AV_PIX_FMT_YUVJ420P;
    if (!fits || !isYuv) {
      this.toYuv ??= new FormatConverter(
        {
          width: fits ? source.width : width,
          height: fits ? source.height : height,
          format: AV_PIX_FMT_YUV420P,
        },
        this.name,
      );
    }
    using frame = fits && isYuv ? source.clone()! : (await this.toYuv!.convert(source)).clone()!;
    frame.width = width;
    frame.height = height;
    return await this.estimate(frame, restart);
  }

  [Symbol.dispose](): void {
    this.encoder.freeContext();
    this.decoder.freeContext();
    this.fromRgb?.[Symbol.dispose]();
    this.toYuv?.[Symbol.dispose]();
    this.packet.free();
    this.decoded.free();
  }

  private async estimate(frame: Frame, restart: boolean): Promise<BlockMotion> {
    frame.pts = this.count++;
    frame.pictType = restart ? AV_PICTURE_TYPE_I : AV_PICTURE_TYPE_NONE;
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
}
