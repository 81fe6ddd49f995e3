/** Frames as the browser gives them, with what is known of how they were coded. */

import type { ColourTags } from '../pictures/colour-matrix.js';
import type { ChromaPlace, Turn } from '../pictures/picture-converter.js';

/** The browser's own; ours is `@twnet/core/frame`'s. */
export type BrowserFrame = globalThis.VideoFrame;

export interface SourceFrame {
  /** The receiver's to close. */
  readonly frame: BrowserFrame;
  /** Whether it was coded on its own. */
  readonly isKey: boolean;
  /** Seconds. */
  readonly timestamp: number;
  readonly duration?: number;
}

/** A file's video, or what a camera gives. */
export interface PictureSource extends AsyncIterable<SourceFrame> {
  readonly name: string;
  readonly codec?: string;
  readonly duration?: number;
  readonly turn: Turn;
  readonly chroma: ChromaPlace;
  /** What the file says of its colours, where it does. */
  readonly colour?: ColourTags;
  /** Lets go of it; a loop that runs ends. */
  close(): void;
}
