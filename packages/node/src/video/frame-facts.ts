import type { PictureType } from '@twnet/core/frame';
import type { CodedMotion } from './coded-motion.js';
import type { PicturePlaces } from './frame-pictures.js';

/** What is known of a frame before its picture is ready. */
export interface FrameFacts {
  readonly index: number;
  readonly timestamp: number;
  readonly duration: number | undefined;
  readonly pictureType: PictureType;
  readonly discontinuity: boolean;
  /** Of live sources. */
  readonly arrived?: number;
  readonly places: PicturePlaces;
  /** The codec's; undefined where it is to be estimated. */
  readonly motion: CodedMotion | undefined;
  /** Only others are wanted that are made of it. */
  readonly unwanted?: boolean;
}

/** Of a frame that others are made of. */
export function unwanted(places: PicturePlaces, pictureType: PictureType): FrameFacts {
  const nothing = { index: -1, timestamp: 0, duration: undefined, motion: undefined, discontinuity: false };
  return { ...nothing, pictureType, places, unwanted: true };
}
