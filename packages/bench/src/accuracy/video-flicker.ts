import { FlickerMeter } from '@twnet/core/metrics/flicker';
import type { TemporalConsistency } from '@twnet/core/metrics/temporal-consistency';
import { BlockMatcher } from '@twnet/core/motion/block-matching';
import type { Networks } from '@twnet/core/runtime/networks';
import { type FrameSource, segmentVideo } from '@twnet/core/segment/segmenter';

export interface FlickerRun {
  readonly perFrame?: boolean;
  /** Stop after so many frames. */
  readonly frames?: number;
  /** Takes the same labels along the same motion. */
  readonly consistency?: TemporalConsistency;
}

/**
 * Label flicker of a segmented video. Labels are compared along motion estimated from each frame to the one
 * displayed before it, not along the stream's own vectors: those of B-frames and of frames after them refer
 * further back, and key frames have none, though labels may jump there most.
 */
export async function videoFlicker(
  video: FrameSource,
  networks: Networks,
  { perFrame = false, frames = Number.POSITIVE_INFINITY, consistency }: FlickerRun,
  onFrame?: () => void,
): Promise<FlickerMeter> {
  const { width, height } = video.info;
  const meter = new FlickerMeter(width, height);
  const matcher = new BlockMatcher(width, height);
  for await (const { frame, labels } of segmentVideo(video, networks, {
    keyFrames: { mode: 'codec' },
    perFrame,
  })) {
    matcher.takeRgb(frame.pixels);
    const motion = matcher.motion();
    meter.add(labels, motion, frame.discontinuity);
    consistency?.add(labels, motion, frame.discontinuity);
    onFrame?.();
    if (frame.index + 1 >= frames) break;
  }
  return meter;
}
