/** A browser's pictures as the core's video: planar RGB in the sizes that networks see, with estimated motion. */
import { InputError } from '@twnet/core/errors';
import { type BlockMotion, NO_MOTION, type VideoFrame } from '@twnet/core/frame';
import { BlockMatcher, MATCHED_BLOCK } from '@twnet/core/motion/block-matching';
import { workingSize } from '@twnet/core/network/working-size';
import type { PictureSize } from '@twnet/core/runtime/frame-call';
import type { FrameSource } from '@twnet/core/segment/segmenter';
import { type DecodedPicture, PictureReader } from '../pictures/decoded-picture.js';
import { PictureConverter } from '../pictures/picture-converter.js';
import type { Scaler } from '../pictures/sampling.js';
import type { VideoInfo } from './info.js';
import type { PictureSource, SourceFrame } from './source-frame.js';

export interface OpenVideoOptions {
  /** As in Node: share of the video's sides that frames have, or key pictures; 'auto': by the video's size. */
  readonly scale?: number | 'auto';
  /** Pixels of the longer side, at most. */
  readonly maxSide?: number;
  /** Frames of half the size, which come with a key picture when they are asked for it. */
  readonly keyPictures?: boolean;
  /** No motion is worked out: every frame is segmented on its own. */
  readonly still?: boolean;
}

/** Pictures that are held at a time: those that a segmenter reads ahead, and a few. */
const MOST_HELD = 6;

/** Where sizes differ: as in Node (`scalerFor`, `halfScalerFor`). */
const keyScaler = (from: PictureSize, to: PictureSize): Scaler =>
  to.width > from.width || to.height > from.height ? 'bilinear' : 'bicubic';
const frameScaler = (from: PictureSize, to: PictureSize): Scaler =>
  to.width < from.width ? 'area' : keyScaler(from, to);

/** A video whose frames are read once. */
export class Video implements FrameSource {
  readonly #reader = new PictureReader();
  readonly #frames: PictureConverter;
  readonly #keys: PictureConverter | undefined;
  readonly #matcher: BlockMatcher | undefined;
  /** Pictures of which key pictures may still be asked for, and those that were made, by frame. */
  readonly #held = new Map<number, DecodedPicture>();
  readonly #made = new Map<number, Uint8Array>();
  #previous: Uint8Array | undefined;
  #taken = false;

  private constructor(
    readonly info: VideoInfo,
    private readonly source: PictureSource,
    private readonly first: SourceFrame,
    private readonly rest: AsyncIterator<SourceFrame, void>,
    options: OpenVideoOptions,
  ) {
    const { width, height, keyWidth, keyHeight, source: from } = info;
    const { turn, chroma } = source;
    const frame = { width, height };
    const key = { width: keyWidth, height: keyHeight };
    const scaler = options.keyPictures ? frameScaler(from, frame) : keyScaler(from, frame);
    this.#frames = new PictureConverter({ ...frame, scaler, turn, chroma });
    if (options.keyPictures)
      this.#keys = new PictureConverter({ ...key, scaler: keyScaler(from, key), turn, chroma });
    if (!options.still) this.#matcher = new BlockMatcher(width, height);
  }

  /** Decodes the first picture: what a video's size is, the pictures say. @throws InputError */
  static async open(source: PictureSource, options: OpenVideoOptions = {}): Promise<Video> {
    const { scale = 1, maxSide, keyPictures: halved = false } = options;
    const pictures = source[Symbol.asyncIterator]();
    const first = await pictures.next();
    if (first.done) throw new InputError(`${source.name}: has no pictures`);
    const size = displayedSize(first.value.frame, source);
    const { name, codec, duration } = source;
    const working = workingSize(size, { scale, halved, ...(maxSide === undefined ? {} : { maxSide }) });
    const { key, frame } = working;
    if (!options.still && Math.min(frame.width, frame.height) < MATCHED_BLOCK) {
      first.value.frame.close();
      throw new InputError(`${name}: frames of ${frame.width}×${frame.height} are too small`);
    }
    const info: VideoInfo = {
      ...{ name, codec, duration, source: size, scale: working.scale, motionSource: 'estimate' },
      ...{ width: frame.width, height: frame.height, keyWidth: key.width, keyHeight: key.height },
    };
    return new Video(info, source, first.value, pictures, options);
  }

  /** The frames in display order. */
  async *[Symbol.asyncIterator](): AsyncGenerator<VideoFrame, void> {
    if (this.#taken) throw new Error(`${this.info.name}: its frames can be read once; open it again`);
    this.#taken = true;
    try {
      yield await this.#take(this.first, 0);
      for (let index = 1; ; index++) {
        const next = await this.rest.next();
        if (next.done) return;
        yield await this.#take(next.value, index);
      }
    } finally {
      this.close();
    }
  }

  /** Takes a frame's pixels back to be used again. */
  recycle({ index, pixels }: VideoFrame): void {
    this.#frames.recycle(pixels);
    this.#letGo(index);
    const key = this.#made.get(index);
    this.#made.delete(index);
    if (key) this.#keys?.recycle(key);
  }

  close(): void {
    this.source.close();
    void this.rest.return?.();
    if (!this.#taken) this.first.frame.close();
    this.#taken = true;
  }

  async #take({ frame, isKey, timestamp, duration }: SourceFrame, index: number): Promise<VideoFrame> {
    let picture: DecodedPicture;
    try {
      picture = await this.#reader.read(frame, this.info.name, this.source.colour);
    } finally {
      frame.close();
    }
    const pixels = this.#frames.convert(picture);
    if (!this.#keys) this.#reader.recycle(picture);
    const motion = this.#motion(pixels);
    return {
      ...{ index, timestamp, duration, pixels, motion, discontinuity: index === 0 },
      ...{ width: this.info.width, height: this.info.height, pictureType: isKey ? 'I' : 'P' },
      ...(this.#keys ? { keyPicture: this.#hold(index, picture) } : {}),
    };
  }

  /** Against the picture displayed just before. */
  #motion(pixels: Uint8Array): BlockMotion {
    const previous = this.#previous;
    this.#previous = pixels;
    if (!this.#matcher) return NO_MOTION;
    return previous ? this.#matcher.between(pixels, previous) : NO_MOTION;
  }

  #hold(index: number, picture: DecodedPicture): () => Promise<Uint8Array> {
    this.#held.set(index, picture);
    for (const oldest of this.#held.keys()) {
      if (this.#held.size <= MOST_HELD) break;
      this.#letGo(oldest);
    }
    return async () => {
      const made = this.#made.get(index) ?? this.#makeKey(index);
      this.#made.set(index, made);
      this.#letGo(index);
      return made;
    };
  }

  #makeKey(index: number): Uint8Array {
    const held = this.#held.get(index);
    if (!held || !this.#keys)
      throw new Error(
        `${this.info.name}: the key picture of frame ${index} is no longer there: ask before ${MOST_HELD} later frames are read`,
      );
    return this.#keys.convert(held);
  }

  #letGo(index: number): void {
    const held = this.#held.get(index);
    this.#held.delete(index);
    if (held) this.#reader.recycle(held);
  }
}

function displayedSize(
  { visibleRect, codedWidth, codedHeight }: SourceFrame['frame'],
  { turn }: PictureSource,
): PictureSize {
  const { width, height } = visibleRect ?? { width: codedWidth, height: codedHeight };
  return turn === 90 || turn === 270 ? { width: height, height: width } : { width, height };
}
