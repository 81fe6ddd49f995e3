/** A file's frames in display order, by its container alone: nothing is decoded. */
import type { OpenedTrack } from '@twnet/web/video/demux';
import type { FrameIndex } from '../shown.js';

/** Frames beyond these are played, and not on the timeline. */
const MOST = 500_000;

export async function readFrameIndex({ track, mediabunny }: OpenedTrack): Promise<FrameIndex> {
  const sink = new mediabunny.EncodedPacketSink(track);
  const found: { time: number; type: number }[] = [];
  let latest = Number.NEGATIVE_INFINITY;
  for await (const { timestamp, duration, type } of sink.packets(undefined, undefined, {
    metadataOnly: true,
  })) {
    if (timestamp + duration <= 0 && timestamp < 0) continue;
    // Decoded after one that is shown later: it refers to it.
    const isBetween = timestamp < latest;
    latest = Math.max(latest, timestamp);
    found.push({ time: timestamp, type: type === 'key' ? 0 : isBetween ? 2 : 1 });
    if (found.length === MOST) break;
  }
  found.sort((a, b) => a.time - b.time);
  return {
    times: Float64Array.from(found, ({ time }) => time),
    types: Uint8Array.from(found, ({ type }) => type),
  };
}

/** The key frame from which a frame is reached. */
export function keyBefore({ types }: FrameIndex, frame: number): number {
  const key = types.lastIndexOf(0, frame);
  return Math.max(key, 0);
}
