/** Streams of every kind for tests and checks, made through FFmpeg's encoders, bitstream filters and muxers. */

import type { Crop } from '@twnet/node/video/cropping';
import { FromPlanarRgb } from '@twnet/node/video/planar-rgb';
import {
  AV_CODEC_FLAG_GLOBAL_HEADER,
  AV_FRAME_FLAG_INTERLACED,
  AV_FRAME_FLAG_TOP_FIELD_FIRST,
  AV_LOG_QUIET,
  AV_PIX_FMT_YUV420P,
  AV_PKT_DATA_DISPLAYMATRIX,
  AV_PKT_DATA_FRAME_CROPPING,
  AVFMT_GLOBALHEADER,
  type AVPixelFormat,
} from 'node-av/constants';
import {
  BitStreamFilter,
  BitStreamFilterContext,
  Codec,
  CodecContext,
  FormatContext,
  Log,
  Packet,
  Rational,
  type Stream,
} from 'node-av/lib';
import type { Clip } from './moving-texture.js';

export interface StreamSpec {
  readonly output: string;
  /** FFmpeg's name of the muxer; default by the output's ending. */
  readonly container?: string;
  /** FFmpeg's name of the encoder. */
  readonly encoder: string;
  readonly pixelFormat?: AVPixelFormat;
  readonly options?: Readonly<Record<string, string | number>>;
  /** Frames from one I-frame to the next; default 12. */
  readonly gop?: number;
  /** Which field of each frame comes first, for interlaced ones. A function says it for each frame. */
  readonly fields?: Fields | ((index: number) => Fields | undefined);
  /** FFmpeg's name of a bitstream filter, and its options. */
  readonly filter?: readonly [name: string, options: Readonly<Record<string, string>>];
  /** Pixel aspect that the encoder is told. */
  readonly aspect?: readonly [number, number];
  /** Pixels that the container cuts off. */
  readonly crop?: Crop;
  /** Values of a display matrix for the container: a, b, c, d. */
  readonly matrix?: readonly [number, number, number, number];
}

export type Fields = 'top' | 'bottom';

/** What does not take a stream: encoder or muxer. */
export class Refused extends Error {}

/**
 * Codes a clip at 25 frames a second, or several one after the other, as one stream that changes its size.
 *
 * @returns the number of frames that went in
 * @throws Refused where encoder, filter or muxer do not take it
 */
export async function makeStream(clip: Clip | readonly Clip[], spec: StreamSpec): Promise<number> {
  Log.setLevel(AV_LOG_QUIET);
  const container = new FormatContext();
  try {
    return await makeIn(container, 'frames' in clip ? [clip] : clip, spec);
  } finally {
    container.freeContext();
  }
}

async function makeIn(container: FormatContext, clips: readonly Clip[], spec: StreamSpec): Promise<number> {
  check(
    attempt(() => container.allocOutputContext2(null, spec.container ?? null, spec.output)),
    'muxer',
  );
  const globalHeader = ((container.oformat?.flags ?? 0) & AVFMT_GLOBALHEADER) !== 0;
  using encoder = await openEncoder(clips[0], spec, globalHeader);
  const stream = container.newStream(null);
  stream.timeBase = encoder.timeBase;
  stream.avgFrameRate = encoder.framerate;
  stream.codecpar.fromContext(encoder);
  stream.codecpar.codecTag = 0;
  if (spec.aspect) stream.sampleAspectRatio = new Rational(...spec.aspect);
  if (spec.matrix) stream.codecpar.addCodedSideData(AV_PKT_DATA_DISPLAYMATRIX, matrixBytes(spec.matrix));
  if (spec.crop) stream.codecpar.addCodedSideData(AV_PKT_DATA_FRAME_CROPPING, cropBytes(spec.crop));
  using filter = spec.filter && openFilter(spec.filter, stream, encoder);
  container.url = spec.output;
  check(await container.openOutput(), 'file');
  try {
    check(await container.writeHeader(), 'muxer');
    let start = await writeAll(clips[0], spec, { container, encoder, stream, filter }, 0);
    for (const clip of clips.slice(1)) {
      using next = await openEncoder(clip, spec, globalHeader);
      start = await writeAll(clip, spec, { container, encoder: next, stream, filter }, start);
    }
    check(await container.writeTrailer(), 'muxer');
  } finally {
    await container.closeOutput();
  }
  return clips.reduce((sum, { frames }) => sum + frames.length, 0);
}

interface Parts {
  readonly container: FormatContext;
  readonly encoder: CodecContext;
  readonly stream: Stream;
  readonly filter: BitStreamFilterContext | undefined;
}

/** @returns the number of the next clip's first frame */
async function writeAll(clip: Clip, spec: StreamSpec, parts: Parts, start: number): Promise<number> {
  const { encoder } = parts;
  using toFormat = new FromPlanarRgb(clip.width, clip.height, encoder.pixelFormat);
  for (const [index, pixels] of clip.frames.entries()) {
    using frame = (await toFormat.convert(pixels)).clone()!;
    frame.pts = BigInt(start + index);
    frame.quality = encoder.globalQuality;
    const fields = typeof spec.fields === 'function' ? spec.fields(index) : spec.fields;
    if (fields) frame.setFlags(AV_FRAME_FLAG_INTERLACED);
    if (fields === 'top') frame.setFlags(AV_FRAME_FLAG_TOP_FIELD_FIRST);
    check(await encoder.sendFrame(frame), 'encoder');
    await drain(parts);
  }
  check(await encoder.sendFrame(null), 'encoder');
  await drain(parts);
  return start + clip.frames.length;
}

async function drain(parts: Parts): Promise<void> {
  const { encoder, filter } = parts;
  using packet = new Packet();
  packet.alloc();
  while ((await encoder.receivePacket(packet)) >= 0) {
    if (packet.duration === 0n) packet.duration = 1n;
    if (!filter) {
      await write(packet, parts);
      continue;
    }
    check(filter.sendPacketSync(packet), 'filter');
    while (filter.receivePacketSync(packet) >= 0) await write(packet, parts);
  }
}

async function write(packet: Packet, { container, encoder, stream }: Parts): Promise<void> {
  packet.streamIndex = stream.index;
  packet.rescaleTs(encoder.timeBase, stream.timeBase);
  check(await container.interleavedWriteFrame(packet), 'muxer');
}

async function openEncoder(
  { width, height }: Clip,
  { encoder: name, pixelFormat = AV_PIX_FMT_YUV420P, options = {}, gop = 12, aspect, fields }: StreamSpec,
  globalHeader: boolean,
): Promise<CodecContext> {
  const codec = Codec.findEncoderByName(name as Parameters<typeof Codec.findEncoderByName>[0]);
  if (!codec) throw new Refused(`no encoder ${name}`);
  const context = new CodecContext();
  context.allocContext3(codec);
  context.width = width;
  context.height = height;
  context.timeBase = new Rational(1, 25);
  context.framerate = new Rational(25, 1);
  context.gopSize = gop;
  context.maxBFrames = 0;
  context.threadCount = 1;
  context.pixelFormat = pixelFormat;
  if (aspect) context.sampleAspectRatio = new Rational(...aspect);
  if (globalHeader) context.setFlags(AV_CODEC_FLAG_GLOBAL_HEADER);
  // As FFmpeg's own command line tells encoders.
  if (fields) context.setOption('field_order', fields === 'bottom' ? 'bt' : 'tb');
  for (const [key, value] of Object.entries(options)) context.setOption(key, String(value));
  if ((await context.open2(codec, null)) >= 0) return context;
  context.freeContext();
  throw new Refused(`${name} does not take ${width}×${height} or its options`);
}

function openFilter(
  [name, options]: NonNullable<StreamSpec['filter']>,
  stream: Stream,
  encoder: CodecContext,
): BitStreamFilterContext {
  const filter = BitStreamFilter.getByName(name as Parameters<typeof BitStreamFilter.getByName>[0]);
  if (!filter) throw new Refused(`no bitstream filter ${name}`);
  const context = new BitStreamFilterContext();
  check(context.alloc(filter), 'filter');
  stream.codecpar.copy(context.inputCodecParameters!);
  context.inputTimeBase = encoder.timeBase;
  for (const [key, value] of Object.entries(options)) check(context.setOption(key, value), `option ${key}`);
  check(context.init(), 'filter');
  context.outputCodecParameters!.copy(stream.codecpar);
  return context;
}

/** Fixed point, as FFmpeg keeps it. */
function matrixBytes([a, b, c, d]: NonNullable<StreamSpec['matrix']>): Buffer {
  const bytes = Buffer.alloc(36);
  [a, b, 0, c, d, 0, 0, 0].forEach((value, i) => {
    bytes.writeInt32LE(Math.round(value * 65536), 4 * i);
  });
  bytes.writeInt32LE(1 << 30, 32);
  return bytes;
}

function cropBytes({ top, bottom, left, right }: Crop): Buffer {
  const bytes = Buffer.alloc(16);
  [top, bottom, left, right].forEach((pixels, i) => {
    bytes.writeUInt32LE(pixels, 4 * i);
  });
  return bytes;
}

/** node-av throws where FFmpeg returns an error. */
function attempt(work: () => number): number {
  try {
    return work();
  } catch {
    return -1;
  }
}

function check(result: number, who: string): void {
  if (result < 0) throw new Refused(`${who} refuses it (code ${result})`);
}
