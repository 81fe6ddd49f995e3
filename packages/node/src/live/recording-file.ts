/** One file of a recording, which can be played up to its last fragment whatever happens. */
import { InputError } from '@twnet/core/errors';
import { AV_PIX_FMT_YUV420P, AVFMT_GLOBALHEADER } from 'node-av/constants';
import { type CodecContext, Dictionary, FormatContext, Packet, Rational, type Stream } from 'node-av/lib';
import { encodedSize, encoderOf, openEncoder } from '../video/encoder.js';
import { check } from '../video/open-writer.js';
import { FromPlanarRgb } from '../video/planar-rgb.js';
import type { Size } from '../video/scaling.js';

/** Ticks a second. */
const TICKS = 90_000;
/** What is lost at the end when writing breaks off: a fifth of a second. */
const FRAGMENTED = {
  movflags: 'frag_keyframe+empty_moov+default_base_moof',
  frag_duration: '200000',
};
/** Containers that lose nothing but the end when writing breaks off, and what their muxers are told for that. */
const CONTAINERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  mp4: FRAGMENTED,
  m4v: FRAGMENTED,
  mov: FRAGMENTED,
  mkv: { cluster_time_limit: '200', live: '1' },
  ts: {},
};
const CODING = {
  codec: 'h264',
  encoder: { options: { preset: 'ultrafast', tune: 'zerolatency', crf: '23' } },
} as const;

/** @throws InputError for containers that are nothing once writing has broken off */
export function checkRecordingName(path: string): void {
  if (optionsFor(path)) return;
  throw new InputError(`-o ${path}: recordings are .${Object.keys(CONTAINERS).join(', .')}`);
}

const optionsFor = (path: string) => CONTAINERS[/\.(\w+)$/.exec(path)?.[1].toLowerCase() ?? ''];

export interface RecordingFormat {
  /** Of the pictures that are given, and of those that are written. */
  readonly from: Size;
  readonly size: Size;
  /** Frames a second, about. */
  readonly frameRate: number;
}

export class RecordingFile {
  private count = 0;
  private last = -1;
  private readonly ticks: number[] = [];

  private constructor(
    readonly path: string,
    private readonly container: FormatContext,
    private readonly stream: Stream,
    private readonly encoder: CodecContext,
    private readonly converter: FromPlanarRgb,
    private readonly frameTicks: number,
  ) {}

  /** Under its own name from the start: it can be played while it grows. @throws OutputError */
  static async create(path: string, { from, size, frameRate }: RecordingFormat): Promise<RecordingFile> {
    const rate = frameRate > 0 && frameRate <= 120 ? frameRate : 25;
    const container = new FormatContext();
    let encoder: CodecContext | undefined;
    try {
      check(container.allocOutputContext2(null, null, path), path);
      const global = ((container.oformat?.flags ?? 0) & AVFMT_GLOBALHEADER) !== 0;
      const coded = encodedSize(size, encoderOf(CODING));
      // Where a player can begin: one a second.
      const gop = Math.max(1, Math.round(rate));
      encoder = await openEncoder({ ...coded, frameRate: rate }, { ...CODING, gop }, path, global);
      const stream = container.newStream(null);
      stream.timeBase = new Rational(1, TICKS);
      stream.avgFrameRate = encoder.framerate;
      stream.codecpar.fromContext(encoder);
      container.url = path;
      check(await container.openOutput(), path);
      const options = { ...optionsFor(path), flush_packets: '1' };
      using dictionary = Dictionary.fromObject(options);
      check(await container.writeHeader(dictionary), path);
      const same = coded.width === from.width && coded.height === from.height;
      const converter = new FromPlanarRgb(
        from.width,
        from.height,
        AV_PIX_FMT_YUV420P,
        same ? undefined : coded,
      );
      return new RecordingFile(path, container, stream, encoder, converter, Math.round(TICKS / rate));
    } catch (error) {
      encoder?.freeContext();
      await container.closeOutput().catch(() => undefined);
      container.freeContext();
      throw error;
    }
  }

  /** @param seconds since the file's first frame. @throws OutputError */
  async write(pixels: Uint8Array, seconds: number): Promise<void> {
    using frame = (await this.converter.convert(pixels)).clone()!;
    frame.pts = BigInt(this.count++);
    this.last = Math.max(this.last + 1, Math.round(seconds * TICKS));
    this.ticks.push(this.last);
    check(await this.encoder.sendFrame(frame), this.path);
    await this.drain();
  }

  async close(): Promise<void> {
    try {
      check(await this.encoder.sendFrame(null), this.path);
      await this.drain();
      check(await this.container.writeTrailer(), this.path);
      await this.container.closeOutput();
    } finally {
      this.encoder.freeContext();
      this.container.freeContext();
      this.converter[Symbol.dispose]();
    }
  }

  /** Frames are coded in the order in which they are shown. */
  private async drain(): Promise<void> {
    const { encoder, container, stream, path } = this;
    using packet = new Packet();
    packet.alloc();
    while ((await encoder.receivePacket(packet)) >= 0) {
      const tick = this.ticks.shift()!;
      packet.streamIndex = stream.index;
      packet.timeBase = stream.timeBase;
      packet.pts = BigInt(tick);
      packet.dts = BigInt(tick);
      packet.duration = BigInt(this.frameTicks);
      packet.rescaleTs(new Rational(1, TICKS), stream.timeBase);
      check(await container.writeFrame(packet), path);
      await container.flush();
      packet.unref();
    }
  }
}
