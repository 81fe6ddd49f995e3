/**
 * Clips as step 2 of an operating point takes them: a window of pictures, coded and decoded again, at the two sizes that
 * the segmenter works at.
 */
import { IGNORE_LABEL } from '@twnet/core/classes';
import type { BlockMotion, VideoFrame } from '@twnet/core/frame';
import { BlockMatcher } from '@twnet/core/motion/block-matching';
import { PICTURE_STRIDE } from '@twnet/core/network/propagated-frame';
import type { ClipCoding } from '@twnet/node/video/clip-codecs';
import { recodeClip } from '@twnet/node/video/recode-clip';
import { RgbResizer } from '@twnet/node/video/resize-rgb';
import { type Size, scaleMotion } from '@twnet/node/video/scaling';
import type { TrainingClip } from '../training-clip.js';

/** Pixels of the key frame's picture for each label. */
export const LABEL_STRIDE = 4;

/** Pictures before they are coded: planar 8-bit RGB, and one train id a pixel where there are labels. */
export interface ClipPictures extends Size {
  readonly frames: readonly Uint8Array[];
  readonly labels?: readonly Uint8Array[];
}

/** The part of the pictures that a clip shows. */
export interface ClipWindow extends Size {
  readonly left: number;
  readonly top: number;
  readonly flip: boolean;
}

export interface PointClipOptions {
  readonly window: ClipWindow;
  /** Of the key frame's picture. */
  readonly size: Size;
  /** Coded at half of that size and enlarged for the key frame, as small videos are; else coded at that size. */
  readonly enlarged: boolean;
  readonly coding: ClipCoding;
  /** The last picture is a key frame, too. */
  readonly closed?: boolean;
  /** Frames that are learnt on. */
  readonly wanted: readonly number[];
  /** Every wanted frame's picture is also given as decoded, for the per-frame network. */
  readonly perFrame?: boolean;
}

/** `frames` have half the sides of the key frame's picture; `labels` a quarter. */
export interface PointClip extends TrainingClip {
  /** As decoded, planar RGB: of the key frames, and of the wanted ones where that was asked for. */
  readonly decoded: ReadonlyMap<number, Uint8Array>;
  /** What the key-frame network would see of the wanted frames, had they not been coded. */
  readonly clean: ReadonlyMap<number, Uint8Array>;
}

export function pointClip(pictures: ClipPictures, options: PointClipOptions): PointClip {
  const { window, size, enlarged, coding, closed = false, wanted, perFrame = false } = options;
  const half = { width: size.width / PICTURE_STRIDE, height: size.height / PICTURE_STRIDE };
  const coded = enlarged ? half : size;
  using toCoded = new RgbResizer(window, coded);
  using toKey = new RgbResizer(coded, size);
  using toHalf = new RgbResizer(coded, half);
  const shown = pictures.frames.map((pixels) => toCoded.resize(cut(pixels, pictures, window, 3)));
  const last = shown.length - 1;
  const gop = closed ? last : shown.length;
  const decoded = recodeClip(shown, { ...coded, gop, ...coding });
  const received = coding.codec === 'hevc' ? matched(decoded) : decoded;
  const key = (pixels: Uint8Array): Uint8Array => toKey.resize(pixels);
  const frames = received.map((frame) => halved(frame, half, toHalf));
  const keys = closed ? [0, last] : [0];
  const seen = perFrame ? [...keys, ...wanted] : keys;
  return {
    frames,
    labels: pictures.frames.map((_, t) => sampledLabels(pictures, t, window, size)),
    decoded: new Map(seen.map((t) => [t, key(received[t].pixels)])),
    clean: new Map(wanted.map((t) => [t, key(shown[t])])),
  };
}

/** Planes of a window of a picture. */
function cut(
  values: Uint8Array,
  { width: columns, height: rows }: Size,
  { left, top, width, height, flip }: ClipWindow,
  planes: number,
): Uint8Array {
  const result = new Uint8Array(planes * width * height);
  for (let plane = 0, at = 0; plane < planes; plane++)
    for (let y = 0; y < height; y++, at += width) {
      const start = (plane * rows + top + y) * columns + left;
      result.set(values.subarray(start, start + width), at);
      if (flip) result.subarray(at, at + width).reverse();
    }
  return result;
}

/** A frame at half the sides of the key frame's picture, motion to match. */
function halved(frame: VideoFrame, half: Size, resizer: RgbResizer): VideoFrame {
  if (frame.width === half.width && frame.height === half.height) return frame;
  const motion = scaleMotion(frame.motion, frame, half);
  return { ...frame, ...half, pixels: resizer.resize(frame.pixels), motion };
}

/** Motion found in the pictures, where the decoder gives none. */
function matched(frames: readonly VideoFrame[]): VideoFrame[] {
  const [{ width, height }] = frames;
  const matcher = new BlockMatcher(width, height);
  return frames.map((frame): VideoFrame => {
    matcher.takeRgb(frame.pixels);
    const motion: BlockMotion = matcher.motion();
    return frame.pictureType === 'I' ? frame : { ...frame, motion };
  });
}

/** The label in the middle of each cell. */
function sampledLabels(
  { labels, width: columns }: ClipPictures,
  t: number,
  { left, top, width, height, flip }: ClipWindow,
  size: Size,
): Uint8Array {
  const grid = { width: size.width / LABEL_STRIDE, height: size.height / LABEL_STRIDE };
  const sampled = new Uint8Array(grid.width * grid.height);
  if (!labels) return sampled.fill(IGNORE_LABEL);
  for (let row = 0, i = 0; row < grid.height; row++) {
    const y = top + Math.floor(((row + 0.5) * height) / grid.height);
    for (let column = 0; column < grid.width; column++, i++) {
      const x = Math.floor(((column + 0.5) * width) / grid.width);
      sampled[i] = labels[t][y * columns + left + (flip ? width - 1 - x : x)];
    }
  }
  return sampled;
}
