/** A frame's motion as its decoder handed it out. */
import { NO_MOTION, type VideoFrame } from '@twnet/core/frame';
import { parseBlockMotion } from './block-motion.js';
import type { Corner } from './cropping.js';
import { isUpright } from './orientation.js';
import { type Placement, placeMotion, shiftMotion } from './placement.js';

/** A frame as whoever writes vectors takes it: where `records` are given, they are its motion, and `motion` is empty. */
export interface RecordedFrame extends VideoFrame {
  /** FFmpeg's records (AVMotionVector). */
  readonly records?: Uint8Array;
}

export interface CodedMotion {
  /** The decoder's side data; null where there is none. */
  readonly records: Uint8Array | null;
  /** Where the picture lies in the coded one. */
  readonly corner: Corner;
  /** Where it lies in the frame that is handed out. */
  readonly place: Placement;
}

/**
 * A frame's motion, in the frame that is handed out.
 *
 * @param asRecords as it is, where that is the coded picture or its upper left part: whoever writes all vectors on is
 *   spared two ways over them
 */
export function handedOut(
  { records, corner, place }: CodedMotion,
  asRecords: boolean,
): Pick<RecordedFrame, 'motion' | 'records'> {
  if (asRecords && records && isInPlace(corner, place)) return { motion: NO_MOTION, records };
  return { motion: placeMotion(shiftMotion(parseBlockMotion(records), -corner.left, -corner.top), place) };
}

function isInPlace(corner: Corner, { source, scaled, orientation, left, top }: Placement): boolean {
  const sameSize = source.width === scaled.width && source.height === scaled.height;
  return corner.left + corner.top + left + top === 0 && sameSize && isUpright(orientation);
}
