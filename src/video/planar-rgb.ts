/** Moves pixels between FFmpeg's frames and tightly packed planar RGB, by swscale and row copies. */

import {
  AV_PIX_FMT_GBRP,
  type AVPixelFormat,
  SWS_ACCURATE_RND,
  SWS_BICUBIC,
  SWS_FULL_CHR_H_INP,
  SWS_FULL_CHR_H_INT,
  type SwsFlags,
} from 'node-av/constants';
import { Frame, SoftwareScaleContext } from 'node-av/lib';

/** FFmpeg stores the planes of gbrp as G, B, R; ours are R, G, B. */
const PLANE_OF = [2, 0, 1];

/** Full chroma interpolation: labels follow edges, and the cheap chroma path smears them. */
const SCALE_FLAGS = (SWS_BICUBIC | SWS_ACCURATE_RND | SWS_FULL_CHR_H_INT | SWS_FULL_CHR_H_INP) as SwsFlags;

/** Size and pixel format of a frame. */
export interface FrameFormat {
  readonly width: number;
  readonly height: number;
  readonly format: AVPixelFormat;
}

/** Converts frames of one size and format to another; holds native memory, so close it. */
class FormatConverter implements Disposable {
  private readonly scaler = new SoftwareScaleContext();
  readonly target: Frame;

  constructor(from: FrameFormat, to: FrameFormat) {
    this.scaler.getContext(from.width, from.height, from.format, to.width, to.height, to.format, SCALE_FLAGS);
    this.target = allocatedFrame(to);
  }

  convert(source: Frame): Frame {
    this.target.makeWritable();
    const result = this.scaler.scaleFrameSync(this.target, source);
    if (result < 0) throw new Error(`swscale failed with code ${result}`);
    return this.target;
  }

  [Symbol.dispose](): void {
    this.scaler.freeContext();
    this.target.free();
  }
}

function allocatedFrame({ width, height, format }: FrameFormat): Frame {
  const frame = new Frame();
  frame.alloc();
  frame.format = format;
  frame.width = width;
  frame.height = height;
  frame.getBuffer(0);
  return frame;
}

/** Decoded frames → planar RGB; a source of another size is scaled. */
export class ToPlanarRgb implements Disposable {
  private readonly converter: FormatConverter;

  constructor(
    readonly source: FrameFormat,
    private readonly width = source.width,
    private readonly height = source.height,
  ) {
    this.converter = new FormatConverter(source, { width, height, format: AV_PIX_FMT_GBRP });
  }

  /** `3 × height × width` bytes: R, G, B planes. */
  convert(frame: Frame): Uint8Array {
    const { width, height } = this;
    const { data, linesize } = this.converter.convert(frame);
    const pixels = new Uint8Array(3 * width * height);
    for (let plane = 0; plane < 3; plane++) {
      const source = data![PLANE_OF[plane]];
      const stride = linesize[PLANE_OF[plane]];
      const start = plane * width * height;
      if (stride === width) pixels.set(source.subarray(0, width * height), start);
      else
        for (let y = 0; y < height; y++)
          pixels.set(source.subarray(y * stride, y * stride + width), start + y * width);
    }
    return pixels;
  }

  [Symbol.dispose](): void {
    this.converter[Symbol.dispose]();
  }
}

/** Planar RGB → frames in an encoder's format. The frame returned is reused by the next call. */
export class FromPlanarRgb implements Disposable {
  private readonly converter: FormatConverter;
  private readonly source: Frame;

  constructor(
    private readonly width: number,
    private readonly height: number,
    format: AVPixelFormat,
  ) {
    const source = { width, height, format: AV_PIX_FMT_GBRP };
    this.converter = new FormatConverter(source, { width, height, format });
    this.source = allocatedFrame(source);
  }

  convert(pixels: Uint8Array): Frame {
    const { width, height } = this;
    this.source.makeWritable();
    const { data, linesize } = this.source;
    for (let plane = 0; plane < 3; plane++) {
      const target = data![PLANE_OF[plane]];
      const stride = linesize[PLANE_OF[plane]];
      const start = plane * width * height;
      for (let y = 0; y < height; y++) {
        target.set(pixels.subarray(start + y * width, start + (y + 1) * width), y * stride);
      }
    }
    return this.converter.convert(this.source);
  }

  [Symbol.dispose](): void {
    this.converter[Symbol.dispose]();
    this.source.free();
  }
}
