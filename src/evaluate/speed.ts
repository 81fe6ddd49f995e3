import type { SegmentationNetworks } from '../segment/networks.js';
import { type FrameSource, segmentVideo } from '../segment/segmenter.js';
import { type RunStats, StatsCollector } from '../segment/stats.js';

export interface SpeedReport {
  /** Milliseconds a frame, end to end, with every frame through the key-frame network. */
  readonly perFrame: number;
  /** Milliseconds a non-key frame, end to end. */
  readonly nonKeyFrame: number;
  /** `nonKeyFrame / perFrame`. */
  readonly ratio: number;
  /** The middle runs in full. */
  readonly runs: { readonly perFrame: RunStats; readonly propagated: RunStats };
}

/**
 * Times a video end to end, decoding to full-size labels, per frame and propagated in turn, and takes the
 * median run of each. As the stages of neighbouring frames overlap, a non-key frame's time is what is left of
 * the propagated run when its key frames are taken to cost what per-frame frames do.
 *
 * @param open gives the video anew for each run
 */
export async function measureSpeed(
  open: () => Promise<FrameSource>,
  networks: SegmentationNetworks,
  repeats: number,
  onRun?: (done: number) => void,
): Promise<SpeedReport> {
  const runs: { perFrame: RunStats[]; propagated: RunStats[] } = { perFrame: [], propagated: [] };
  // The first run of a graph allocates its memory: not what a long video sees.
  await runOnce(await open(), networks, false, 3);
  for (let repeat = 0; repeat < repeats; repeat++) {
    runs.perFrame.push(await runOnce(await open(), networks, true));
    onRun?.(2 * repeat + 1);
    runs.propagated.push(await runOnce(await open(), networks, false));
    onRun?.(2 * repeat + 2);
  }
  const [perFrameRun, propagatedRun] = [median(runs.perFrame), median(runs.propagated)];
  const perFrame = (1000 * perFrameRun.seconds) / perFrameRun.frames.total;
  const { key, nonKey } = propagatedRun.frames;
  const nonKeyFrame = (1000 * propagatedRun.seconds - key * perFrame) / nonKey;
  return {
    perFrame,
    nonKeyFrame,
    ratio: nonKeyFrame / perFrame,
    runs: { perFrame: perFrameRun, propagated: propagatedRun },
  };
}

async function runOnce(
  video: FrameSource,
  networks: SegmentationNetworks,
  perFrame: boolean,
  frames = Number.POSITIVE_INFINITY,
): Promise<RunStats> {
  const stats = new StatsCollector();
  for await (const segmented of segmentVideo(video, networks, { keyFrames: { mode: 'codec' }, perFrame })) {
    stats.add(segmented, 0);
    if (segmented.frame.index + 1 >= frames) break;
  }
  return stats.report();
}

/** The run in the middle by duration. */
function median(runs: readonly RunStats[]): RunStats {
  return runs.toSorted((a, b) => a.seconds - b.seconds)[runs.length >> 1];
}
