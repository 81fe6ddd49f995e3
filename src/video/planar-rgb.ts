/** Moves pixels between FFmpeg's frames and tightly packed planar RGB, by swscale and row copies. */
import { AV_PIX_FMT_GBRP, type AVPixelFormat } from 'node-av/constants';
import { Frame, SoftwareScaleContext } from 'node-av/lib';
import { dropTags, dropUnknownTags } from './colour-tags.js';

/** FFmpeg stores the planes of gbrp as G, B, R; ours are R, G, B. */
const PLANE_OF = [2, 0, 1];

/** Full chroma interpolation: labels follow edges, and the cheap chroma path smears them. */
const SCALE_FLAGS = 'bicubic+accurate_rnd+full_chroma_int+full_chroma_inp';

/** Size and pixel format of a frame. */
export interface FrameFormat {
  readonly width: number;
  readonly height: number;
  readonly format: AVPixelFormat;
}

/**
 * Converts frames of any size, format, colour matrix and range to one format; holds native memory, so close it.
 *
 * The context is left uninitialised: swscale then sets itself up by each frame's own properties, colour matrix
 * and range included. (`sws_getContext` would take every source for BT.601, limited range.)
 */
export class FormatConverter implements Disposable {
  private readonly scaler = new SoftwareScaleContext();
  private readonly target: Frame;

  constructor(target: FrameFormat) {
    this.scaler.allocContext();
    this.scaler.setOption('sws_flags', SCALE_FLAGS);
    this.target = allocateFrame(target);
  }

  /** The frame returned is reused by the next call. */
  convertSync(source: Frame): Frame {
    this.target.makeWritable();
    dropUnknownTags(source);
    let result = this.scaler.scaleFrameSync(this.target, source);
    if (result < 0) result = this.scaler.scaleFrameSync(this.target, dropTags(source));
    return this.checked(result);
  }

  /** The same on a thread of libuv's pool. */
  async convert(source: Frame): Promise<Frame> {
    this.target.makeWritable();
    dropUnknownTags(source);
    let result = await this.scaler.scaleFrame(this.target, source);
    if (result < 0) result = await this.scaler.scaleFrame(this.target, dropTags(source));
    return this.checked(result);
  }

  [Symbol.dispose](): void {
    this.scaler.freeContext();
    this.target.free();
  }

  private checked(result: number): Frame {
    if (result < 0) throw new Error(`swscale failed with code ${result}`);
    return this.target;
  }
}

export function allocateFrame({ width, height, format }: FrameFormat): Frame {
  const frame = new Frame();
  frame.alloc();
  frame.format = format;
  frame.width = width;
  frame.height = height;
  if (frame.getBuffer(0) < 0) {
    frame.free();
    throw new Error(`no memory for a frame of ${width}×${height}`);
  }
  return frame;
}

/** Decoded frames → planar RGB of one size; a source of another size is scaled. */
export class ToPlanarRgb implements Disposable {
  private readonly converter: FormatConverter;
  private readonly spare: Uint8Array[] = [];
  /** Arrays made: as many as frames are on their way at a time, if all come back. */
  private made = 0;
  /** Planes of the converter's one frame: views made anew for every frame would be garbage of megabytes, too. */
  private planes: readonly Uint8Array[] | undefined;

  constructor(
    private readonly width: number,
    private readonly height: number,
  ) {
    this.converter = new FormatConverter({ width, height, format: AV_PIX_FMT_GBRP });
  }

  /** `3 × height × width` bytes: R, G, B planes. */
  async convert(frame: Frame): Promise<Uint8Array> {
    return this.pack(await this.converter.convert(frame));
  }

  convertSync(frame: Frame): Uint8Array {
    return this.pack(this.converter.convertSync(frame));
  }

  /** Takes back an array that nobody looks at any more: garbage of megabytes a frame is costly to collect. */
  recycle(pixels: Uint8Array): void {
    const { width, height, spare } = this;
    // Given back twice, it must not become two frames.
    const wanted = pixels.length === 3 * width * height && !spare.includes(pixels);
    if (wanted && spare.length < this.made) spare.push(pixels);
  }

  [Symbol.dispose](): void {
    this.planes = undefined;
    this.converter[Symbol.dispose]();
  }

  private make(): Uint8Array {
    this.made++;
    return new Uint8Array(3 * this.width * this.height);
  }

  private pack(frame: Frame): Uint8Array {
    const { width, height } = this;
    const { linesize } = frame;
    this.planes ??= frame.data!;
    const pixels = this.spare.pop() ?? this.make();
    for (let plane = 0; plane < 3; plane++) {
      const source = this.planes[PLANE_OF[plane]];
      const stride = linesize[PLANE_OF[plane]];
      const start = plane * width * height;
      if (stride === width) pixels.set(source.subarray(0, width * height), start);
      else
        for (let y = 0; y < height; y++)
          pixels.set(source.subarray(y * stride, y * stride + width), start + y * width);
    }
    return pixels;
  }
}

/** Planar RGB → frames in an encoder's format, scaled to `target` if that is another size. The frame returned is reused by the next call. */
export class FromPlanarRgb implements Disposable {
  private readonly converter: FormatConverter;
  private readonly source: Frame;

  constructor(
    private readonly width: number,
    private readonly height: number,
    format: AVPixelFormat,
    target: { readonly width: number; readonly height: number } = { width, height },
  ) {
    this.source = allocateFrame({ width, height, format: AV_PIX_FMT_GBRP });
    this.converter = new FormatConverter({ width: target.width, height: target.height, format });
  }

  async convert(pixels: Uint8Array): Promise<Frame> {
    this.fill(pixels);
    return this.converter.convert(this.source);
  }

  convertSync(pixels: Uint8Array): Frame {
    this.fill(pixels);
    return this.converter.convertSync(this.source);
  }

  [Symbol.dispose](): void {
    this.converter[Symbol.dispose]();
    this.source.free();
  }

  private fill(pixels: Uint8Array): void {
    const { width, height } = this;
    if (pixels.length !== 3 * width * height) {
      throw new RangeError(`${pixels.length} bytes are no planar RGB picture of ${width}×${height}`);
    }
    this.source.makeWritable();
    const { data, linesize } = this.source;
    for (let plane = 0; plane < 3; plane++) {
      const target = data![PLANE_OF[plane]];
      const stride = linesize[PLANE_OF[plane]];
      const start = plane * width * height;
      if (stride === width) target.set(pixels.subarray(start, start + width * height));
      else
        for (let y = 0; y < height; y++)
          target.set(pixels.subarray(start + y * width, start + (y + 1) * width), y * stride);
    }
  }
}
