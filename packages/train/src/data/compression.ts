/**
 * What a codec leaves of a still: coded as the last frame of a very short clip that pans over it, and decoded again. The
 * frames before it are drawn from the same still, a little aside and further off; the last one lies where it lay, so
 * that labels stay right.
 */
import type { Random } from '@twnet/core/random';
import { CLIP_CODECS, type ClipCodec, fitsCodec } from '@twnet/node/video/clip-codecs';
import { recodedLast } from '@twnet/node/video/recode-clip';
import type { Still } from './camvid.js';

type Range = readonly [low: number, high: number];

export interface Compression {
  /** Of the stills that are compressed, 0 to 1. */
  readonly share: number;
  /**
   * Of those, the share that is compressed at the still's own scale, before it is enlarged or reduced, as a video is
   * that `segment` enlarges; the others are compressed as the network sees them.
   */
  readonly atSource: number;
  readonly codecs: readonly ClipCodec[];
  /** Quantisers of mpeg4, constant rate factors of h264 and hevc, from finest to coarsest. */
  readonly mpeg4: Range;
  readonly h264: Range;
  readonly hevc: Range;
  /** Most frames of the clip; a still that comes as its only frame is an I-frame. */
  readonly frames: number;
}

/** A rectangle of a picture, whole pixels. */
export interface Window {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

interface Picture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** How one still is compressed. */
export interface Coding {
  readonly atSource: boolean;
  readonly codec: ClipCodec;
  readonly quality: number;
  readonly preset: 'ultrafast' | 'veryfast';
  readonly frames: number;
  /** Pixels from one frame to the next. */
  readonly panX: number;
  readonly panY: number;
  /** Growth from one frame to the next. */
  readonly growth: number;
}

const LARGEST_PAN = 6;
const LARGEST_GROWTH = 0.02;
/** Side of a block of all three codecs, or a multiple of it. */
const BLOCK = 16;

/** Draws whether and how a still is compressed. */
export function drawCoding(compression: Compression, random: Random): Coding | undefined {
  if (compression.share === 0 || random() >= compression.share) return undefined;
  const atSource = random() < compression.atSource;
  const { codecs } = compression;
  const codec = codecs[Math.min(codecs.length - 1, Math.floor(random() * codecs.length))];
  const [finest, coarsest] = compression[codec];
  const signed = (largest: number): number => largest * (2 * random() - 1);
  return {
    atSource,
    codec,
    quality: finest + Math.round((coarsest - finest) * random()),
    // x265 takes three times as long for veryfast.
    preset: random() < 0.5 || codec === 'hevc' ? 'ultrafast' : 'veryfast',
    frames: 1 + Math.floor(random() * compression.frames),
    panX: signed(LARGEST_PAN),
    panY: signed(LARGEST_PAN / 3),
    growth: LARGEST_GROWTH * random(),
  };
}

/** The pixels (planar RGB) of a window of a picture, as they come out of the codec. */
export function compressed(picture: Picture, window: Window, coding: Coding): Uint8Array {
  const { width, height } = window;
  const { frames: count, codec, quality, preset } = coding;
  const frames = Array.from({ length: count }, (_, i) => {
    const before = count - 1 - i;
    return before === 0 ? cut(picture, window) : earlier(picture, window, coding, before);
  });
  const chosen = fitsCodec(codec, width, height) ? codec : 'h264';
  return recodedLast(frames, { width, height, codec: chosen, quality, preset });
}

/**
 * The part of a still that an area of it needs, in whole blocks of the still's own grid, so that blocks lie where the
 * video's own would.
 */
export function blocksAround(
  { width, height }: { readonly width: number; readonly height: number },
  area: { readonly left: number; readonly top: number; readonly right: number; readonly bottom: number },
): Window {
  const first = (start: number, extent: number): number =>
    Math.max(0, Math.min(Math.floor((start - 1) / BLOCK), Math.ceil(extent / BLOCK) - 1) * BLOCK);
  const end = (stop: number, start: number, extent: number): number =>
    Math.min(extent, Math.max(start + BLOCK, Math.ceil((stop + 1) / BLOCK) * BLOCK));
  const [left, top] = [first(area.left, width), first(area.top, height)];
  const [right, bottom] = [end(area.right, left, width), end(area.bottom, top, height)];
  return { left, top, width: right - left, height: bottom - top };
}

/** A window of a still, pixels and labels copied. */
export function cutStill(still: Still, window: Window): Still {
  const { left, top, width, height } = window;
  const labels = new Uint8Array(width * height);
  for (let y = 0; y < height; y++) {
    const start = (top + y) * still.width + left;
    labels.set(still.labels.subarray(start, start + width), y * width);
  }
  return { name: still.name, width, height, pixels: cut(still, window), labels };
}

function cut(picture: Picture, { left, top, width, height }: Window): Uint8Array {
  const result = new Uint8Array(3 * width * height);
  for (let plane = 0, at = 0; plane < 3; plane++)
    for (let y = 0; y < height; y++, at += width) {
      const start = (plane * picture.height + top + y) * picture.width + left;
      result.set(picture.pixels.subarray(start, start + width), at);
    }
  return result;
}

/** The window as it was some frames before: panned and from further off, bilinear, the picture's edge repeated. */
function earlier(
  picture: Picture,
  { left, top, width, height }: Window,
  { panX, panY, growth }: Coding,
  before: number,
): Uint8Array {
  const step = (1 + growth) ** before;
  const columns = taps(width, left + width / 2 - (step * width) / 2 + panX * before, step, picture.width);
  const rows = taps(height, top + height / 2 - (step * height) / 2 + panY * before, step, picture.height);
  const result = new Uint8Array(3 * width * height);
  for (let plane = 0, at = 0; plane < 3; plane++) {
    const area = picture.width * picture.height;
    const source = picture.pixels.subarray(plane * area, (plane + 1) * area);
    for (let y = 0; y < height; y++) {
      const upper = rows.low[y] * picture.width;
      const lower = rows.high[y] * picture.width;
      const v = rows.weight[y];
      for (let x = 0; x < width; x++, at++) {
        const l = columns.low[x];
        const h = columns.high[x];
        const u = columns.weight[x];
        const above = source[upper + l] * (256 - u) + source[upper + h] * u;
        const below = source[lower + l] * (256 - u) + source[lower + h] * u;
        result[at] = (above * (256 - v) + below * v + 32768) >> 16;
      }
    }
  }
  return result;
}

/** Neighbouring source elements of each output element, and the weight of the second, 0..256. */
function taps(count: number, start: number, step: number, extent: number) {
  const low = new Int32Array(count);
  const high = new Int32Array(count);
  const weight = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const at = Math.min(Math.max(start + (i + 0.5) * step - 0.5, 0), extent - 1);
    low[i] = Math.floor(at);
    high[i] = Math.min(low[i] + 1, extent - 1);
    weight[i] = Math.round((at - low[i]) * 256);
  }
  return { low, high, weight };
}

/** All three codecs, from what looks clean to what is hard to watch. */
export const DEFAULT_COMPRESSION: Compression = {
  share: 0,
  atSource: 0.75,
  codecs: CLIP_CODECS,
  mpeg4: [2, 12],
  h264: [18, 38],
  hevc: [18, 38],
  frames: 3,
};
