/** Made clips as training sees them: rendered from a still, then through the real codec and back. */
import { InputError } from '../errors.js';
import { recodeClip, type VideoFrame } from '../video/index.js';
import type { Still } from './camvid.js';
import { type Random, seededRandom } from './random.js';
import { stillToClip } from './still-to-clip.js';

export interface MadeClip {
  /** Decoded frames with the codec's own motion; the first is an I-frame, the others are P-frames. */
  readonly frames: readonly VideoFrame[];
  /** One train id a pixel for each frame, 255 ignored. */
  readonly labels: readonly Uint8Array[];
}

export interface MadeClipOptions {
  readonly seed: number;
  /** Frames of a clip. */
  readonly length: number;
}

/** Quantiser scales that clips are encoded with. */
const FINEST_QUANTISER = 2;
const COARSEST_QUANTISER = 6;

/** Makes clip number `index`: the same stills, seed and number give the same clip. */
export function makeClip(
  stills: readonly Still[],
  index: number,
  { seed, length }: MadeClipOptions,
): MadeClip {
  if (stills.length === 0) throw new InputError('there are no stills to make clips from');
  const random = seededRandom(seed, index, 5);
  const still = stills[Math.floor(random() * stills.length)];
  const { width, height, frames, labels } = stillToClip(still, length, random);
  const quality = drawQuantiser(random);
  return { frames: recodeClip(frames, { width, height, gop: length, quality }), labels };
}

/** The quantiser scale of a training clip. */
export function drawQuantiser(random: Random): number {
  return FINEST_QUANTISER + Math.floor(random() * (COARSEST_QUANTISER - FINEST_QUANTISER + 1));
}
