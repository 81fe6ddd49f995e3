/** Types of a decoded frame that still knows how it was coded. */

/** Coded picture type: I has no reference, P one in the past, B may have one on either side. */
export type PictureType = 'I' | 'P' | 'B';

/**
 * The motion of a frame's blocks, as the codec stored it: one entry per inter-predicted block and reference
 * direction, as parallel arrays of length `count`. Intra blocks have no entry.
 *
 * Vectors follow the paper's Eq. 2, I_t[p] = I_ref[p − Mv]: `dx`, `dy` are destination minus source, in
 * pixels of the decoded frame (x right, y down), sub-pel included.
 */
export interface BlockMotion {
  readonly count: number;
  /** −1: the reference is in the past; +1: in the future (B-frames only). */
  readonly direction: Int8Array;
  /** Left edge of the block in the current frame, pixels; may be negative or reach past the frame. */
  readonly x: Int16Array;
  /** Top edge of the block, pixels. */
  readonly y: Int16Array;
  readonly width: Uint8Array;
  readonly height: Uint8Array;
  /** Mv, pixels, x. */
  readonly dx: Float32Array;
  /** Mv, pixels, y. */
  readonly dy: Float32Array;
  /**
   * Vectors are coded in units of 1 / scale pixels: 2 for MPEG-2 and MPEG-4, 4 for H.264 and quarter-pel MPEG-4;
   * undefined where they are not (frames that were scaled, optical flow).
   */
  readonly scale?: number;
}

/** One frame of a video, in display order. */
export interface VideoFrame {
  /** 0-based position in display order, counted over the frames that were decoded. */
  readonly index: number;
  /** Presentation time, seconds. */
  readonly timestamp: number;
  /** For how long it is shown, seconds, where the source says so. */
  readonly duration?: number;
  readonly pictureType: PictureType;
  /** Width as displayed (rotation metadata already applied), pixels. */
  readonly width: number;
  readonly height: number;
  /** Planar 8-bit RGB: `height × width` bytes of R, then G, then B. Owned by the receiver. */
  readonly pixels: Uint8Array;
  /** The same picture in the video's own size, where that is another and was asked for. */
  readonly fullPixels?: Uint8Array;
  /**
   * Where frames come at half the size of the picture that the key-frame network sees: that picture, planar 8-bit RGB,
   * made when it is first asked for. Whoever schedules a key frame asks soon: sources hold decoded pictures of a few
   * frames only, and refuse it for those that have passed by. Frames that come otherwise have none: their `pixels` are it.
   */
  readonly keyPicture?: () => Promise<Uint8Array>;
  /** The frame's block motion; `count` is 0 for I-frames. */
  readonly motion: BlockMotion;
  /**
   * True where the frame does not continue the one before it (first frame, a stream join, frames lost to
   * damage just before): motion must not be used, and the segmenter starts afresh.
   */
  readonly discontinuity: boolean;
  /** Of live sources: when the packet came that it was decoded from, `performance.now()`. */
  readonly arrived?: number;
}

/** A block motion without entries (I-frames). */
export const NO_MOTION: BlockMotion = {
  count: 0,
  direction: new Int8Array(0),
  x: new Int16Array(0),
  y: new Int16Array(0),
  width: new Uint8Array(0),
  height: new Uint8Array(0),
  dx: new Float32Array(0),
  dy: new Float32Array(0),
};
