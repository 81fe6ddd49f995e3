/**
 * Motion for codecs whose decoders hand out none (HEVC, VP8, VP9, AV1, intra-only ones), and for pictures made of
 * fields: blocks of the decoded pictures are matched.
 */

import { type BlockMotion, NO_MOTION } from '@twnet/core/frame';
import { BlockMatcher } from '@twnet/core/motion/block-matching';
import {
  AV_PIX_FMT_GRAY8,
  AV_PIX_FMT_NV12,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV422P,
  AV_PIX_FMT_YUV444P,
  AV_PIX_FMT_YUVA420P,
  AV_PIX_FMT_YUVJ420P,
  AV_PIX_FMT_YUVJ422P,
  AV_PIX_FMT_YUVJ444P,
} from 'node-av/constants';
import type { Frame } from 'node-av/lib';
import '../kernels/provide.js';
import { allocateFrame, FormatConverter } from './format-converter.js';

/** Formats whose first plane is 8-bit luma. */
const WITH_LUMA: ReadonlySet<number> = new Set([
  AV_PIX_FMT_GRAY8,
  AV_PIX_FMT_NV12,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV422P,
  AV_PIX_FMT_YUV444P,
  AV_PIX_FMT_YUVA420P,
  AV_PIX_FMT_YUVJ420P,
  AV_PIX_FMT_YUVJ422P,
  AV_PIX_FMT_YUVJ444P,
]);

/** Takes decoded frames of one size, in the order of display; holds native memory, so close it. */
export class MotionEstimator implements Disposable {
  private readonly matcher: BlockMatcher;
  /** Holds the luma of frames that have it as a plane; the same frame every time, as a view is made of it once. */
  private readonly held: Frame;
  private readonly plane: Uint8Array;
  /** For frames that have not. */
  private toLuma: FormatConverter | undefined;

  /**
   * @param width of the frames, pixels, at least 16; so is `height`
   * @param name of the video, for errors
   */
  constructor(
    private readonly width: number,
    private readonly height: number,
    private readonly name?: string,
  ) {
    this.matcher = new BlockMatcher(width, height);
    this.held = allocateFrame({ width, height, format: AV_PIX_FMT_GRAY8 });
    this.plane = this.held.data![0];
  }

  /**
   * Vectors of the next frame against the one given before.
   *
   * @param wanted false: nobody will ask for this frame's vectors, only for the next one's, which depend on no frame before
   *   this one: groups of pictures give the same motion wherever reading begins
   */
  async next(frame: Frame, wanted = true): Promise<BlockMotion> {
    await this.holdLuma(frame);
    this.matcher.takeLuma(this.plane, this.held.linesize[0]);
    if (wanted) return this.matcher.motion();
    this.matcher.forget();
    return NO_MOTION;
  }

  [Symbol.dispose](): void {
    this.held.free();
    this.toLuma?.[Symbol.dispose]();
  }

  private async holdLuma(frame: Frame): Promise<void> {
    const { width, height } = this;
    const fits = frame.width === width && frame.height === height;
    if (!fits || !WITH_LUMA.has(frame.format)) {
      this.toLuma ??= new FormatConverter({ width, height, format: AV_PIX_FMT_GRAY8 }, this.name);
      this.copy(await this.toLuma.convert(frame));
      return;
    }
    // Taken for grey, a frame's first plane is all of it.
    using luma = frame.clone()!;
    luma.format = AV_PIX_FMT_GRAY8;
    this.copy(luma);
  }

  private copy(luma: Frame): void {
    const result = this.held.copy(luma);
    if (result < 0) throw new Error(`FFmpeg could not copy a plane (code ${result})`);
  }
}
