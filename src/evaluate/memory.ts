import type { SegmentationNetworks } from '../segment/networks.js';
import { type FrameSource, segmentVideo } from '../segment/segmenter.js';

/** Frames between two looks at the process's memory. */
const SAMPLE_EVERY = 5;

/**
 * Segments a video and gives the memory of the process (resident set, MiB) minute by minute of the video: the
 * median within each whole minute, since garbage comes and goes.
 *
 * @param frameRate of the video, frames a second
 */
export async function memoryByMinute(
  video: FrameSource,
  networks: SegmentationNetworks,
  frameRate: number,
  onFrame?: (done: number) => void,
): Promise<number[]> {
  const samples: number[][] = [];
  let frames = 0;
  for await (const { frame } of segmentVideo(video, networks, { keyFrames: { mode: 'codec' } })) {
    frames = frame.index + 1;
    if (frame.index % SAMPLE_EVERY === 0) {
      const minute = Math.floor(frame.index / (60 * frameRate));
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
