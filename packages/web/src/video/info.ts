import type { PictureSize } from '@twnet/core/runtime/frame-call';

/** What a video is, and the size that its frames come in. */
export interface VideoInfo {
  readonly name: string;
  /** Of frames, pixels. */
  readonly width: number;
  readonly height: number;
  /** As mediabunny names it ('avc', 'vp9'); none of cameras. */
  readonly codec?: string;
  /** Seconds; none of cameras, or where the file does not say. */
  readonly duration?: number;
  /** As displayed: turned, before scaling. */
  readonly source: PictureSize;
  /** Of the pictures that the key-frame network sees. */
  readonly keyWidth: number;
  readonly keyHeight: number;
  /** Pixels of the key picture's side for each of the video's own. */
  readonly scale: number;
  readonly motionSource: 'estimate';
}
