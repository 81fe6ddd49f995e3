import type { VideoFrame } from '../frame.js';
import type { PictureSize } from '../runtime/frame-call.js';

/**
 * What is done with frames that come while the network is busy. 'warp': they get the labels of the frame that it labelled
 * last, carried along the codec's vectors; 'skip': they are left out; 'wait': the source waits, as only files can.
 */
export const LATE_POLICIES = ['warp', 'skip', 'wait'] as const;
export type LatePolicy = (typeof LATE_POLICIES)[number];

/** A frame of a source that never ends, with its labels. */
export interface LiveFrame {
  readonly frame: VideoFrame;
  /** Class ids, row-major, of {@link labelSize}. */
  readonly labels: Uint8Array;
  readonly labelSize: PictureSize;
  /** Labelled by the network, or by labels of an earlier frame that were carried here. */
  readonly by: 'network' | 'warp';
  /** Frames since the one that the network labelled; 0 for that one. */
  readonly distance: number;
  /** Milliseconds from the frame's arrival to its labels. */
  readonly lag: number;
}
