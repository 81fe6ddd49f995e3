/** What a decoded frame says of the picture that it holds. */
import { AV_CODEC_ID_H264, AV_FRAME_FLAG_KEY, type AVCodecID } from 'node-av/constants';
import type { CodecContext, Frame, Stream } from 'node-av/lib';
import { type Corner, type Crop, containerCrop, cropDecoded, croppedSize } from './cropping.js';
import { fieldOrderOf, type Scan, scanOf } from './interlacing.js';
import { type AskedOrientation, frameMatrix, orientationOf, streamMatrix } from './orientation.js';
import { type PixelAspect, pixelAspectOf, statedAspect } from './pixel-aspect.js';
import type { Look } from './placement.js';
import type { Size } from './scaling.js';

export interface DecodedFrame {
  /** Cropped as its stream says; not yet as its container says. */
  readonly frame: Frame;
  readonly scan: Scan;
  /** How the picture looks that is to be shown. */
  readonly look: Look;
  /** Where its corner lies in the coded picture, in which vectors are given. */
  readonly corner: Corner;
}

/** Reads the frames of one stream, in display order. */
export class DecodedFrames {
  /** What the container cuts off. */
  readonly crop: Crop | undefined;
  private readonly fieldOrder: number;
  private readonly codecId: AVCodecID;
  /** What the container says of its pixels. */
  private readonly aspect: PixelAspect | undefined;
  /** Of frames that say nothing themselves. */
  private orientation: AskedOrientation;
  private size: Size | undefined;
  /** Key frames in a row that had a matrix. */
  private repeated = 0;

  constructor(
    private readonly stream: Stream,
    decoder: CodecContext,
  ) {
    this.crop = containerCrop(stream);
    this.fieldOrder = fieldOrderOf(decoder);
    this.codecId = stream.codecpar.codecId;
    this.aspect = statedAspect(stream);
    this.orientation = orientationOf(streamMatrix(stream));
  }

  /** Changes the frame itself: it is cropped. */
  read(frame: Frame): DecodedFrame {
    const { crop } = this;
    // Of the codecs whose decoders were told to leave it, the one that can be cropped.
    const inCoded = this.codecId === AV_CODEC_ID_H264 ? cropDecoded(frame) : { left: 0, top: 0 };
    const cropped = crop && croppedSize(frame, crop);
    const { width, height } = cropped ?? frame;
    const look = {
      width,
      height,
      orientation: this.orientationOf(frame),
      aspect: pixelAspectOf(frame, this.aspect),
    };
    const corner = cropped ? { left: inCoded.left + crop.left, top: inCoded.top + crop.top } : inCoded;
    return { frame, scan: scanOf(frame, this.codecId, this.fieldOrder), look, corner };
  }

  /**
   * H.264 and HEVC say it in a message that stands for the frames after it, too, which FFmpeg hands out with the one
   * frame only. It ends where pictures of another size begin, or where key frames no longer repeat it.
   */
  private orientationOf(frame: Frame): AskedOrientation {
    const { width, height } = frame;
    const resized = this.size !== undefined && (this.size.width !== width || this.size.height !== height);
    this.size = { width, height };
    const own = frameMatrix(frame);
    const isKey = frame.hasFlags(AV_FRAME_FLAG_KEY);
    if (own) {
      if (isKey) this.repeated += 1;
      this.orientation = orientationOf(own);
    } else if (resized || (isKey && this.repeated > 1)) {
      this.repeated = 0;
      this.orientation = orientationOf(streamMatrix(this.stream));
    }
    return this.orientation;
  }
}
