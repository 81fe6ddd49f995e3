/** Clips as training takes them, wherever they come from. */
import type { VideoFrame } from '@twnet/core/frame';
import type { Random } from '@twnet/core/random';

export interface TrainingClip {
  /** Decoded frames with the codec's own motion; the first is an I-frame, the others are P-frames. */
  readonly frames: readonly VideoFrame[];
  /** One train id a pixel for each frame, 255 ignored. */
  readonly labels: readonly Uint8Array[];
}

/** Quantiser scales that clips are encoded with. */
const FINEST_QUANTISER = 2;
const COARSEST_QUANTISER = 6;

export function drawQuantiser(random: Random): number {
  return FINEST_QUANTISER + Math.floor(random() * (COARSEST_QUANTISER - FINEST_QUANTISER + 1));
}
