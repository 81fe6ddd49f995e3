/** At which size networks work on a video. */
import type { LabelStride } from '../kernels/labels.js';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Smallest side that reducing leaves of a frame, pixels. */
export const SMALLEST_SIDE = 16;

/** Shares of the video's sides that are chosen among where nobody says one, the largest first. */
const AUTOMATIC_SCALES = [2, 1, 3 / 4, 1 / 2, 3 / 8, 1 / 4, 3 / 16, 1 / 8];
/** Pixels of the key picture, at most: those of 2048 × 1152. */
const MOST_AUTOMATIC = 2048 * 1152;

/** The segmenter's networks know it by the sides of the key picture over the others'. */
const HALF = 2;

/** The largest share that makes sense: beyond it, pictures grow and show nothing more. */
export const LARGEST_SCALE = 4;

export interface SizeOptions {
  /** Share of the video's width and height, up to {@link LARGEST_SCALE}; 'auto': see {@link automaticScale}. */
  readonly scale: number | 'auto';
  /** Frames have half the key picture's sides; else they are the key picture. */
  readonly halved: boolean;
  /** Pixels of the key picture's longer side, at most; default: no limit. */
  readonly maxSide?: number;
}

export interface WorkingSize {
  /** Share of the video's sides that the key picture has. */
  readonly scale: number;
  /** Of the picture that the key-frame network sees. */
  readonly key: Size;
  /** Of the frames: what non-key networks, motion and residuals see. */
  readonly frame: Size;
}

/** Sizes at which a video is worked on: pictures of the key-frame network, and frames of the others. */
export function workingSize(video: Size, { scale, halved, maxSide }: SizeOptions): WorkingSize {
  const asked = scale === 'auto' ? automaticScale(video) : scale;
  const longer = Math.max(...sidesOf(scaledSize(video, asked, halved)));
  const within = maxSide === undefined || longer <= maxSide ? asked : (asked * maxSide) / longer;
  const key = scaledSize(video, within, halved);
  return { scale: within, key, frame: halved ? halfOf(key) : key };
}

/**
 * The working scale of `--scale auto`, by the video's size: the largest of 2, 1, ¾, ½, ⅜, ¼ … whose picture has at most
 * 2048 × 1152 pixels. So videos of up to 1024 × 576 are enlarged, 1280 × 720 and 1920 × 1080 stay, 3840 × 2160 is halved.
 */
export function automaticScale({ width, height }: Size): number {
  const fits = (scale: number): boolean => scale * width * (scale * height) <= MOST_AUTOMATIC;
  return AUTOMATIC_SCALES.find(fits) ?? AUTOMATIC_SCALES.at(-1)!;
}

/**
 * Enlarging scores by 8 gives labels of the key picture's size, by 4 of half of it: the one that the video has itself, where
 * it is one of the two; else the key picture's, unless that has been enlarged by more than the half takes back.
 */
export function labelSize({
  key,
  scale,
}: Pick<WorkingSize, 'key' | 'scale'>): Size & { readonly stride: LabelStride } {
  return scale < HALF ? { ...key, stride: 8 } : { ...halfOf(key), stride: 4 };
}

/** Half of both sides, rounded up. */
export function halfOf({ width, height }: Size): Size {
  return { width: Math.ceil(width / HALF), height: Math.ceil(height / HALF) };
}

/** The size that `scale` gives; never under 16 pixels, unless the side is that small itself; nor is its half, with `halved`. */
export function scaledSize({ width, height }: Size, scale: number, halved = false): Size {
  const smallest = halved ? HALF * SMALLEST_SIDE : SMALLEST_SIDE;
  const side = (length: number): number => Math.max(Math.min(length, smallest), Math.round(length * scale));
  return { width: side(width), height: side(height) };
}

const sidesOf = ({ width, height }: Size): readonly number[] => [width, height];
