/** The shape of pixels: width to height. */
import type { Frame, Stream } from 'node-av/lib';
import { type Orientation, swapsSides } from './orientation.js';

/** Width to height of a pixel as shown, in lowest terms; 1:1 is square. */
export interface PixelAspect {
  readonly num: number;
  readonly den: number;
}

export const SQUARE: PixelAspect = { num: 1, den: 1 };

export const isSquare = ({ num, den }: PixelAspect): boolean => num === den;

/**
 * What the container says of all frames' pixels, or else the frame itself (FFmpeg's av_guess_sample_aspect_ratio).
 *
 * @param container of its stream, see {@link statedAspect}
 */
export function pixelAspectOf(frame: Frame, container: PixelAspect | undefined): PixelAspect {
  return container ?? statedAspect(frame) ?? SQUARE;
}

/** What is said of the shape of pixels; undefined where nothing is. */
export function statedAspect({ sampleAspectRatio }: Frame | Stream): PixelAspect | undefined {
  const { num, den } = sampleAspectRatio;
  return num > 0 && den > 0 ? lowestTerms({ num, den }) : undefined;
}

/** The same pixels when the picture is displayed. */
export function turnedAspect({ num, den }: PixelAspect, orientation: Orientation): PixelAspect {
  return swapsSides(orientation) ? { num: den, den: num } : { num, den };
}

function lowestTerms({ num, den }: PixelAspect): PixelAspect {
  let [a, b] = [num, den];
  while (b > 0) [a, b] = [b, a % b];
  return { num: num / a, den: den / a };
}
