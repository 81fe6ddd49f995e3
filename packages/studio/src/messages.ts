/** What the page asks its worker, and what that answers. */
import type { ClassTable } from '@twnet/core/classes';
import type { Speed } from '@twnet/core/network/operating-point';
import type { PictureSize } from '@twnet/core/runtime/frame-call';
import type { Provider } from '@twnet/web/engine/provider';
import type { BrowserFrame } from '@twnet/web/video/source-frame';

/** How much of the picture the networks see: a factor to the working scale. */
export type Detail = 1 | 0.5;

export interface Choice {
  /** The address of a shipped model, or the files of another. */
  readonly model: string | readonly File[];
  readonly speed: Speed;
  readonly detail: Detail;
}

export type VideoSource =
  | { readonly kind: 'file'; readonly file: File }
  | { readonly kind: 'live'; readonly name: string; readonly frames: ReadableStream<BrowserFrame> };

/** How labels look. */
export interface Look {
  readonly opacity: number;
  /** Of classes. */
  readonly hidden: readonly number[];
}

export type StudioRequest =
  /** Loads what every video needs. */
  | { readonly kind: 'prime'; readonly choice: Choice }
  | { readonly kind: 'open'; readonly source: VideoSource; readonly choice: Choice }
  /** Segments from a frame on, as far as the page can hold them. */
  | {
      readonly kind: 'run';
      readonly run: number;
      readonly from: number;
      readonly until: number;
      readonly compares: boolean;
      readonly confidence: boolean;
    }
  /** The page has room up to here. */
  | { readonly kind: 'until'; readonly run: number; readonly until: number }
  | { readonly kind: 'export'; readonly format: 'mp4' | 'webm'; readonly look: Look }
  | { readonly kind: 'cancelExport' }
  | { readonly kind: 'close' };

/** A file's frames in display order; none of what is live. */
export interface FrameIndex {
  /** Seconds. */
  readonly times: Float64Array;
  /** 0: I, 1: P, 2: B. */
  readonly types: Uint8Array;
}

export interface Opened {
  readonly name: string;
  readonly codec?: string | undefined;
  readonly duration?: number | undefined;
  readonly size: PictureSize;
  /** Of frames, and of labels. */
  readonly frame: PictureSize;
  readonly labels: PictureSize;
  readonly classes: readonly string[];
  readonly palette: ClassTable['palette'];
  readonly model: { readonly name: string; readonly digest: string };
  readonly speeds: readonly Speed[];
  /** Frames between key frames are corrected, where motion does not explain them: there are residuals and attention. */
  readonly corrects: boolean;
  readonly provider: Provider;
  readonly threads: number;
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
  readonly stages: Stages;
  /** Of the per-frame network, where both are compared. */
  readonly alone?: { readonly labels: Uint8Array; readonly stages: Stages; readonly equal: number };
  readonly vectors?: Vectors;
  readonly residual?: CoarseMap;
  readonly attention?: CoarseMap;
  readonly confidence?: CoarseMap;
}

export type StudioReply =
  | { readonly kind: 'opened'; readonly opened: Opened }
  | { readonly kind: 'frame'; readonly run: number; readonly frame: ShownFrame }
  | { readonly kind: 'ended'; readonly run: number }
  | { readonly kind: 'failed'; readonly run?: number | undefined; readonly message: string }
  | { readonly kind: 'exporting'; readonly done: number }
  | { readonly kind: 'exported'; readonly file?: File; readonly message?: string };
