/** A frame's motion as its decoder handed it out: worked out once somebody looks at it. */
import type { BlockMotion, VideoFrame } from '@twnet/core/frame';
import { parseBlockMotion } from './block-motion.js';
import type { Corner } from './cropping.js';
import { isUpright } from './orientation.js';
import { type Placement, placeMotion, shiftMotion } from './placement.js';

export class CodedMotion {
  #motion: BlockMotion | undefined;

  /**
   * @param records the decoder's side data; null where there is none
   * @param corner where the picture lies in the coded one
   * @param place where it lies in the frame that is handed out
   */
  constructor(
    readonly records: Uint8Array | null,
    private readonly corner: Corner,
    private readonly place: Placement,
  ) {}

  get motion(): BlockMotion {
    const { left, top } = this.corner;
    this.#motion ??= placeMotion(shiftMotion(parseBlockMotion(this.records), -left, -top), this.place);
    return this.#motion;
  }

  /** Whether the frame that is handed out is the coded picture, or its upper left part. */
  get isInPlace(): boolean {
    const { corner, place } = this;
    const { source, scaled, orientation } = place;
    const sameSize = source.width === scaled.width && source.height === scaled.height;
    return corner.left + corner.top + place.left + place.top === 0 && sameSize && isUpright(orientation);
  }
}

const recordsOf = new WeakMap<VideoFrame, Uint8Array>();

/** The frame with its motion. */
export function withCodedMotion(frame: Omit<VideoFrame, 'motion'>, coded: CodedMotion): VideoFrame {
  const made: VideoFrame = {
    ...frame,
    get motion() {
      return coded.motion;
    },
  };
  if (coded.records && coded.isInPlace) recordsOf.set(made, coded.records);
  return made;
}

/**
 * A frame's vectors as FFmpeg's records (AVMotionVector), for whoever writes them as they are; undefined where there are
 * none, or they are not those of the frame that was handed out.
 */
export function vectorRecords(frame: VideoFrame): Uint8Array | undefined {
  return recordsOf.get(frame);
}
