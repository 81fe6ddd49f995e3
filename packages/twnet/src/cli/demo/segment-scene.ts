/** One way of segmenting the demo's scene: how well it did, how long it took, and what the page shows of it. */

import { DistanceCurve, type DistancePoint } from '@twnet/core/metrics/distance';
import { FlickerMeter } from '@twnet/core/metrics/flicker';
import { classIou, meanIou } from '@twnet/core/metrics/metrics';
import { BlockMatcher } from '@twnet/core/motion/block-matching';
import type { ModelNetworks } from '@twnet/core/runtime/networks';
import type { SegmentedFrame } from '@twnet/core/segment/segmented-frame';
import type { RunStats } from '@twnet/core/segment/stats';
import { writeSegmentation } from '@twnet/node/output/write-segmentation';
import { openVideo } from '@twnet/node/video/open-video';
import { GROUP, type PackedLabels } from './scene.js';

/** Frames that the page shows at most. */
export const PAGE_FRAMES = 96;

export interface SceneRun {
  readonly name: string;
  readonly meanIou: number;
  readonly classIou: readonly number[];
  readonly points: readonly DistancePoint[];
  readonly stats: RunStats;
  /** What the page shows: the first frames, labels and what they were propagated with. */
  readonly shown: readonly SegmentedFrame[];
}

export interface SceneRunOptions {
  readonly name: string;
  readonly path: string;
  readonly truth: PackedLabels;
  readonly perFrame: boolean;
  /** Overlay video to write. */
  readonly overlay?: string;
  readonly onFrame: (done: number) => void;
}

export async function segmentScene(options: SceneRunOptions, networks: ModelNetworks): Promise<SceneRun> {
  const { name, path, truth, perFrame, overlay, onFrame } = options;
  await using video = await openVideo(path);
  const curve = new DistanceCurve(networks.classes);
  const shown: SegmentedFrame[] = [];
  const stats = await writeSegmentation(video, networks, {
    keyFrames: { mode: 'codec' },
    perFrame,
    overlay,
    force: true, // the demo's folder is its own
    palette: networks.card.palette,
    onFrame: (segmented, count) => {
      const { index } = segmented.frame;
      // Both ways over the same frames: since the stream's last I-frame.
      curve.add(index % GROUP, segmented.labels, truth.at(index));
      if (index < PAGE_FRAMES) shown.push(segmented);
      onFrame(count);
    },
  });
  const overall = curve.overall();
  return {
    name,
    meanIou: meanIou(overall),
    classIou: classIou(overall),
    points: curve.points(),
    stats,
    shown,
  };
}

/** Share of pixels whose label changes along motion that is estimated from the shown frames, for each run. */
export function flickerOf(
  runs: readonly [SceneRun, SceneRun],
  width: number,
  height: number,
): [number, number] {
  const meters = [new FlickerMeter(width, height), new FlickerMeter(width, height)];
  const matcher = new BlockMatcher(width, height);
  for (const [i, { frame }] of runs[0].shown.entries()) {
    matcher.takeRgb(frame.pixels);
    const motion = matcher.motion();
    for (const [run, meter] of meters.entries()) meter.add(runs[run].shown[i].labels, motion);
  }
  return [meters[0].mean(), meters[1].mean()];
}
