/** Where non-key frames stand between speed and accuracy. */
import type { WarpLayer } from './key-frame.js';

/**
 * Operating points of a segmenter, see `propagated-frame.ts`: *accurate* and *fast* look at the key frames before and after,
 * *causal* at what has been, as the paper's networks do.
 */
export const SPEEDS = ['accurate', 'fast', 'causal'] as const;
export type Speed = (typeof SPEEDS)[number];

/** Which network makes non-key frames: of a lateral network the decoder layer that is warped, of a segmenter its speed. */
export type OperatingPoint = WarpLayer | Speed;

/** The one that networks are of. */
export function pointOf({
  layer,
  speed,
}: {
  readonly layer?: WarpLayer;
  readonly speed?: Speed;
}): OperatingPoint {
  return speed ?? layer ?? 1;
}

/** As people read it: 'Layer 1', 'accurate'. */
export function pointName(point: OperatingPoint): string {
  return typeof point === 'number' ? `Layer ${point}` : point;
}
