/** What is shown of a video, whether it is segmented meanwhile or was recorded. */
import type { ClassTable } from '@twnet/core/classes';
import type { PictureSize } from '@twnet/core/runtime/frame-call';

/** What lies over the picture. */
export type Layer = 'labels' | 'truth' | 'errors' | 'confidence' | 'residual' | 'attention' | 'none';

/** How labels look. */
export interface Look {
  readonly opacity: number;
  /** Of classes. */
  readonly hidden: readonly number[];
}

/** A file's frames in display order; none of what is live. */
export interface FrameIndex {
  /** Seconds. */
  readonly times: Float64Array;
  /** 0: I, 1: P, 2: B. */
  readonly types: Uint8Array;
}

/** A video that is open. */
export interface Opened {
  readonly name: string;
  readonly codec?: string | undefined;
  readonly size: PictureSize;
  /** Of frames, and of labels. */
  readonly frame: PictureSize;
  readonly labels: PictureSize;
  readonly classes: readonly string[];
  readonly palette: ClassTable['palette'];
  /** Those that there are, in order. */
  readonly layers: readonly Layer[];
  /** Whether frames come with the motion that they were warped along. */
  readonly hasVectors: boolean;
  readonly index?: FrameIndex | undefined;
}

export interface Stages {
  readonly decode: number;
  readonly motion: number;
  readonly network: number;
  readonly labels: number;
}

/** A map on a coarse grid, 0..255. */
export interface CoarseMap {
  readonly rows: number;
  readonly columns: number;
  readonly values: Uint8Array;
}

export interface Vectors {
  readonly rows: number;
  readonly columns: number;
  readonly stride: number;
  readonly dx: Float32Array;
  readonly dy: Float32Array;
}

export interface ShownFrame {
  readonly index: number;
  readonly time: number;
  readonly type: 'I' | 'P' | 'B';
  readonly kind: 'key' | 'nonkey';
  readonly distance: number;
  /** Planar RGB, of the frames' size. */
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
  /** Pixels of each class. */
  readonly areas: Uint32Array;
  readonly stages?: Stages | undefined;
  /** Labelled another way, where two are compared. */
  readonly alone?: {
    readonly labels: Uint8Array;
    readonly stages?: Stages | undefined;
    /** Share of pixels with the same labels. */
    readonly equal: number;
  };
  /** The exact labels, where they are known; 255 is no class. */
  readonly truth?: Uint8Array;
  readonly vectors?: Vectors;
  readonly residual?: CoarseMap;
  readonly attention?: CoarseMap;
  readonly confidence?: CoarseMap;
}
