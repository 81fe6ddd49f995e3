/** The pictures of a file's video, decoded by the browser (WebCodecs) in display order. */
import { InputError, messageOf, PartialInputError } from '@twnet/core/errors';
import type { EncodedPacket } from 'mediabunny';
import type { ColourTags } from '../pictures/colour-matrix.js';
import type { ChromaPlace, Turn } from '../pictures/picture-converter.js';
import { type FileInput, type OpenedTrack, openTrack } from './demux.js';
import type { PictureSource, SourceFrame } from './source-frame.js';

/** Packets that the decoder may hold, and pictures that may wait: decoders have few, and stop without. */
const MOST_PACKETS = 8;
const MOST_PICTURES = 4;

/** Codecs whose decoders put chroma beside the left one of two pixels, unless the stream says otherwise. */
const LEFT_CHROMA = new Set(['avc', 'hevc']);

/** Where to begin and to end, seconds. */
export interface FileRange {
  readonly from?: number;
  readonly to?: number;
}

export class DecodedFile implements PictureSource {
  private closed = false;

  private constructor(
    private readonly opened: OpenedTrack,
    readonly codec: string,
    readonly turn: Turn,
    readonly chroma: ChromaPlace,
    readonly duration: number | undefined,
    readonly colour: ColourTags | undefined,
    private readonly range: FileRange,
  ) {}

  /** @throws InputError for what is no video, has none, or is coded in a way that this browser does not decode */
  static async open(file: FileInput, range: FileRange = {}): Promise<DecodedFile> {
    const opened = await openTrack(file);
    const { track } = opened;
    const codec = (await track.getCodec())!;
    const duration = await track.computeDuration().catch(() => undefined);
    const { matrix, fullRange } = await track.getColorSpace();
    const colour = matrix ? { matrix, fullRange: fullRange ?? false } : undefined;
    const chroma = LEFT_CHROMA.has(codec) ? 'left' : 'centre';
    return new DecodedFile(opened, codec, await track.getRotation(), chroma, duration, colour, range);
  }

  get name(): string {
    return this.opened.name;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<SourceFrame, void> {
    const decoding = new Decoding(this.opened, this.range);
    try {
      for (let count = 0; ; count++) {
        const next = await decoding.next(count);
        if (!next) return;
        if (this.closed) {
          next.frame.close();
          return;
        }
        yield next;
      }
    } finally {
      decoding.end();
    }
  }

  close(): void {
    this.closed = true;
    this.opened.input.dispose();
  }
}

/** One decoder at work: packets go in while there is room, pictures come out. */
class Decoding {
  readonly #decoder: VideoDecoder;
  readonly #packets: AsyncGenerator<EncodedPacket, void>;
  readonly #pictures: globalThis.VideoFrame[] = [];
  /** Of packets on their way, by time stamp. */
  readonly #keys = new Map<number, boolean>();
  #failure: unknown;
  #flushed: Promise<void> | undefined;
  #isFlushed = false;
  #wake: () => void = () => undefined;

  constructor(
    readonly opened: OpenedTrack,
    readonly range: FileRange,
  ) {
    this.#decoder = new VideoDecoder({
      output: (frame) => {
        this.#pictures.push(frame);
        this.#wake();
      },
      error: (error) => {
        this.#failure ??= error;
        this.#wake();
      },
    });
    this.#decoder.configure({ ...opened.config, optimizeForLatency: false });
    this.#decoder.ondequeue = () => this.#wake();
    this.#packets = this.#read();
  }

  /** None at the end. @param count of pictures so far, for errors */
  async next(count: number): Promise<SourceFrame | undefined> {
    for (;;) {
      const picture = this.#pictures.shift();
      if (picture) {
        const given = this.#given(picture);
        if (given) return given;
        continue;
      }
      if (this.#failure !== undefined) throw this.#broken(count);
      if (this.#isFlushed) {
        if (count > 0) return undefined;
        throw new InputError(`${this.opened.name}: no frame of it can be decoded`);
      }
      const changed = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      if (!(await this.#feed(count))) await changed;
    }
  }

  end(): void {
    for (const picture of this.#pictures.splice(0)) picture.close();
    if (this.#decoder.state !== 'closed') this.#decoder.close();
    this.#packets.return().catch(() => undefined);
  }

  async *#read(): AsyncGenerator<EncodedPacket, void> {
    const { mediabunny, track } = this.opened;
    const sink = new mediabunny.EncodedPacketSink(track);
    const { from } = this.range;
    const start = from === undefined ? undefined : await sink.getKeyPacket(from);
    yield* sink.packets(start ?? undefined);
  }

  /** Gives the decoder a packet, where there is room; false where it is to be waited for. */
  async #feed(count: number): Promise<boolean> {
    if (this.#flushed || this.#decoder.decodeQueueSize >= MOST_PACKETS) return false;
    if (this.#pictures.length >= MOST_PICTURES) return false;
    let read: IteratorResult<EncodedPacket, void>;
    try {
      read = await this.#packets.next();
    } catch (error) {
      this.#failure ??= error;
      throw this.#broken(count);
    }
    if (this.#failure !== undefined) return true;
    if (read.done) {
      this.#flushed = this.#decoder.flush().then(
        () => this.#end(),
        (error) => {
          this.#failure ??= error;
          this.#wake();
        },
      );
      return true;
    }
    const packet = read.value;
    this.#keys.set(packet.microsecondTimestamp, packet.type === 'key');
    try {
      this.#decoder.decode(packet.toEncodedVideoChunk());
    } catch (error) {
      this.#failure ??= error;
    }
    return true;
  }

  #end(): void {
    this.#isFlushed = true;
    this.#wake();
  }

  /** None for pictures before the video's or the range's beginning, which are only there to decode others. */
  #given(frame: globalThis.VideoFrame): SourceFrame | undefined {
    const isKey = this.#keys.get(frame.timestamp) ?? false;
    // Those before it, which are on no way any more, would pile up where pictures were lost.
    for (const timestamp of this.#keys.keys()) if (timestamp <= frame.timestamp) this.#keys.delete(timestamp);
    const timestamp = frame.timestamp / 1e6;
    const { from = 0, to = Number.POSITIVE_INFINITY } = this.range;
    if (timestamp < from - 1e-4 || timestamp > to + 1e-4) {
      frame.close();
      return undefined;
    }
    return { frame, isKey, timestamp, ...(frame.duration ? { duration: frame.duration / 1e6 } : {}) };
  }

  #broken(count: number): Error {
    const { name } = this.opened;
    const why = messageOf(this.#failure);
    return count === 0
      ? new InputError(`${name}: no frame of it can be decoded (${why})`)
      : new PartialInputError(
          `${name}: is damaged: what comes after frame ${count - 1} cannot be decoded (${why})`,
        );
  }
}
