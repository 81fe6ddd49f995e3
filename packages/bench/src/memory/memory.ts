import type { Networks } from '@twnet/core/runtime/networks';
import { type FrameSource, segmentVideo } from '@twnet/core/segment/segmenter';

/** Seconds of video before a minute ends in which the looks at the memory fall. */
const LAST_SECONDS = 10;

/**
 * Segments a video and gives the memory of the process (resident set, MiB) at each whole minute of the video: the
 * median of the ten seconds before it, since garbage comes and goes.
 *
 * @param frameRate of the video, frames a second
 */
export async function memoryAtMinutes(
  video: FrameSource,
  networks: Networks,
  frameRate: number,
  onFrame?: (done: number) => void,
): Promise<number[]> {
  const samples: number[][] = [];
  let frames = 0;
  for await (const { frame } of segmentVideo(video, networks, { recycle: true })) {
    frames = frame.index + 1;
    const minute = Math.floor(frame.index / (60 * frameRate));
    const toItsEnd = (minute + 1) * 60 * frameRate - frame.index;
    if (toItsEnd <= Math.max(1, LAST_SECONDS * frameRate)) {
      samples[minute] ??= [];
      samples[minute].push(process.memoryUsage.rss() / 2 ** 20);
    }
    onFrame?.(frames);
  }
  return samples.slice(0, Math.floor(frames / (60 * frameRate))).map(median);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1];
}
