/** The audio of a source, copied packet by packet beside the frames that are written. */
import { AV_NOPTS_VALUE, AVDISCARD_ALL, AVMEDIA_TYPE_AUDIO, AVSEEK_FLAG_BACKWARD } from 'node-av/constants';
import { avGetCodecName, type FormatContext, Packet, type Stream } from 'node-av/lib';
import type { Container } from './containers.js';
import type { OpenVideoOptions } from './open-options.js';
import { nameOf, type OpenedContainer, openContainer } from './source/open-container.js';

/** Where a video comes from; see `Video.origin`. */
export interface VideoOrigin {
  readonly source: string | Uint8Array;
  readonly options: OpenVideoOptions;
  /** Seconds on the container's clock at which the frames' time stamps are 0. */
  readonly zero: number;
  /** Time stamp of the first frame, seconds. */
  readonly first: number;
  /** Names of the codecs of its audio. */
  readonly audio: readonly string[];
  /** Whether it can be read a second time. */
  readonly again: boolean;
}

/** A step back of the audio's clock that is a join of clips, seconds. */
const JOIN = 0.5;
/** Encoders begin with so much that is not to be heard, seconds; MP4 says so, in others it is left out. */
const PRIMING = 0.2;

interface Track {
  readonly from: Stream;
  readonly to: Stream;
  /** Joins so far, and the source's time of the last packet, seconds. */
  epoch: number;
  time: number;
  lastDts: bigint | undefined;
}

interface Held {
  readonly track: Track;
  readonly packet: Packet;
  readonly epoch: number;
  /** Seconds on the frames' clock. */
  readonly time: number;
}

export class AudioCopy implements AsyncDisposable {
  private readonly tracks = new Map<number, Track>();
  private readonly streams: readonly Stream[];
  private held: Held | undefined;
  private ended = false;

  private constructor(
    private readonly origin: VideoOrigin,
    private readonly kind: Container,
    private readonly opened: OpenedContainer,
    /** Seconds on the frames' clock before which nothing is copied. */
    private readonly start: number,
  ) {
    const takes = ({ codecpar }: Stream) => kind.audio === 'any' || kind.audio.includes(codecpar.codecId);
    const audio = opened.container.streams.filter(
      (stream) => stream.codecpar.codecType === AVMEDIA_TYPE_AUDIO && takes(stream),
    );
    this.streams = audio.slice(0, kind.tracks);
  }

  /**
   * Opens a source's audio for a container; a sentence where there is some that cannot be copied, undefined where there
   * is none.
   *
   * @param first time stamp of the first frame that is written, where frames before it were left out on purpose
   */
  static async open(
    origin: VideoOrigin,
    kind: Container,
    first: number | undefined,
  ): Promise<AudioCopy | string | undefined> {
    const { source, options, audio, again } = origin;
    if (audio.length === 0) return undefined;
    const without = 'the video is written without its audio';
    if (kind.audio.length === 0) return `${kind.name} holds no audio: ${without}`;
    if (!again) return `${nameOf(source)} can be read only once: ${without}`;
    let opened: OpenedContainer;
    try {
      opened = await openContainer(source, nameOf(source), options);
    } catch {
      return `${nameOf(source)} cannot be opened a second time: ${without}`;
    }
    const copy = new AudioCopy(origin, kind, opened, first ?? Number.NEGATIVE_INFINITY);
    if (copy.streams.length > 0) {
      await copy.skipOthers();
      return copy;
    }
    await copy[Symbol.asyncDispose]();
    return `${kind.name} does not hold ${[...new Set(audio)].join(', ')}: ${without} (.mkv takes any)`;
  }

  /** By how many seconds the audio begins before the frames' time 0. */
  get lead(): number {
    if (this.start !== Number.NEGATIVE_INFINITY) return 0;
    const starts = this.streams.flatMap(({ startTime, timeBase }) =>
      startTime === AV_NOPTS_VALUE ? [] : [Number(startTime) * timeBase.toDouble()],
    );
    const early = this.origin.zero - Math.min(this.origin.zero, ...starts);
    return early > PRIMING ? early : 0;
  }

  /** Adds its streams to a container, before the header. */
  begin(container: FormatContext): void {
    for (const from of this.streams) {
      const to = container.newStream(null);
      from.codecpar.copy(to.codecpar);
      to.codecpar.codecTag = 0;
      to.timeBase = from.timeBase;
      to.disposition = from.disposition;
      to.metadata = from.metadata;
      this.tracks.set(from.index, { from, to, epoch: 0, time: Number.NEGATIVE_INFINITY, lastDts: undefined });
    }
  }

  /**
   * Gives the packets up to a time of the file, seconds, stamped for it; free each.
   *
   * @param offsets what is added to the source's times, for each stretch between jumps of the frames' clock
   */
  async *until(seconds: number, offsets: readonly number[]): AsyncGenerator<Packet> {
    for (;;) {
      this.held ??= await this.read();
      const { held } = this;
      if (!held) return;
      const { track, packet, epoch, time } = held;
      const offset = offsets[Math.min(epoch, offsets.length - 1)];
      const waits = epoch >= offsets.length && seconds !== Number.POSITIVE_INFINITY;
      if (waits || time + offset >= seconds) return;
      this.held = undefined;
      if (this.stamp(packet, track, time, offset)) yield packet;
      else packet.free();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.held?.packet.free();
    this.held = undefined;
    this.ended = true;
    await this.opened.close();
  }

  private async skipOthers(): Promise<void> {
    const { container, bytes } = this.opened;
    const copied = new Set(this.streams.map(({ index }) => index));
    for (const stream of container.streams) if (!copied.has(stream.index)) stream.discard = AVDISCARD_ALL;
    if (this.start > 1 && bytes?.sequential === undefined) {
      const at = BigInt(Math.floor((this.start + this.origin.zero - 0.5) * 1e6));
      // Where it cannot be gone to, what comes before is read and dropped.
      await container.seekFrame(-1, at, AVSEEK_FLAG_BACKWARD);
    }
  }

  private async read(): Promise<Held | undefined> {
    while (!this.ended) {
      const packet = new Packet();
      packet.alloc();
      const result = await this.opened.container.readFrame(packet);
      const track = result >= 0 ? this.tracks.get(packet.streamIndex) : undefined;
      const stamp = packet.pts === AV_NOPTS_VALUE ? packet.dts : packet.pts;
      if (!track || stamp === AV_NOPTS_VALUE) {
        packet.free();
        if (result < 0) this.ended = true;
        continue;
      }
      const time = Number(stamp) * track.from.timeBase.toDouble() - this.origin.zero;
      if (time < track.time - JOIN) track.epoch++;
      track.time = time;
      return { track, packet, epoch: track.epoch, time };
    }
    return undefined;
  }

  /** Stamps a packet for the file; false where it is to be left out. */
  private stamp(packet: Packet, track: Track, time: number, offset: number): boolean {
    const trimmed = this.start !== Number.NEGATIVE_INFINITY;
    // Half a packet before is nearer than none.
    const length = Number(packet.duration) * track.from.timeBase.toDouble();
    if (trimmed && time < this.start - length / 2) return false;
    const earliest = !trimmed && this.kind.primes ? -PRIMING : -length / 2;
    const shown = time + offset;
    if (shown < Math.min(earliest, -0.0005)) return false;
    const { to } = track;
    packet.rescaleTs(track.from.timeBase, to.timeBase);
    const floor = this.kind.primes ? shown : Math.max(0, shown);
    packet.pts = BigInt(Math.round(floor / to.timeBase.toDouble()));
    // Audio is decoded in the order in which it is heard.
    packet.dts = packet.pts;
    if (track.lastDts !== undefined && packet.dts <= track.lastDts) return false;
    track.lastDts = packet.dts;
    packet.streamIndex = to.index;
    return true;
  }
}

/** Names of the codecs of a container's audio. */
export function audioOf({ streams }: FormatContext): string[] {
  return streams
    .filter(({ codecpar }) => codecpar.codecType === AVMEDIA_TYPE_AUDIO)
    .map(({ codecpar }) => (avGetCodecName(codecpar.codecId) ?? 'unknown audio').toUpperCase());
}
