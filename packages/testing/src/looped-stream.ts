/** A clip as a stream that does not end: its packets over and over, on one clock, muxed anew for everybody who asks. */
import { AV_NOPTS_VALUE, AVERROR_EOF } from 'node-av/constants';
import { Dictionary, FormatContext, IOContext, Packet } from 'node-av/lib';

/** What a stream is made of. */
export interface LoopedClip extends Disposable {
  readonly container: FormatContext;
  /** Of the video stream, in the order of decoding. */
  readonly packets: readonly Packet[];
  readonly stream: number;
  /** Ticks of a second, and of one round. */
  readonly perSecond: number;
  readonly round: bigint;
}

/** A frame of the stream, muxed. */
export interface Chunk {
  readonly bytes: Buffer;
  /** When it is due, seconds from the stream's start. */
  readonly at: number;
  readonly isKey: boolean;
  readonly index: number;
}

/** Reads the packets of a clip. Its first frame must be a key frame. */
export async function loopedClip(path: string): Promise<LoopedClip> {
  const container = new FormatContext();
  container.allocContext();
  await container.openInput(path, null, null);
  await container.findStreamInfo(null);
  const video = container.streams.find(({ codecpar }) => codecpar.width > 0)!;
  const packets: Packet[] = [];
  const packet = new Packet();
  packet.alloc();
  while ((await container.readFrame(packet)) !== AVERROR_EOF) {
    if (packet.streamIndex === video.index) packets.push(packet.clone()!);
    packet.unref();
  }
  packet.free();
  const [first] = packets;
  const last = packets.reduce((end, { pts, duration }) => {
    const after = pts + (duration > 0n ? duration : 1n);
    return after > end ? after : end;
  }, first.pts);
  return {
    ...{ container, packets, stream: video.index },
    perSecond: video.timeBase.den / video.timeBase.num,
    round: last - first.pts,
    [Symbol.dispose]: () => {
      for (const each of packets) each.free();
      container.freeContext();
    },
  };
}

/**
 * Muxes a clip, round after round.
 *
 * @param format FFmpeg's name of the muxer
 * @param from seconds on the clock with which the stream begins
 */
export async function* chunksOf(
  clip: LoopedClip,
  { format = 'mpegts', from = 0, rounds = Number.POSITIVE_INFINITY } = {},
): AsyncGenerator<Chunk, void> {
  const parts: Buffer[] = [];
  const io = new IOContext();
  io.allocContextWithCallbacks(64 * 1024, 1, null, (bytes) => {
    parts.push(Buffer.from(bytes));
    return bytes.length;
  });
  const output = new FormatContext();
  output.allocOutputContext2(null, format, null);
  const stream = output.newStream(null);
  const source = clip.container.streams[clip.stream];
  source.codecpar.copy(stream.codecpar);
  stream.codecpar.codecTag = 0;
  stream.timeBase = source.timeBase;
  output.pb = io;
  using options = Dictionary.fromObject({ flush_packets: '1', muxdelay: '0', muxpreload: '0' });
  try {
    await output.writeHeader(options);
    const [first] = clip.packets;
    const begin = BigInt(Math.round(from * clip.perSecond));
    let index = 0;
    for (let round = 0; round < rounds; round++) {
      const offset = BigInt(round) * clip.round - first.pts;
      for (const packet of clip.packets) {
        const sent = packet.clone()!;
        const pts = packet.pts + offset;
        sent.streamIndex = 0;
        sent.pts = pts + begin;
        sent.dts = packet.dts === AV_NOPTS_VALUE ? sent.pts : packet.dts + offset + begin;
        sent.rescaleTs(source.timeBase, stream.timeBase);
        await output.writeFrame(sent);
        await output.flush();
        sent.free();
        const at = Number(pts) / clip.perSecond;
        yield { bytes: Buffer.concat(parts.splice(0)), at, isKey: packet.isKeyframe, index: index++ };
      }
    }
  } finally {
    output.pb = null;
    output.freeContext();
    io.freeContext();
  }
}
