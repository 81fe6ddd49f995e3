/** When a video's frames are shown and where its groups of pictures begin, from its packets alone: none is decoded. */
import {
  AV_CODEC_ID_AV1,
  AV_CODEC_ID_FFV1,
  AV_CODEC_ID_H264,
  AV_CODEC_ID_HEVC,
  AV_CODEC_ID_MPEG1VIDEO,
  AV_CODEC_ID_MPEG2VIDEO,
  AV_CODEC_ID_MPEG4,
  AV_CODEC_ID_VP8,
  AV_CODEC_ID_VP9,
  AV_CODEC_PROP_INTRA_ONLY,
  AV_FIELD_PROGRESSIVE,
  AV_FIELD_UNKNOWN,
  AV_NOPTS_VALUE,
  AV_PKT_FLAG_CORRUPT,
  AV_PKT_FLAG_DISCARD,
  type AVCodecID,
  AVERROR_EOF,
} from 'node-av/constants';
import { Packet } from 'node-av/lib';
import { openDecoder } from './decoder.js';
import { type OpenedStream, openStream, type StreamOptions } from './demux.js';
import { EndCheck } from './end-check.js';
import { GapWatch } from './gap-watch.js';
import { SequenceSize } from './sequence-size.js';
import { nameOf } from './source/open-container.js';
import './worker-calls.js';

/** A packet of these is a frame, where no fields are coded. */
const FRAME_A_PACKET: ReadonlySet<AVCodecID> = new Set([
  AV_CODEC_ID_H264,
  AV_CODEC_ID_HEVC,
  AV_CODEC_ID_AV1,
  AV_CODEC_ID_MPEG1VIDEO,
  AV_CODEC_ID_MPEG2VIDEO,
  AV_CODEC_ID_MPEG4,
  AV_CODEC_ID_VP8,
  AV_CODEC_ID_VP9,
  AV_CODEC_ID_FFV1,
]);
/** MPEG-4 codes a frame that is not there in so few bytes. */
const LEAST_MPEG4 = 16;
/** Of a VP8 frame's first byte: it is shown. */
const VP8_SHOWN = 0x10;
/** Frames after the first key frame that may be shown before it, which decoders leave out. */
const LONGEST_LEAD = 32;

export interface PictureIndex {
  /** When each frame is shown, seconds from the start of the stream, ascending. */
  readonly times: Float64Array;
  /**
   * Frames, counted from 0 as they are shown, with which groups of pictures begin: from there on nothing is needed of what
   * lies before, and all frames that were decoded before are shown before.
   */
  readonly groups: Uint32Array;
}

/**
 * Reads all packets of a source once. Undefined where frames cannot be told from packets: without time stamps,
 * of fields, with hidden frames, joined, damaged.
 *
 * @throws InputError for what cannot be opened; the signal's reason
 */
export async function indexPictures(
  source: string | Uint8Array,
  options: StreamOptions = {},
): Promise<PictureIndex | undefined> {
  const name = nameOf(source);
  const opened = await openStream(source, name, options);
  try {
    // Read once, there would be nothing left; what FFmpeg opened itself may go on live.
    if (!opened.bytes || opened.bytes.sequential !== undefined) return undefined;
    if (!(await isFrameAPacket(opened, name))) return undefined;
    const packets = await readPackets(opened);
    return packets && inDisplayOrder(packets, opened);
  } finally {
    await opened.close();
  }
}

async function isFrameAPacket(opened: OpenedStream, name: string): Promise<boolean> {
  const { codecpar } = opened.stream;
  if (!FRAME_A_PACKET.has(codecpar.codecId) && !codecpar.hasProperties(AV_CODEC_PROP_INTRA_ONLY))
    return false;
  const decoder = await openDecoder(opened, name, false);
  const fields = Number(decoder.getOption('field_order') ?? AV_FIELD_UNKNOWN);
  decoder.freeContext();
  return fields === AV_FIELD_UNKNOWN || fields === AV_FIELD_PROGRESSIVE;
}

interface Packets {
  /** Presentation time stamps in the order of decoding, of frames that are shown. */
  readonly stamps: number[];
  /** Places in that list. */
  readonly keys: number[];
}

async function readPackets(opened: OpenedStream): Promise<Packets | undefined> {
  const { container, signal } = opened;
  const [end, gaps] = [new EndCheck(opened), new GapWatch(container.iformat?.name ?? '', opened.stream)];
  const { codecId } = opened.stream.codecpar;
  const size = new SequenceSize(codecId);
  const packets: Packets = { stamps: [], keys: [] };
  let decoded = AV_NOPTS_VALUE;
  using packet = new Packet();
  packet.alloc();
  for (;;) {
    signal?.throwIfAborted();
    const result = await container.readFrame(packet);
    signal?.throwIfAborted();
    if (result === AVERROR_EOF) break;
    if (result < 0 || gaps.sawPacket(packet) > 0) return undefined;
    if (packet.streamIndex === opened.index) {
      end.sawPacket(packet);
      const { dts } = packet;
      const goesBack = dts !== AV_NOPTS_VALUE && decoded !== AV_NOPTS_VALUE && dts <= decoded;
      if (goesBack || size.changesWith(packet) || !add(packets, packet, codecId)) return undefined;
      if (dts !== AV_NOPTS_VALUE) decoded = dts;
    }
    packet.unref();
  }
  return (await end.missing(false, gaps)) === undefined ? packets : undefined;
}

/** False where it does not stand for one frame. */
function add({ stamps, keys }: Packets, packet: Packet, codecId: AVCodecID): boolean {
  const { pts, isKeyframe } = packet;
  if (pts === AV_NOPTS_VALUE || packet.hasFlags(AV_PKT_FLAG_CORRUPT)) return false;
  if (keys.length === 0 && !isKeyframe) return false;
  if (codecId === AV_CODEC_ID_MPEG4 && packet.size < LEAST_MPEG4) return false;
  if (codecId === AV_CODEC_ID_VP8 && ((packet.data?.[0] ?? 0) & VP8_SHOWN) === 0) return false;
  const stamp = Number(pts);
  const [first] = stamps;
  // Frames that a cut stream begins with and that refer to what was cut away.
  const leads = keys.length === 1 && stamps.length <= LONGEST_LEAD && stamp < first;
  // An edit list leaves it out.
  const isShown = !packet.hasFlags(AV_PKT_FLAG_DISCARD) && !leads;
  if (isKeyframe) keys.push(isShown ? stamps.length : -1);
  if (isShown) stamps.push(stamp);
  return true;
}

function inDisplayOrder(
  { stamps, keys }: Packets,
  { stream, secondsPerTick }: OpenedStream,
): PictureIndex | undefined {
  const shown = Float64Array.from(stamps).sort();
  if (shown.length === 0 || shown.some((stamp, i) => i > 0 && stamp === shown[i - 1])) return undefined;
  const origin = stream.startTime === AV_NOPTS_VALUE ? 0 : Number(stream.startTime);
  const groups: number[] = [];
  const begins = new Set(keys);
  let latest = Number.NEGATIVE_INFINITY;
  for (const [i, stamp] of stamps.entries()) {
    if (begins.has(i) && stamp > latest) groups.push(placeOf(stamp, shown));
    latest = Math.max(latest, stamp);
  }
  return {
    times: shown.map((stamp) => (stamp - origin) * secondsPerTick),
    groups: Uint32Array.from(groups),
  };
}

/** Place of the first value that is not below. */
export function placeOf(value: number, ascending: Float64Array): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ascending[middle] < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
