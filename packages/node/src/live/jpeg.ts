import { AV_PIX_FMT_YUVJ420P } from 'node-av/constants';
import { type CodecContext, Packet } from 'node-av/lib';
import { openEncoder } from '../video/encoder.js';
import { FromPlanarRgb } from '../video/planar-rgb.js';
import type { Size } from '../video/scaling.js';

/** Pixels of the longer side, at most: for looking at. */
const LONGEST = 960;
/** Of the mjpeg encoder, 2 (finest) to 31, in FFmpeg's units. */
const QUALITY = 5 * 118;

/** Planar RGB as JPEGs; holds native memory. One at a time. */
export class JpegEncoder implements Disposable {
  private count = 0;

  private constructor(
    private readonly encoder: CodecContext,
    private readonly converter: FromPlanarRgb,
  ) {}

  static async open(from: Size): Promise<JpegEncoder> {
    const factor = Math.min(1, LONGEST / Math.max(from.width, from.height));
    const even = (side: number) => Math.max(2, 2 * Math.round((side * factor) / 2));
    const size = { width: even(from.width), height: even(from.height) };
    // Threads would hold pictures back.
    const options = { threads: '1', flags: '+qscale', global_quality: String(QUALITY) };
    const coding = { gop: 1, encoder: { name: 'mjpeg', pixelFormat: AV_PIX_FMT_YUVJ420P, options } };
    const encoder = await openEncoder({ ...size, frameRate: 25 }, coding, 'JPEG', false);
    return new JpegEncoder(encoder, new FromPlanarRgb(from.width, from.height, AV_PIX_FMT_YUVJ420P, size));
  }

  async encode(pixels: Uint8Array): Promise<Buffer> {
    using frame = (await this.converter.convert(pixels)).clone()!;
    frame.pts = BigInt(this.count++);
    frame.quality = QUALITY;
    await this.encoder.sendFrame(frame);
    using packet = new Packet();
    packet.alloc();
    if ((await this.encoder.receivePacket(packet)) < 0)
      throw new Error('a picture cannot be encoded as JPEG');
    return Buffer.from(packet.data!);
  }

  [Symbol.dispose](): void {
    this.encoder.freeContext();
    this.converter[Symbol.dispose]();
  }
}
