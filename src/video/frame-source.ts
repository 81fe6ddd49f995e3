/** Decoded frames become ours: as displayed, with their motion, time and type. */
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
import { losesVectorsOfB } from './decoder.js';
import type { OpenedStream } from './demux.js';
import { type BlockMotion, NO_MOTION, type PictureType, type VideoFrame } from './frame.js';
import { FrameReader } from './frame-reader.js';
import type { LossLog } from './losses.js';
import { MotionEstimator } from './motion-estimator.js';
import { Notes } from './notes.js';
import type { OpenVideoOptions } from './open-options.js';
import { orientationOf } from './orientation.js';
import { pixelAspectOf } from './pixel-aspect.js';
import { type Look, type Placement, placeFirst, placeLater, placeMotion, sameLook } from './placement.js';
import { ToPlanarRgb } from './planar-rgb.js';
import { scaledSize } from './scaling.js';
import { Timeline } from './timeline.js';
import { describeStream, noteOnMotion, type VideoInfo } from './video-info.js';

/** I-frames of a codec that has no others say nothing: every so-many frames, as in the paper, stand as such. */
const GOP_OF_INTRA_CODECS = 12;
const NO_PIXELS = new Uint8Array(0);
/** MPEG-4's encoder takes no smaller frames. */
const SMALLEST_ESTIMATED = 16;

/** What is known of a frame before its picture is ready. */
interface FrameFacts {
  readonly index: number;
  readonly timestamp: number;
  readonly pictureType: PictureType;
  readonly discontinuity: boolean;
  readonly place: Placement;
  /** The codec's, in the decoded picture; undefined where it is to be estimated. */
  readonly motion: BlockMotion | undefined;
}

export class FrameSource {
  info: VideoInfo | undefined;
  readonly notes = new Notes();
  private timeline: Timeline | undefined;
  private converter: ToPlanarRgb | undefined;
  private estimator: MotionEstimator | undefined;
  private estimates = false;
  private readonly intraOnly: boolean;
  private readonly motionless: boolean;
  /** How the first frame looked, and how the last one did. */
  private first: { readonly look: Look; readonly place: Placement } | undefined;
  private last: { readonly look: Look; readonly place: Placement } | undefined;
  /** What converter and estimator are set up for. */
  private prepared: Placement | undefined;

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
        yield await this.finish(frame, this.factsOf(frame, reader.count));
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

  private begin(frame: Frame): void {
    const { opened, options } = this;
    const look = this.lookOf(frame);
    const place = placeFirst(look, scaledSize(look, options.scale ?? 1));
    if (!orientationOf(frame, opened.stream).exact)
      this.notes.add(
        'its pictures are to be turned by an odd angle: they are turned to the nearest right angle',
      );
    this.first = { look, place };
    this.last = this.first;
    const note = noteOnMotion(opened, this.decoder, options.motionSource ?? 'auto');
    this.estimates = note !== undefined;
    if (this.estimates && !this.motionless) {
      if (!canEstimate(look))
        throw new InputError(`${this.name}: frames of ${frame.width}×${frame.height} are too small`);
      this.notes.add(note!);
    }
    this.info = describeStream(opened, this.decoder, frame, {
      look,
      size: place.frame,
      interlaced: false,
      motionNote: note,
      notes: [...this.notes.list],
    });
    this.timeline = new Timeline(frame, opened.stream, this.info.frameRate);
  }

  private lookOf(frame: Frame): Look {
    const { stream } = this.opened;
    return {
      width: frame.width,
      height: frame.height,
      orientation: orientationOf(frame, stream),
      aspect: pixelAspectOf(frame, stream),
    };
  }

  /** What is to be known of a frame as it comes out of the decoder, in display order. */
  private factsOf(frame: Frame, index: number): FrameFacts {
    const { seconds: timestamp, joined } = this.timeline!.next(frame);
    const { place, changed } = this.placeOf(frame, index, timestamp);
    if (changed || joined) this.log.breakHere();
    const pictureType = this.pictureTypeOf(frame, index);
    const estimated = this.estimates && !this.motionless;
    return {
      index,
      timestamp,
      pictureType,
      discontinuity: this.log.takeGap(),
      place,
      motion: estimated ? undefined : this.codedMotionOf(frame, pictureType, changed),
    };
  }

  private placeOf(frame: Frame, index: number, seconds: number): { place: Placement; changed: boolean } {
    const look = this.lookOf(frame);
    const { first, last } = this;
    if (sameLook(look, last!.look)) return { place: last!.place, changed: false };
    const place = sameLook(look, first!.look) ? first!.place : placeLater(look, first!.look, first!.place);
    this.last = { look, place };
    this.notes.add(noteOnChange(last!.look, look, place, index, seconds));
    return { place, changed: true };
  }

  private codedMotionOf(frame: Frame, pictureType: PictureType, changed: boolean): BlockMotion {
    const wrong = pictureType === 'B' && losesVectorsOfB(this.decoder);
    // Vectors into a frame of another size mean other places.
    if (this.motionless || wrong || pictureType === 'I' || changed) return NO_MOTION;
    return parseBlockMotion(frame.getSideData(AV_FRAME_DATA_MOTION_VECTORS));
  }

  private pictureTypeOf(frame: Frame, index: number): PictureType {
    if (this.estimates && !this.motionless && this.intraOnly)
      return index % GOP_OF_INTRA_CODECS === 0 ? 'I' : 'P';
    const type = frame.pictType;
    if (type === AV_PICTURE_TYPE_I || type === AV_PICTURE_TYPE_SI) return 'I';
    // Estimated motion always refers to the frame displayed before: to its user there are no B-frames.
    const estimated = this.estimates && !this.motionless;
    return type === AV_PICTURE_TYPE_B && !estimated ? 'B' : 'P';
  }

  /** The frame handed out, from its picture as the decoder and the filters left it. */
  private async finish(picture: Frame, facts: FrameFacts): Promise<VideoFrame> {
    const { place, index, timestamp, pictureType, discontinuity } = facts;
    if (place !== this.prepared) this.prepare(place);
    const motion = facts.motion ?? (await this.estimate(picture, pictureType));
    return {
      index,
      timestamp,
      pictureType,
      ...place.frame,
      pixels: this.converter ? await this.converter.convert(picture) : NO_PIXELS,
      motion: placeMotion(motion, place),
      discontinuity,
    };
  }

  private prepare(place: Placement): void {
    const { width, height } = place.scaled;
    this.converter?.[Symbol.dispose]();
    this.estimator?.[Symbol.dispose]();
    this.estimator = undefined;
    if (this.options.pixels ?? true) this.converter = new ToPlanarRgb(width, height, place, this.name);
    this.prepared = place;
  }

  private async estimate(picture: Frame, pictureType: PictureType): Promise<BlockMotion> {
    if (!canEstimate(picture)) return NO_MOTION;
    this.estimator ??= new MotionEstimator(picture.width & ~1, picture.height & ~1);
    const motion = await this.estimator.nextFrame(picture, pictureType === 'I');
    return pictureType === 'I' ? NO_MOTION : motion;
  }
}

const canEstimate = ({ width, height }: { readonly width: number; readonly height: number }): boolean =>
  width >= SMALLEST_ESTIMATED && height >= SMALLEST_ESTIMATED;

/** What changes in mid-stream, and what becomes of it. */
function noteOnChange(from: Look, to: Look, { frame }: Placement, index: number, seconds: number): string {
  const resized = from.width !== to.width || from.height !== to.height;
  const what = resized
    ? `its pictures change from ${from.width}×${from.height} to ${to.width}×${to.height}`
    : 'its pictures are to be shown otherwise (turned, mirrored or with other pixels)';
  return `from frame ${index} (${seconds.toFixed(2)} s) on ${what}: fitted into ${frame.width}×${frame.height}`;
}
