/** What the page asks its worker, and what that answers. */
import type { Speed } from '@twnet/core/network/operating-point';
import type { Provider } from '@twnet/web/engine/provider';
import type { BrowserFrame } from '@twnet/web/video/source-frame';
import type { Look, Opened, ShownFrame } from './shown.js';

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

/** A video that this page segments. */
export interface OpenedHere extends Opened {
  readonly duration?: number | undefined;
  readonly model: { readonly name: string; readonly digest: string };
  readonly speeds: readonly Speed[];
  readonly provider: Provider;
  readonly threads: number;
}

export type StudioReply =
  | { readonly kind: 'opened'; readonly opened: OpenedHere }
  | { readonly kind: 'frame'; readonly run: number; readonly frame: ShownFrame }
  | { readonly kind: 'ended'; readonly run: number }
  | { readonly kind: 'failed'; readonly run?: number | undefined; readonly message: string }
  | { readonly kind: 'exporting'; readonly done: number }
  | { readonly kind: 'exported'; readonly file?: File; readonly message?: string };
