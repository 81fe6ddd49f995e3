/** What lies over the picture, and what is known of frames beside the one that is shown. */
import type { Layer } from '../shown.js';

export interface View {
  readonly opacity: number;
  readonly hidden: readonly number[];
  readonly layer: Layer;
  readonly vectors: boolean;
  /** Labels of two ways beside each other, and where they meet: a share of the width. */
  readonly compares: boolean;
  readonly wipe: number;
}

/** What the timeline shows of a frame that is labelled. */
export interface FramePlace {
  readonly kind: 'key' | 'nonkey';
  readonly distance: number;
}

export const FIRST_VIEW: View = {
  opacity: 0.5,
  hidden: [],
  layer: 'labels',
  vectors: false,
  compares: false,
  wipe: 0.5,
};
