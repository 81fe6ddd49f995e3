/** A video as an async iterable of frames that still know how they were coded. */
import '../kernels/provide.js';
import { statSync } from 'node:fs';
import { InputError } from '@twnet/core/errors';
import type { VideoFrame } from '@twnet/core/frame';
import { LARGEST_SCALE, SMALLEST_SIDE } from '@twnet/core/network/working-size';
import type { CodecContext } from 'node-av/lib';
import type { VideoOrigin } from './audio-copy.js';
import { exportsVectors, openDecoder } from './decoder.js';
import { type OpenedStream, openStream } from './demux.js';
import { FrameSource } from './frame-source.js';
import { type Loss, LossLog, type LossTotals } from './losses.js';
import { checkOpening, mayNeedPictures, type OpenVideoOptions } from './open-options.js';
import { indexPictures, type PictureIndex } from './picture-index.js';
import { nameOf } from './source/open-container.js';
import { checkRange } from './time-range.js';
import type { VideoInfo } from './video-info.js';

/**
 * Opens a video (MP4, MKV, AVI, WebM, MPEG-TS, raw streams, …) and decodes its first frame.
 *
 * @param source path of a file, pipe or FIFO; web or live address; `-` for standard input; or the bytes of a file
 *
 * @throws InputError for what is missing, no video, or has no frame that can be decoded, and
 *   for options that are none; RangeError for a scale
 *   outside (0, 4] and a maxSide that is none
 */
export async function openVideo(source: string | Uint8Array, options: OpenVideoOptions = {}): Promise<Video> {
  return open(source, options, false);
}

/** The same, where the source's index is known already. */
export async function openIndexed(
  source: string | Uint8Array,
  options: OpenVideoOptions,
  index: PictureIndex | undefined,
): Promise<Video> {
  return open(source, options, false, index);
}

/** The same, whose frames are a `RecordedFrame` each. */
export async function openRecords(source: string | Uint8Array, options: OpenVideoOptions): Promise<Video> {
  return open(source, options, true);
}

async function open(
  source: string | Uint8Array,
  options: OpenVideoOptions,
  asRecords: boolean,
  known?: PictureIndex,
): Promise<Video> {
  checkOpening(source, options);
  const { scale = 1, maxSide = SMALLEST_SIDE } = options;
  if (scale !== 'auto' && !(scale > 0 && scale <= LARGEST_SCALE))
    throw new RangeError(`openVideo: a scale of ${scale} is not in (0, ${LARGEST_SCALE}]`);
  if (!(Number.isInteger(maxSide) && maxSide >= SMALLEST_SIDE))
    throw new RangeError(`openVideo: maxSide must be a whole number of at least 16 pixels, not ${maxSide}`);
  checkRange(options);
  const name = nameOf(source);
  const index = known ?? (needsIndex(source, options) ? await indexPictures(source, options) : undefined);
  const opened = await openStream(source, name, options);
  let decoder: CodecContext;
  try {
    const { codecId } = opened.stream.codecpar;
    decoder = await openDecoder(opened, name, mayNeedPictures(options));
    if (options.motionSource === 'codec' && !exportsVectors(codecId)) {
      decoder.freeContext();
      throw new InputError(`${name}: its codec's decoder hands out no motion vectors; estimate them (auto)`);
    }
  } catch (error) {
    await opened.close();
    throw error;
  }
  return Video.start(source, opened, decoder, options, asRecords, index);
}

/** Frames are told by their numbers, and not from the first one on; what is read only once is counted. */
function needsIndex(source: string | Uint8Array, { from, to }: OpenVideoOptions): boolean {
  if (source === '-' || (from === undefined && to === undefined)) return false;
  if (typeof source === 'string' && statSync(source, { throwIfNoEntry: false })?.isFile() === false)
    return false;
  return from !== undefined && from !== 0;
}

/** An open video: what it is, its frames (once), and what of it was lost. Use {@link openVideo}. */
export class Video implements AsyncIterable<VideoFrame>, AsyncDisposable {
  /** What could not be decoded so far; complete once iteration has ended. */
  readonly losses: readonly Loss[];
  /** All losses added up, also where they are too many to list. */
  readonly lossTotals: LossTotals;
  /** What one should know of how it is read, a sentence each: `info.notes`, and what reading brings to light. */
  readonly notes: readonly string[];
  private taken = false;

  private constructor(
    readonly name: string,
    readonly info: VideoInfo,
    /** Where it comes from, for its audio. */
    readonly origin: VideoOrigin,
    private readonly first: VideoFrame,
    private readonly rest: AsyncGenerator<VideoFrame>,
    private readonly source: FrameSource,
    log: LossLog,
  ) {
    this.losses = log.losses;
    this.lossTotals = log.totals;
    this.notes = source.notes.list;
  }

  /** @internal Takes over `opened` and `decoder`: they are closed with the video. */
  static async start(
    source: string | Uint8Array,
    opened: OpenedStream,
    decoder: CodecContext,
    options: OpenVideoOptions,
    asRecords = false,
    index?: PictureIndex,
  ): Promise<Video> {
    const log = new LossLog();
    const name = nameOf(source);
    const decoded = new FrameSource(name, opened, decoder, options, log, asRecords, index);
    const frames = decoded.frames();
    // Size and pixel format are what the decoder gives, not what the container says of them.
    const first = await frames.next();
    if (first.done) throw new InputError(`${name}: no frame of it can be decoded`);
    return new Video(
      name,
      decoded.info!,
      decoded.originOf(source, first.value.timestamp),
      first.value,
      frames,
      decoded,
      log,
    );
  }

  /** The frames in display order. Native resources end when the loop is done or left. */
  async *[Symbol.asyncIterator](): AsyncGenerator<VideoFrame> {
    if (this.taken) throw new Error(`${this.name}: its frames can be read once; open it again`);
    this.taken = true;
    try {
      yield this.first;
      yield* this.rest;
    } finally {
      await this.end();
    }
  }

  /** @internal Goes on with the next key frame: of live sources that are read too slowly. */
  skipToKeyFrame(): void {
    this.source.skip();
  }

  /**
   * Gives a frame back: its pixels' memory is used for a later frame, so nobody may look at them any more. Not
   * needed, but sparing: else the garbage collector has megabytes a frame to do.
   */
  recycle(frame: VideoFrame): void {
    this.source.recycle(frame);
  }

  /**
   * Frees native resources, once a frame that is being decoded is done; key pictures can no longer be asked for. A loop
   * that is done or left frees all but the few pictures that are held for those.
   */
  async close(): Promise<void> {
    await this.end();
    await this.source[Symbol.asyncDispose]();
  }

  private async end(): Promise<void> {
    this.taken = true;
    this.source.abort();
    await this.rest.return(undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
