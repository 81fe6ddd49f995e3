/** Decoded frames become ours: as displayed, with their motion, time and type. */

import { InputError } from '@twnet/core/errors';
import { type BlockMotion, NO_MOTION, type PictureType, type VideoFrame } from '@twnet/core/frame';
import { MATCHED_BLOCK } from '@twnet/core/motion/block-matching';
import {
  AV_CODEC_ID_FFV1,
  AV_CODEC_ID_H264,
  AV_CODEC_PROP_INTRA_ONLY,
  AV_FRAME_DATA_MOTION_VECTORS,
  AV_PICTURE_TYPE_B,
  AV_PICTURE_TYPE_I,
  AV_PICTURE_TYPE_SI,
} from 'node-av/constants';
import type { CodecContext, Frame } from 'node-av/lib';
import { audioOf, type VideoOrigin } from './audio-copy.js';
import { type CodedMotion, handedOut, type RecordedFrame } from './coded-motion.js';
import { type DecodedFrame, DecodedFrames } from './decoded-frame.js';
import { losesVectorsOfB } from './decoder.js';
import type { OpenedStream } from './demux.js';
import { type FrameFacts, unwanted } from './frame-facts.js';
import { FramePictures } from './frame-pictures.js';
import { FrameReader } from './frame-reader.js';
import { mayCodeFields } from './h264-fields.js';
import type { LossLog } from './losses.js';
import { MotionEstimator } from './motion-estimator.js';
import { Notes } from './notes.js';
import type { OpenVideoOptions } from './open-options.js';
import { type FilteredPicture, PictureFilters } from './picture-filters.js';
import type { PictureIndex } from './picture-index.js';
import { type Placement, placeMotion } from './placement.js';
import type { Size } from './scaling.js';
import { TimeRange } from './time-range.js';
import { type FrameTime, Timeline } from './timeline.js';
import {
  describeStream,
  FIELD_VECTORS,
  gapsOfVectors,
  NO_FIELD_VECTORS,
  noteOnMotion,
  type VideoInfo,
} from './video-info.js';

/** I-frames of a codec that has no others say nothing: every so-many frames, as in the paper, stand as such. */
const GOP_OF_INTRA_CODECS = 12;
/** The deinterlacer looks at the frame before, and at the I-frame that this needs. */
const FRAMES_OF_FIELDS = 3;

export class FrameSource {
  info: VideoInfo | undefined;
  readonly notes = new Notes();
  private readonly decoded: DecodedFrames;
  private readonly filters: PictureFilters<FrameFacts>;
  private pictures: FramePictures | undefined;
  private timeline: Timeline | undefined;
  /** Goes on with the next key frame; while no frame is asked for. */
  skip: () => void = () => undefined;
  private estimator: MotionEstimator | undefined;
  /** Whether motion is estimated, from the next frame on. */
  private estimates = false;
  /** Whether an interlaced frame has been seen after the first one. */
  private sawFields = false;
  private readonly wanted: NonNullable<OpenVideoOptions['motionSource']>;
  private readonly intraOnly: boolean;
  /** What the estimator is set up for. */
  private prepared: Placement | undefined;

  constructor(
    private readonly name: string,
    private readonly opened: OpenedStream,
    private readonly decoder: CodecContext,
    private readonly options: OpenVideoOptions,
    private readonly log: LossLog,
    private readonly asRecords = false,
    private readonly index?: PictureIndex,
  ) {
    this.wanted = options.motionSource ?? 'auto';
    const { codecpar } = opened.stream;
    // FFV1's frames share statistics of their coding, and no pictures.
    this.intraOnly =
      codecpar.hasProperties(AV_CODEC_PROP_INTRA_ONLY) || codecpar.codecId === AV_CODEC_ID_FFV1;
    this.decoded = new DecodedFrames(opened.stream, decoder);
    this.filters = new PictureFilters(this.decoded.crop, name);
  }

  async *frames(): AsyncGenerator<VideoFrame> {
    try {
      const reader = new FrameReader(this.opened, this.decoder, this.log);
      this.skip = () => reader.skip();
      const range = new TimeRange(this.name, this.opened, reader, this.options, this.index);
      for await (const frame of reader.frames()) {
        const decoded = this.decoded.read(frame);
        const isFirst = !this.info;
        if (isFirst) this.begin(decoded, range);
        const time = this.timeline!.next(frame);
        if (isFirst) range.begin(time.seconds, this.info!.frameRate, this.lead);
        const place = await range.place(frame, time.seconds);
        if (place !== 'take') yield* this.lookAt(decoded, range.number);
        if (place === 'end') break;
        if (place === 'skip') continue;
        const facts = { ...this.factsOf(decoded, reader.count, time), arrived: reader.arrived };
        if (!this.needsPictures) yield await this.finish({ picture: frame, facts });
        else yield* this.wantedOf(this.filters.push(frame, decoded.scan === 'interlaced', facts));
      }
      range.ended();
      yield* this.wantedOf(this.filters.flush());
    } finally {
      this.decoder.freeContext();
      this.filters[Symbol.dispose]();
      this.pictures?.end();
      this.estimator?.[Symbol.dispose]();
      await this.opened.close();
    }
  }

  /** Else nothing is done to them. Once motion is estimated it is to the end. */
  private get needsPictures(): boolean {
    return this.pictures!.areWanted || this.estimates;
  }

  /** Frames before one that its picture and motion are made of, too, beside those since the I-frame before it. */
  private get lead(): number {
    if (!this.needsPictures) return 0;
    if (this.estimates && this.intraOnly) return GOP_OF_INTRA_CODECS;
    return this.info!.interlaced ? FRAMES_OF_FIELDS : 0;
  }

  /** A frame that is not wanted itself, though others are made of it. */
  private async *lookAt({ frame, look, scan }: DecodedFrame, number: number): AsyncGenerator<RecordedFrame> {
    if (!this.needsPictures || !(this.estimates || this.info!.interlaced)) return;
    const facts = unwanted(this.pictures!.placesOf(look).places, this.pictureTypeOf(frame, number));
    yield* this.wantedOf(this.filters.push(frame, scan === 'interlaced', facts));
  }

  private async *wantedOf(
    pictures: AsyncGenerator<FilteredPicture<FrameFacts>>,
  ): AsyncGenerator<RecordedFrame> {
    for await (const done of pictures) {
      const { picture, facts } = done;
      if (!facts.unwanted) yield await this.finish(done);
      else if (this.estimates) {
        this.prepare(facts.places.frame);
        await this.estimate(picture, facts.pictureType);
      }
    }
  }

  /** Where the frames come from; once there is one. */
  originOf(source: string | Uint8Array, first: number): VideoOrigin {
    const { opened, options } = this;
    // What FFmpeg opened itself is a playlist or goes on live.
    const again = opened.bytes ? opened.bytes.sequential === undefined : options.allowPlaylists === true;
    return { source, options, zero: this.timeline!.zero, first, audio: audioOf(opened.container), again };
  }

  /** Ends a read that waits. */
  abort(): void {
    this.opened.abort?.();
  }

  recycle(frame: VideoFrame): void {
    this.pictures?.recycle(frame);
  }

  /** Lets go of what is held for frames that have been handed out. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.pictures?.[Symbol.asyncDispose]();
  }

  private begin({ frame, look, scan }: DecodedFrame, range: TimeRange): void {
    const { opened, wanted } = this;
    const interlaced = scan === 'interlaced';
    this.pictures = new FramePictures(look, this.options, this.name);
    if (this.pictures.note !== undefined) this.notes.add(this.pictures.note);
    if (!look.orientation.exact)
      this.notes.add('it asks to be turned by an odd angle: it is turned to the nearest right angle');
    if (interlaced) this.notes.add('it is interlaced: frames are deinterlaced, one for each');
    if (scan === 'field') this.notes.add('each of its frames is one field, of half the lines');
    const note = noteOnMotion(opened, this.decoder, wanted, interlaced || this.mayCodeFields());
    if (note !== undefined && wanted !== 'none') {
      if (!canEstimate(look))
        throw new InputError(`${this.name}: frames of ${look.width}×${look.height} are too small`);
      this.estimates = true;
      this.notes.add(note);
    }
    if (wanted === 'codec')
      for (const gap of gapsOfVectors(this.decoder, interlaced, this.mayCodeFields())) this.notes.add(gap);
    const info = describeStream(opened, this.decoder, frame, {
      look,
      size: this.pictures.size,
      keySize: this.pictures.keySize,
      scale: this.pictures.scale,
      interlaced: scan !== 'progressive',
      motionNote: note,
      notes: [...this.notes.list],
    });
    const expected = range.estimate(info.frameCountEstimate, info.frameRate, info.durationSeconds);
    this.info = { ...info, frameCountEstimate: expected };
    this.timeline = new Timeline(frame, opened.stream, info.frameRate);
  }

  /** Pictures may hold blocks of fields though they are flagged as progressive. */
  private mayCodeFields(): boolean {
    const { codecId, extradata } = this.opened.stream.codecpar;
    return codecId === AV_CODEC_ID_H264 && mayCodeFields(extradata);
  }

  /** What is to be known of a frame as it comes out of the decoder, in display order. */
  private factsOf(decoded: DecodedFrame, index: number, time: FrameTime): FrameFacts {
    const { frame, look } = decoded;
    const { seconds: timestamp, duration, joined } = time;
    const { places, change } = this.pictures!.placesOf(look);
    const from = `from frame ${index} (${timestamp.toFixed(2)} s) on`;
    if (change !== undefined) this.notes.add(`${from} ${change}`);
    if (change !== undefined || joined) this.log.breakHere();
    this.noteFields(decoded, from);
    const pictureType = this.pictureTypeOf(frame, index);
    return {
      index,
      timestamp,
      duration,
      pictureType,
      discontinuity: this.log.takeGap(),
      places,
      motion: this.estimates ? undefined : this.codedMotionOf(decoded, pictureType, change, places.frame),
    };
  }

  /** A stream may become interlaced in its midst. */
  private noteFields({ scan }: DecodedFrame, from: string): void {
    if (scan !== 'interlaced' || this.info!.interlaced || this.sawFields) return;
    this.sawFields = true;
    this.notes.add(`${from} it is interlaced: frames are deinterlaced, one for each`);
    if (this.wanted === 'codec') this.notes.add(`${from} ${NO_FIELD_VECTORS}`);
    if (this.wanted !== 'auto' || this.estimates) return;
    this.notes.add(`${from} ${FIELD_VECTORS}`);
    this.estimates = true;
    // The estimator has not seen the frame before.
    this.log.breakHere();
  }

  private codedMotionOf(
    { frame, scan, corner }: DecodedFrame,
    type: PictureType,
    change: string | undefined,
    place: Placement,
  ): CodedMotion {
    const wrong = scan === 'interlaced' || (type === 'B' && losesVectorsOfB(this.decoder));
    // Vectors into a frame of another size mean other places.
    const none = this.wanted === 'none' || wrong || type === 'I' || change !== undefined;
    return { records: none ? null : frame.getSideData(AV_FRAME_DATA_MOTION_VECTORS), corner, place };
  }

  private pictureTypeOf(frame: Frame, index: number): PictureType {
    if (this.estimates && this.intraOnly) return index % GOP_OF_INTRA_CODECS === 0 ? 'I' : 'P';
    const type = frame.pictType;
    if (type === AV_PICTURE_TYPE_I || type === AV_PICTURE_TYPE_SI) return 'I';
    // Estimated motion always refers to the frame displayed before: to its user there are no B-frames.
    return type === AV_PICTURE_TYPE_B && !this.estimates ? 'B' : 'P';
  }

  /** The frame handed out, from its picture as the filters left it. */
  private async finish({ picture, facts }: FilteredPicture<FrameFacts>): Promise<RecordedFrame> {
    const { places, index, timestamp, duration, pictureType, discontinuity, arrived } = facts;
    const { frame: place } = places;
    this.prepare(place);
    const frame = {
      index,
      timestamp,
      duration,
      pictureType,
      ...place.frame,
      ...(await this.pictures!.convert(index, picture, places)),
      discontinuity,
      ...(arrived === undefined ? {} : { arrived }),
    };
    if (facts.motion) return { ...frame, ...handedOut(facts.motion, this.asRecords) };
    return { ...frame, motion: placeMotion(await this.estimate(picture, pictureType), place) };
  }

  private prepare(place: Placement): void {
    if (place === this.prepared) return;
    this.estimator?.[Symbol.dispose]();
    this.estimator = undefined;
    this.prepared = place;
  }

  private async estimate(picture: Frame, pictureType: PictureType): Promise<BlockMotion> {
    if (!canEstimate(picture)) return NO_MOTION;
    this.estimator ??= new MotionEstimator(picture.width, picture.height, this.name);
    return await this.estimator.next(picture, pictureType !== 'I');
  }
}

const canEstimate = ({ width, height }: Size): boolean => width >= MATCHED_BLOCK && height >= MATCHED_BLOCK;
