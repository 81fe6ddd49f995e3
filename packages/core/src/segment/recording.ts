/** A segmented clip as data that a page shows: what was labelled, how, and by what motion. */
import type { ClassTable } from '../classes.js';
import type { FrameTimings } from './segmented-frame.js';

/** Vectors of recordings are kept in quarters of a pixel, as codecs have them. */
export const RECORDED_VECTOR_UNIT = 4;

/** A map on the grid of {@link RecordedFrame.grid}: a byte a cell, in base64. */
export type RecordedMap = string;

export interface RecordedFrame {
  readonly type: 'I' | 'P' | 'B';
  readonly kind: 'key' | 'nonkey';
  readonly distance: number;
  /** A data URI. */
  readonly picture: string;
  /** Of each of {@link Recording.ways}: class ids, `height × width`, by raw deflate, in base64. */
  readonly labels: readonly string[];
  /** The exact labels, likewise; 255 is no class. */
  readonly truth?: string;
  /** Of each way: milliseconds by stage. */
  readonly timings?: readonly FrameTimings[];
  /** Cells of motion and of maps. */
  readonly grid?: { readonly rows: number; readonly columns: number; readonly stride: number };
  /** Quarters of a pixel, cell by cell: from where the content of a cell was. */
  readonly motion?: { readonly dx: readonly number[]; readonly dy: readonly number[] };
  readonly residual?: RecordedMap;
  readonly attention?: RecordedMap;
}

export interface Recording {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  readonly classes: readonly string[];
  readonly palette: ClassTable['palette'];
  /** Names of how frames were labelled; the first two are what is compared at first. */
  readonly ways: readonly string[];
  readonly frames: readonly RecordedFrame[];
}
