/** Samples a still through a codec: at the still's own scale before it is resampled, or as the network sees it. */
import { type Sampling, sampleStill } from './augment.js';
import type { Still } from './camvid.js';
import { blocksAround, type Coding, compressed, cutStill, type Window } from './compression.js';

/** Most pixels that are coded at the still's own scale, for each of the output's; larger areas are coded as they come out. */
const MOST_PIXELS = 2;

/**
 * `sampleStill` of what a codec leaves of the still; labels are as without it.
 *
 * @param coding none: the still as it is
 */
export function sampleCompressed(
  still: Still,
  sampling: Sampling,
  coding: Coding | undefined,
  output: { width: number; height: number; pixels: Uint8Array; labels: Uint8Array },
): void {
  const { width, height, pixels } = output;
  const window = coding?.atSource ? sampledWindow(still, sampling, output) : undefined;
  if (!coding || !window || window.width * window.height > MOST_PIXELS * width * height) {
    sampleStill(still, sampling, output);
    if (coding) pixels.set(compressed(output, { left: 0, top: 0, width, height }, coding));
    return;
  }
  const { left, top } = window;
  const part = { ...cutStill(still, window), pixels: compressed(still, window, coding) };
  sampleStill(part, { ...sampling, left: sampling.left - left, top: sampling.top - top }, output);
}

/** The still's blocks that an output needs. */
function sampledWindow(
  still: Still,
  { left, top, step }: Sampling,
  { width, height }: { width: number; height: number },
): Window {
  return blocksAround(still, { left, top, right: left + width * step, bottom: top + height * step });
}
