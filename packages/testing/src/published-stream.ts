/** A clip sent over and over to an address that FFmpeg writes to: UDP, SRT, RTP, the files of HLS. */
import { setTimeout as sleep } from 'node:timers/promises';
import { AV_NOPTS_VALUE, AVFMT_NOFILE } from 'node-av/constants';
import { Dictionary, FormatContext } from 'node-av/lib';
import type { LoopedClip } from './looped-stream.js';

export interface Publishing {
  readonly url: string;
  /** FFmpeg's name of the muxer; default mpegts. */
  readonly format?: string;
  /** Of the muxer. */
  readonly options?: Readonly<Record<string, string>>;
  /** How many times as fast as it is shown; default 1. */
  readonly speed?: number;
  /** Ends it. */
  readonly signal: AbortSignal;
  readonly onPacket?: (count: number) => void;
}

/** @throws Error where it cannot be written there */
export async function publish(
  clip: LoopedClip,
  { url, format = 'mpegts', options = {}, speed = 1, signal, onPacket }: Publishing,
): Promise<void> {
  const output = new FormatContext();
  output.allocOutputContext2(null, format, url);
  const ownsFiles = ((output.oformat?.flags ?? 0) & AVFMT_NOFILE) !== 0;
  const source = clip.container.streams[clip.stream];
  const stream = output.newStream(null);
  source.codecpar.copy(stream.codecpar);
  stream.codecpar.codecTag = 0;
  stream.timeBase = source.timeBase;
  output.url = url;
  try {
    if (!ownsFiles && (await output.openOutput()) < 0) throw new Error(`${url}: cannot be opened`);
    using dictionary = Dictionary.fromObject({ flush_packets: '1', ...options });
    if ((await output.writeHeader(dictionary)) < 0) throw new Error(`${url}: does not take it`);
    const begun = performance.now();
    const [first] = clip.packets;
    let count = 0;
    for (let round = 0; !signal.aborted; round++) {
      const offset = BigInt(round) * clip.round - first.pts;
      for (const packet of clip.packets) {
        const pts = packet.pts + offset;
        const due = begun + (1000 * Number(pts)) / clip.perSecond / speed;
        await sleep(Math.max(0, due - performance.now()), undefined, { signal }).catch(() => undefined);
        if (signal.aborted) break;
        const sent = packet.clone()!;
        sent.streamIndex = 0;
        sent.pts = pts;
        sent.dts = packet.dts === AV_NOPTS_VALUE ? pts : packet.dts + offset;
        sent.rescaleTs(source.timeBase, stream.timeBase);
        const written = await output.writeFrame(sent);
        sent.free();
        // Whoever read it is gone.
        if (written < 0) return;
        onPacket?.(++count);
      }
    }
    await output.writeTrailer();
  } finally {
    if (!ownsFiles) await output.closeOutput().catch(() => undefined);
    output.freeContext();
  }
}
