/** Moves pixels between FFmpeg's frames and tightly packed planar RGB, by swscale and row copies. */
import { AV_PIX_FMT_GBRP, type AVPixelFormat } from 'node-av/constants';
import type { Frame } from 'node-av/lib';
import { FilterChain } from './filter-chain.js';
import { allocateFrame, FormatConverter } from './format-converter.js';
import { filtersFor, isUpright, type Orientation } from './orientation.js';
import type { Scaler, Size } from './scaling.js';

/** FFmpeg stores the planes of gbrp as G, B, R; ours are R, G, B. */
const PLANE_OF = [2, 0, 1];

const AT_THE_CORNER = { left: 0, top: 0 };

/** Where a picture goes that does not fill its frame as it is; see `Placement`. */
export interface TargetPlace {
  readonly orientation: Orientation;
  readonly frame: Size;
  readonly left: number;
  readonly top: number;
}

/** Decoded frames → planar RGB of one size; a source of another size is scaled. */
export class ToPlanarRgb implements Disposable {
  private readonly converter: FormatConverter;
  private readonly spare: Uint8Array[] = [];
  /** Arrays made: as many as frames are on their way at a time, if all come back. */
  private made = 0;
  /** Planes of the converter's one frame: views made anew for every frame would be garbage of megabytes, too. */
  private planes: readonly Uint8Array[] | undefined;
  /** Size of the arrays' pictures. */
  private readonly frame: Size;
  private turner: FilterChain<undefined> | undefined;
  private turned: Frame | undefined;

  /**
   * @param width that pictures are scaled to; `height` likewise
   * @param place where they go then, turned; by default they are the frame
   * @param name of their source, for errors
   * @param scaler for pictures of another size
   */
  constructor(
    width: number,
    height: number,
    private readonly place?: TargetPlace,
    name?: string,
    scaler?: Scaler,
  ) {
    this.frame = place?.frame ?? { width, height };
    this.converter = new FormatConverter({ width, height, format: AV_PIX_FMT_GBRP }, name, scaler);
  }

  /** `3 × height × width` bytes: R, G, B planes. */
  async convert(frame: Frame): Promise<Uint8Array> {
    const converted = await this.converter.convert(frame);
    const { place } = this;
    if (!place || isUpright(place.orientation)) return this.pack(converted);
    this.turner ??= new FilterChain(filtersFor(place.orientation), converted);
    await this.turner.push(converted, undefined);
    const { frame: turned } = (await this.turner.take())!;
    this.turned ??= allocateFrame({ width: turned.width, height: turned.height, format: AV_PIX_FMT_GBRP });
    this.turned.copy(turned);
    return this.pack(this.turned);
  }

  /** The same at once, of pictures that are not turned. */
  convertSync(frame: Frame): Uint8Array {
    return this.pack(this.converter.convertSync(frame));
  }

  /** Takes back an array that nobody looks at any more: garbage of megabytes a frame is costly to collect. */
  recycle(pixels: Uint8Array): void {
    const { frame, spare } = this;
    // Given back twice, it must not become two frames.
    const wanted = pixels.length === 3 * frame.width * frame.height && !spare.includes(pixels);
    if (wanted && spare.length < this.made) spare.push(pixels);
  }

  [Symbol.dispose](): void {
    this.planes = undefined;
    this.turner?.[Symbol.dispose]();
    this.turned?.free();
    this.converter[Symbol.dispose]();
  }

  private make(): Uint8Array {
    this.made++;
    return new Uint8Array(3 * this.frame.width * this.frame.height);
  }

  /** @param picture the same frame every time */
  private pack(picture: Frame): Uint8Array {
    const { width, height, linesize } = picture;
    const { frame, place = AT_THE_CORNER } = this;
    this.planes ??= picture.data!;
    const pixels = this.spare.pop() ?? this.make();
    // An array that comes back has another picture's margins.
    if (width !== frame.width || height !== frame.height) pixels.fill(0);
    for (let plane = 0; plane < 3; plane++) {
      const source = this.planes[PLANE_OF[plane]];
      const stride = linesize[PLANE_OF[plane]];
      const start = (plane * frame.height + place.top) * frame.width + place.left;
      if (stride === width && width === frame.width) pixels.set(source.subarray(0, width * height), start);
      else
        for (let y = 0; y < height; y++)
          pixels.set(source.subarray(y * stride, y * stride + width), start + y * frame.width);
    }
    return pixels;
  }
}

/**
 * Planar RGB → frames in an encoder's format, scaled to `target` if that is another size. The frame returned is reused
 * by the next call.
 */
export class FromPlanarRgb implements Disposable {
  private readonly converter: FormatConverter;
  private readonly source: Frame;

  /**
   * @param padded a size up to a pixel larger, to which the last row and column are repeated
   * @param scaler for another `target`
   */
  constructor(
    private readonly width: number,
    private readonly height: number,
    format: AVPixelFormat,
    target?: { readonly width: number; readonly height: number },
    padded: { readonly width: number; readonly height: number } = { width, height },
    scaler?: Scaler,
  ) {
    this.source = allocateFrame({ ...padded, format: AV_PIX_FMT_GBRP });
    const { width: columns, height: rows } = target ?? padded;
    this.converter = new FormatConverter({ width: columns, height: rows, format }, undefined, scaler);
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
    const { source: padded } = this;
    const { data, linesize } = padded;
    for (let plane = 0; plane < 3; plane++) {
      const target = data![PLANE_OF[plane]];
      const stride = linesize[PLANE_OF[plane]];
      const start = plane * width * height;
      if (stride === width) target.set(pixels.subarray(start, start + width * height));
      else
        for (let y = 0; y < height; y++) {
          target.set(pixels.subarray(start + y * width, start + (y + 1) * width), y * stride);
          if (padded.width > width) target[y * stride + width] = pixels[start + (y + 1) * width - 1];
        }
      if (padded.height > height) target.copyWithin(height * stride, (height - 1) * stride, height * stride);
    }
  }
}
