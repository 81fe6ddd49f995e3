/** A video as an async iterable of frames that still know how they were coded. */
import {
  AV_FRAME_DATA_MOTION_VECTORS,
  AV_FRAME_FLAG_CORRUPT,
  AV_NOPTS_VALUE,
  AV_PICTURE_TYPE_B,
  AV_PICTURE_TYPE_I,
  AV_PICTURE_TYPE_SI,
  AVERROR_EAGAIN,
  AVERROR_EOF,
} from 'node-av/constants';
import { type CodecContext, Frame, Packet } from 'node-av/lib';
import { InputError } from '../errors.js';
import { parseBlockMotion } from './block-motion.js';
import { exportsVectors, openDecoder } from './decoder.js';
import { type OpenedStream, openStream } from './demux.js';
import { type BlockMotion, NO_MOTION, type PictureType, type VideoFrame } from './frame.js';
import { MotionEstimator } from './motion-estimator.js';
import { ToPlanarRgb } from './planar-rgb.js';
import { type Rotation, rotateMotion, rotatePixels, rotationOf } from './rotation.js';
import { describeStream, type VideoInfo } from './video-info.js';

export interface OpenVideoOptions {
  /** 'auto': the codec's vectors where its decoder gives them, else estimated ones. Default 'auto'. */
  readonly motionSource?: 'auto' | 'codec' | 'estimate';
}

/** A part of the input that could not be used. */
export interface Loss {
  /** Frames decoded before it. */
  readonly afterFrame: number;
  readonly what: string;
}

/** Opens a video file (MP4, MKV, AVI, WebM, MPEG-TS, raw streams, …) or the bytes of one. */
export async function openVideo(source: string | Uint8Array, options: OpenVideoOptions = {}): Promise<Video> {
  const name = typeof source === 'string' ? source : 'the video in memory';
  const opened = await openStream(source, name);
  try {
    return new Video(name, opened, await openDecoder(opened, name), options.motionSource ?? 'auto');
  } catch (error) {
    await opened.close();
    throw error;
  }
}

export class Video implements AsyncIterable<VideoFrame>, AsyncDisposable {
  readonly info: VideoInfo;
  /** What could not be decoded so far; complete once iteration has ended. */
  readonly losses: Loss[] = [];
  private readonly rotation: Rotation;
  private converter: ToPlanarRgb | undefined;
  private estimator: MotionEstimator | undefined;
  private readonly codedWidth: number;
  private readonly codedHeight: number;
  private count = 0;
  private gap = true;
  private closed = false;

  /** Use {@link openVideo}. */
  constructor(
    readonly name: string,
    private readonly opened: OpenedStream,
    private readonly decoder: CodecContext,
    motionSource: 'auto' | 'codec' | 'estimate',
  ) {
    const { stream } = opened;
    this.rotation = rotationOf(stream);
    this.codedWidth = stream.codecpar.width;
    this.codedHeight = stream.codecpar.height;
    const hasVectors = exportsVectors(stream.codecpar.codecId);
    const estimate = motionSource === 'estimate' || (motionSource === 'auto' && !hasVectors);
    this.info = describeStream(opened, this.rotation, estimate ? 'estimate' : 'codec', hasVectors);
    if (estimate) this.estimator = new MotionEstimator(this.codedWidth & ~1, this.codedHeight & ~1);
  }

  /** The frames in display order; a video is read once. Ends native resources when done or left. */
  async *[Symbol.asyncIterator](): AsyncGenerator<VideoFrame> {
    const packet = new Packet();
    const frame = new Frame();
    packet.alloc();
    frame.alloc();
    try {
      while (await this.readPacket(packet)) {
        const sent = await this.decoder.sendPacket(packet);
        packet.unref();
        if (sent < 0 && sent !== AVERROR_EAGAIN) this.lose('a damaged packet');
        yield* this.decodedFrames(frame);
      }
      await this.decoder.sendPacket(null);
      yield* this.decodedFrames(frame);
      this.checkEnd();
    } finally {
      packet.free();
      frame.free();
      await this.close();
    }
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.decoder.freeContext();
    this.converter?.[Symbol.dispose]();
    this.estimator?.[Symbol.dispose]();
    await this.opened.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  /** The next packet of the video stream; false at the end. */
  private async readPacket(packet: Packet): Promise<boolean> {
    for (;;) {
      const result = await this.opened.container.readFrame(packet);
      if (result >= 0) {
        if (packet.streamIndex === this.opened.stream.index) return true;
        packet.unref();
      } else if (result !== AVERROR_EAGAIN) {
        if (result !== AVERROR_EOF) this.lose('the rest of the file, which cannot be read');
        return false;
      }
    }
  }

  private async *decodedFrames(frame: Frame): AsyncGenerator<VideoFrame> {
    for (;;) {
      const result = await this.decoder.receiveFrame(frame);
      if (result === AVERROR_EAGAIN || result === AVERROR_EOF) return;
      if (result < 0) {
        this.lose('a damaged frame');
        return;
      }
      const converted = await this.convert(frame);
      frame.unref();
      yield converted;
    }
  }

  private async convert(frame: Frame): Promise<VideoFrame> {
    if (frame.hasFlags(AV_FRAME_FLAG_CORRUPT) || frame.decodeErrorFlags !== 0)
      this.lose('part of a damaged frame');
    const resized = frame.width !== this.codedWidth || frame.height !== this.codedHeight;
    if (resized) this.gap = true;
    const pixels = this.pixelsOf(frame);
    const pictureType = pictureTypeOf(frame);
    const estimated = await this.estimator?.next(this.evenPixels(pixels));
    const coded = estimated ?? parseBlockMotion(frame.getSideData(AV_FRAME_DATA_MOTION_VECTORS));
    const usable = pictureType === 'I' || resized ? NO_MOTION : coded;
    const result: VideoFrame = {
      index: this.count,
      timestamp: this.timestampOf(frame),
      // Estimated motion always refers to the frame before: there is no B-frame to the segmenter.
      pictureType: estimated && pictureType === 'B' ? 'P' : pictureType,
      width: this.info.width,
      height: this.info.height,
      pixels: rotatePixels(pixels, this.codedWidth, this.codedHeight, this.rotation),
      motion: this.rotated(usable),
      discontinuity: this.gap,
    };
    this.count += 1;
    this.gap = false;
    return result;
  }

  private rotated(motion: BlockMotion): BlockMotion {
    return rotateMotion(motion, this.codedWidth, this.codedHeight, this.rotation);
  }

  private pixelsOf(frame: Frame): Uint8Array {
    const format = {
      width: frame.width,
      height: frame.height,
      format: frame.format as ToPlanarRgb['source']['format'],
    };
    const known = this.converter?.source;
    if (
      !known ||
      known.width !== format.width ||
      known.height !== format.height ||
      known.format !== format.format
    ) {
      this.converter?.[Symbol.dispose]();
      this.converter = new ToPlanarRgb(format, this.codedWidth, this.codedHeight);
    }
    return this.converter!.convert(frame);
  }

  /** The estimator's codec takes even sizes: an odd last row or column is left out of the search. */
  private evenPixels(pixels: Uint8Array): Uint8Array {
    const { codedWidth: width, codedHeight: height } = this;
    const [evenWidth, evenHeight] = [width & ~1, height & ~1];
    if (evenWidth === width && evenHeight === height) return pixels;
    const cropped = new Uint8Array(3 * evenWidth * evenHeight);
    for (let plane = 0; plane < 3; plane++) {
      for (let y = 0; y < evenHeight; y++) {
        const start = plane * width * height + y * width;
        cropped.set(pixels.subarray(start, start + evenWidth), (plane * evenHeight + y) * evenWidth);
      }
    }
    return cropped;
  }

  private timestampOf(frame: Frame): number {
    const stamp = frame.bestEffortTimestamp;
    if (stamp === AV_NOPTS_VALUE) return this.count / (this.info.frameRate || 25);
    const start = this.opened.stream.startTime;
    return Number(stamp - (start === AV_NOPTS_VALUE ? 0n : start)) * this.opened.stream.timeBase.toDouble();
  }

  private lose(what: string): void {
    this.gap = true;
    this.losses.push({ afterFrame: this.count, what });
  }

  /** Containers that announce their frames show whether the end is missing. */
  private checkEnd(): void {
    const expected = this.info.frameCount;
    if (this.count === 0) throw new InputError(`${this.name}: no frame of it can be decoded`);
    if (expected !== undefined && this.count < expected) {
      this.losses.push({
        afterFrame: this.count,
        what: `${expected - this.count} of ${expected} frames that the file announces`,
      });
    }
  }
}

function pictureTypeOf(frame: Frame): PictureType {
  if (frame.pictType === AV_PICTURE_TYPE_B) return 'B';
  return frame.pictType === AV_PICTURE_TYPE_I || frame.pictType === AV_PICTURE_TYPE_SI ? 'I' : 'P';
}
