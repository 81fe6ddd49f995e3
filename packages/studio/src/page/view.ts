/** What lies over the picture, and what is known of frames that have gone by. */
import type { Layer } from '../render/label-renderer.js';

export interface View {
  readonly opacity: number;
  readonly hidden: readonly number[];
  readonly layer: Layer;
  readonly vectors: boolean;
  /** Per-frame labels beside those of TWNet, and where they meet: a share of the width. */
  readonly compares: boolean;
  readonly wipe: number;
}

export interface FrameRecord {
  readonly index: number;
  readonly time: number;
  readonly type: string;
  readonly kind: string;
  readonly distance: number;
  readonly areas: Uint32Array;
}

export const FIRST_VIEW: View = {
  opacity: 0.5,
  hidden: [],
  layer: 'labels',
  vectors: false,
  compares: false,
  wipe: 0.5,
};
