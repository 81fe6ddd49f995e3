/** Block matching by FFmpeg's `mestimate` filter, between any two pictures. */

import type { BlockMotion } from '@twnet/core/frame';
import { AV_FRAME_DATA_MOTION_VECTORS, AV_PIX_FMT_YUV420P } from 'node-av/constants';
import { Filter, type FilterContext, FilterGraph, Frame } from 'node-av/lib';
import { parseBlockMotion, RECORD_BYTES } from './block-motion.js';
import { FromPlanarRgb } from './planar-rgb.js';

/** Side of the blocks, pixels: the smallest that the filter takes. */
const BLOCK = 8;
/** epzs (method 8): predictive zonal search, the search of MPEG-4's encoders. */
const SETTINGS = `method=epzs:mb_size=${BLOCK}:search_param=32`;

/** Every block gets a vector; whole pixels; there are no intra blocks. */
export class BlockMatcher implements Disposable {
  private readonly graph = new FilterGraph();
  private readonly source: FilterContext;
  private readonly sink: FilterContext;
  private readonly toYuv: FromPlanarRgb;
  private readonly matched = new Frame();
  private last: Uint8Array | undefined;
  private count = 0n;

  /** @param width pixels; `height` likewise, both at least 16 */
  constructor(
    private readonly width: number,
    private readonly height: number,
  ) {
    this.graph.alloc();
    const size = `video_size=${width}x${height}:pix_fmt=${AV_PIX_FMT_YUV420P}`;
    this.source = this.filter('buffer', `${size}:time_base=1/25:pixel_aspect=1/1`);
    const matcher = this.filter('mestimate', SETTINGS);
    this.sink = this.filter('buffersink', null);
    check(this.source.link(0, matcher, 0));
    check(matcher.link(0, this.sink, 0));
    check(this.graph.configSync());
    this.toYuv = new FromPlanarRgb(width, height, AV_PIX_FMT_YUV420P);
    this.matched.alloc();
  }

  /** Vectors of `current` against `previous`, planar RGB both. One call at a time. */
  async between(current: Uint8Array, previous: Uint8Array): Promise<BlockMotion> {
    if (this.last !== previous) await this.push(previous);
    // The filter matches a picture against both its neighbours: it is let go when the one after it has come.
    await this.push(current);
    await this.push(current);
    this.last = current;
    const sideData = this.matched.getSideData(AV_FRAME_DATA_MOTION_VECTORS);
    const motion = this.reachingTheBorder(parseBlockMotion(sideData));
    if (sideData) readPlaces(sideData, motion);
    this.matched.unref();
    return motion;
  }

  [Symbol.dispose](): void {
    this.graph.free();
    this.toYuv[Symbol.dispose]();
    this.matched.free();
  }

  private filter(name: string, settings: string | null): FilterContext {
    const filter = Filter.getByName(name);
    const context = filter && this.graph.createFilter(filter, name, settings);
    if (!context) throw new Error(`this FFmpeg has no filter ${name}`);
    return context;
  }

  /** Sends a picture; what the filter gives for the one before it is left in `matched`. */
  private async push(pixels: Uint8Array): Promise<void> {
    const frame = await this.toYuv.convert(pixels);
    // A clone shares the pixels, and the converter writes its next picture elsewhere while it is held.
    using held = frame.clone()!;
    held.pts = this.count++;
    check(await this.source.buffersrcAddFrame(held));
    this.matched.unref();
    await this.sink.buffersinkGetFrame(this.matched);
  }

  /** The filter leaves out the pixels beyond the last whole block: the last blocks take them in. */
  private reachingTheBorder(motion: BlockMotion): BlockMotion {
    const { width, height } = this;
    const stretched = (start: number, end: number): number => (end - start < 2 * BLOCK ? end - start : BLOCK);
    return {
      ...motion,
      width: motion.x.length > 0 ? Uint8Array.from(motion.x, (x) => stretched(x, width)) : motion.width,
      height: motion.y.length > 0 ? Uint8Array.from(motion.y, (y) => stretched(y, height)) : motion.height,
    };
  }
}

/** The filter leaves a record's motion unset: Mv is the difference of its two places. */
function readPlaces(sideData: Uint8Array, { count, dx, dy }: BlockMotion): void {
  const view = new DataView(sideData.buffer, sideData.byteOffset, sideData.byteLength);
  for (let i = 0, at = 0; i < count; i++, at += RECORD_BYTES) {
    dx[i] = view.getInt16(at + 10, true) - view.getInt16(at + 6, true);
    dy[i] = view.getInt16(at + 12, true) - view.getInt16(at + 8, true);
  }
}

function check(result: number): void {
  if (result < 0) throw new Error(`FFmpeg's block matching failed (code ${result})`);
}
