/** A video as an async iterable of frames that still know how they were coded. */
import {
  AV_CODEC_PROP_INTRA_ONLY,
  AV_FRAME_DATA_MOTION_VECTORS,
  AV_PICTURE_TYPE_B,
  AV_PICTURE_TYPE_I,
  AV_PICTURE_TYPE_SI,
} from 'node-av/constants';
import type { CodecContext, Frame } from 'node-av/lib';
import { InputError } from '../errors.js';
import { parseBlockMotion } from './block-motion.js';
import { exportsVectors, losesVectorsOfB, openDecoder } from './decoder.js';
import { type OpenedStream, openStream } from './demux.js';
import { NO_MOTION, type PictureType, type VideoFrame } from './frame.js';
import { FrameReader } from './frame-reader.js';
import { type Loss, LossLog } from './losses.js';
import { MotionEstimator } from './motion-estimator.js';
import { ToPlanarRgb } from './planar-rgb.js';
import { type Rotation, rotateMotion, rotatePixels, rotationOf } from './rotation.js';
import { type Size, scaledSize, scaleMotion } from './scaling.js';
import { Timeline } from './timeline.js';
import { describeStream, noteOnMotion, type VideoInfo } from './video-info.js';

export interface OpenVideoOptions {
  /**
   * 'auto': the codec's vectors where its decoder gives them, else estimated ones; 'none': none are needed, so
   * that nothing is spent on estimating them. Default 'auto'.
   */
  readonly motionSource?: 'auto' | 'codec' | 'estimate' | 'none';
  /** false: frames come with empty `pixels`, which saves their conversion. Default true. */
  readonly pixels?: boolean;
  /** Frames of this share of the video's width and height, motion to match: less to compute. 0 < scale ≤ 1; default 1. */
  readonly scale?: number;
}

/** I-frames of a codec that has no others say nothing: every so-many frames, as in the paper, stand as such. */
const GOP_OF_INTRA_CODECS = 12;
const NO_PIXELS = new Uint8Array(0);

/**
 * Opens a video file (MP4, MKV, AVI, WebM, MPEG-TS, raw streams, …) or the bytes of one, and decodes its first
 * frame.
 *
 * @throws InputError for what is missing, no video, or has no frame that can be decoded; RangeError for a scale
 *   outside (0, 1]
 */
export async function openVideo(source: string | Uint8Array, options: OpenVideoOptions = {}): Promise<Video> {
  const { scale = 1 } = options;
  if (!(scale > 0 && scale <= 1)) throw new RangeError(`openVideo: a scale of ${scale} is not in (0, 1]`);
  const name = typeof source === 'string' ? source : 'the video in memory';
  const opened = await openStream(source, name);
  let decoder: CodecContext;
  try {
    const { codecId } = opened.stream.codecpar;
    decoder = await openDecoder(opened, name);
    if (options.motionSource === 'codec' && !exportsVectors(codecId)) {
      decoder.freeContext();
      throw new InputError(`${name}: its codec's decoder hands out no motion vectors; estimate them (auto)`);
    }
  } catch (error) {
    await opened.close();
    throw error;
  }
  return Video.start(name, opened, decoder, options);
}

/** An open video: what it is, its frames (once), and what of it was lost. Use {@link openVideo}. */
export class Video implements AsyncIterable<VideoFrame>, AsyncDisposable {
  /** What could not be decoded so far; complete once iteration has ended. */
  readonly losses: readonly Loss[];
  private taken = false;

  private constructor(
    readonly name: string,
    readonly info: VideoInfo,
    private readonly first: VideoFrame,
    private readonly rest: AsyncGenerator<VideoFrame>,
    private readonly source: FrameSource,
    log: LossLog,
  ) {
    this.losses = log.losses;
  }

  /** @internal Takes over `opened` and `decoder`: they are closed with the video. */
  static async start(
    name: string,
    opened: OpenedStream,
    decoder: CodecContext,
    options: OpenVideoOptions,
  ): Promise<Video> {
    const log = new LossLog();
    const source = new FrameSource(name, opened, decoder, options, log);
    const frames = source.frames();
    // Size and pixel format are what the decoder gives, not what the container says of them.
    const first = await frames.next();
    if (first.done) throw new InputError(`${name}: no frame of it can be decoded`);
    return new Video(name, source.info!, first.value, frames, source, log);
  }

  /** The frames in display order. Native resources end when the loop is done or left. */
  async *[Symbol.asyncIterator](): AsyncGenerator<VideoFrame> {
    if (this.taken) throw new Error(`${this.name}: its frames can be read once; open it again`);
    this.taken = true;
    try {
      yield this.first;
      yield* this.rest;
    } finally {
      await this.close();
    }
  }

  /**
   * Gives a frame back: its pixels' memory is used for a later frame, so nobody may look at them any more. Not
   * needed, but sparing: else the garbage collector has megabytes a frame to do.
   */
  recycle({ pixels }: VideoFrame): void {
    this.source.recycle(pixels);
  }

  /** Frees native resources, once a frame that is being decoded is done. */
  async close(): Promise<void> {
    this.taken = true;
    await this.rest.return(undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Turns decoded frames into ours. */
class FrameSource {
  info: VideoInfo | undefined;
  private rotation: Rotation = 0;
  private timeline: Timeline | undefined;
  private converter: ToPlanarRgb | undefined;
  private estimator: MotionEstimator | undefined;
  private readonly intraOnly: boolean;
  private readonly motionless: boolean;
  /** Size of the first frame as it was coded. */
  private coded: Size = { width: 0, height: 0 };
  /** Size of the frames given out, before they are turned. */
  private size: Size = this.coded;

  constructor(
    private readonly name: string,
    private readonly opened: OpenedStream,
    private readonly decoder: CodecContext,
    private readonly options: OpenVideoOptions,
    private readonly log: LossLog,
  ) {
    this.motionless = options.motionSource === 'none';
    this.intraOnly = opened.stream.codecpar.hasProperties(AV_CODEC_PROP_INTRA_ONLY);
  }

  async *frames(): AsyncGenerator<VideoFrame> {
    try {
      const reader = new FrameReader(this.opened, this.decoder, this.log);
      for await (const frame of reader.frames()) {
        if (!this.info) this.begin(frame);
        yield await this.convert(frame, reader.count);
      }
    } finally {
      this.decoder.freeContext();
      this.converter?.[Symbol.dispose]();
      this.estimator?.[Symbol.dispose]();
      await this.opened.close();
    }
  }

  recycle(pixels: Uint8Array): void {
    this.converter?.recycle(pixels);
  }

  private begin(first: Frame): void {
    const { opened, options } = this;
    this.coded = { width: first.width, height: first.height };
    this.size = scaledSize(this.coded, options.scale ?? 1);
    this.rotation = rotationOf(first, opened.stream);
    const note = noteOnMotion(opened, this.decoder, options.motionSource ?? 'auto');
    const estimate = note !== undefined;
    if (estimate && !this.motionless) {
      if (first.width < 16 || first.height < 16)
        throw new InputError(`${this.name}: frames of ${first.width}×${first.height} are too small`);
      this.estimator = new MotionEstimator(first.width & ~1, first.height & ~1);
    }
    if (options.pixels ?? true) this.converter = new ToPlanarRgb(this.size.width, this.size.height);
    this.info = describeStream(opened, this.decoder, first, this.size, this.rotation, note);
    this.timeline = new Timeline(first, opened.stream, this.info.frameRate);
  }

  private async convert(frame: Frame, index: number): Promise<VideoFrame> {
    const { coded, size, rotation, converter } = this;
    const { width, height } = size;
    const resized = frame.width !== coded.width || frame.height !== coded.height;
    const { seconds: timestamp, joined } = this.timeline!.next(frame);
    if (resized || joined) this.log.breakHere();
    const pictureType = this.pictureTypeOf(frame, index);
    const { estimator } = this;
    const motion = estimator
      ? await estimator.nextFrame(frame, pictureType === 'I')
      : parseBlockMotion(frame.getSideData(AV_FRAME_DATA_MOTION_VECTORS));
    // Vectors of a frame of another size mean other places.
    const wrong = pictureType === 'B' && losesVectorsOfB(this.decoder);
    const unusable = this.motionless || wrong || pictureType === 'I' || (resized && !estimator);
    const pixels = converter ? await converter.convert(frame) : NO_PIXELS;
    return {
      index,
      timestamp,
      pictureType,
      width: this.info!.width,
      height: this.info!.height,
      pixels: converter ? rotatePixels(pixels, width, height, rotation) : pixels,
      motion: rotateMotion(scaleMotion(unusable ? NO_MOTION : motion, coded, size), width, height, rotation),
      discontinuity: this.log.takeGap(),
    };
  }

  private pictureTypeOf(frame: Frame, index: number): PictureType {
    if (this.estimator && this.intraOnly) return index % GOP_OF_INTRA_CODECS === 0 ? 'I' : 'P';
    const type = frame.pictType;
    if (type === AV_PICTURE_TYPE_I || type === AV_PICTURE_TYPE_SI) return 'I';
    // Estimated motion always refers to the frame displayed before: to its user there are no B-frames.
    return type === AV_PICTURE_TYPE_B && !this.estimator ? 'B' : 'P';
  }
}
