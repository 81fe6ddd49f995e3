/** How a video is to be opened. */
import type { StreamOptions } from './demux.js';
import type { RangeOptions } from './time-range.js';

export interface OpenVideoOptions extends StreamOptions, RangeOptions {
  /**
   * 'auto': the codec's vectors where its decoder gives them, else estimated ones; 'none': none are needed, so
   * that nothing is spent on estimating them. Default 'auto'.
   */
  readonly motionSource?: 'auto' | 'codec' | 'estimate' | 'none';
  /** false: frames come with empty `pixels`, which saves their conversion. Default true. */
  readonly pixels?: boolean;
  /** Frames of this share of the video's width and height, motion to match: less to compute. 0 < scale ≤ 1; default 1. */
  readonly scale?: number;
  /**
   * Pixels of the longer side of the frames, at most: larger videos come smaller, motion to match. A whole number,
   * at least 16; default: no limit.
   */
  readonly maxSide?: number;
  /** Frames that come smaller have the picture in the video's own size as well (`fullPixels`). Default false. */
  readonly fullPixels?: boolean;
}
