/** Clips made from stills: a camera drives through one, then the real codec codes it. */
import { InputError } from '@twnet/core/errors';
import { type Random, seededRandom } from '@twnet/core/random';
import { recodeClip } from '@twnet/node/video/recode-clip';
import { type Augmentation, drawSampling, sampleStill } from './augment.js';
import type { Still } from './camvid.js';
import { STREAM } from './random-streams.js';
import { type RenderedClip, stillToClip } from './still-to-clip.js';
import { drawQuantiser, type TrainingClip } from './training-clip.js';

export interface StillClipOptions {
  readonly seed: number;
  /** Frames of a clip. */
  readonly length: number;
  readonly jumps?: Jumps;
  /** Each clip is of a part of its still, flipped or in other light; without: of the whole still as it is. */
  readonly augmentation?: Augmentation;
}

/**
 * Clips that jump, at a random non-key frame, from a still to one a moment later or earlier in the same drive: what comes
 * into view then is real, and was not in the key frame.
 */
export interface Jumps {
  /** Of all clips; those of stills without a neighbour do not jump. */
  readonly share: number;
  /** For each still the number of the one that follows it, −1 where none does. */
  readonly next: readonly number[];
}

/** Makes clip number `index`: the same stills, seed and number give the same clip. */
export function makeStillClip(
  stills: readonly Still[],
  index: number,
  options: StillClipOptions,
): TrainingClip {
  const { width, height, frames, labels, random } = stillPictures(stills, index, options);
  const quality = drawQuantiser(random);
  return { frames: recodeClip(frames, { width, height, gop: options.length, quality }), labels };
}

/** The pictures of clip number `index` before they are coded, and what is drawn next. */
export function stillPictures(
  stills: readonly Still[],
  index: number,
  { seed, length, jumps, augmentation }: StillClipOptions,
): RenderedClip & { readonly random: Random } {
  if (stills.length === 0) throw new InputError('there are no stills to make clips from');
  const random = seededRandom(seed, index, STREAM.stillClip);
  const number = Math.floor(random() * stills.length);
  const jump = jumps && drawJump(number, length, jumps, seededRandom(seed, index, STREAM.jump));
  // Both stills of a jump are drawn alike, so that it stays what it is.
  const shown = (which: number): Still =>
    augmented(stills[which], augmentation, seededRandom(seed, index, STREAM.clipSampling));
  const rendered = stillToClip(
    shown(jump?.first ?? number),
    length,
    random,
    jump && { to: shown(jump.later), from: jump.from },
  );
  return { ...rendered, random };
}

function augmented(still: Still, augmentation: Augmentation | undefined, random: Random): Still {
  if (!augmentation) return still;
  const { name, width, height } = still;
  const output = {
    width,
    height,
    pixels: new Uint8Array(3 * width * height),
    labels: new Uint8Array(width * height),
  };
  sampleStill(still, drawSampling(still, output, augmentation, random), output);
  return { name, ...output };
}

/** The numbers of the stills before and after the jump, and the frame it is at; undefined where the clip does not jump. */
function drawJump(
  number: number,
  length: number,
  { share, next }: Jumps,
  random: Random,
): { first: number; later: number; from: number } | undefined {
  if (random() >= share || length < 2 || next[number] < 0) return undefined;
  const from = 1 + Math.floor(random() * (length - 1));
  const [first, later] = random() < 0.5 ? [next[number], number] : [number, next[number]];
  return { first, later, from };
}
