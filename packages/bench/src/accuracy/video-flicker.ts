import { FlickerMeter } from '@twnet/core/metrics/flicker';
import type { TemporalConsistency } from '@twnet/core/metrics/temporal-consistency';
import type { Networks } from '@twnet/core/runtime/networks';
import { type FrameSource, segmentVideo } from '@twnet/core/segment/segmenter';
import { MotionEstimator } from '@twnet/node/video/motion-estimator';

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
  using estimator = new MotionEstimator(width & ~1, height & ~1);
  for await (const { frame, labels } of segmentVideo(video, networks, {
    keyFrames: { mode: 'codec' },
    perFrame,
  })) {
    const motion = await estimator.next(evenPlanes(frame.pixels, width, height));
    meter.add(labels, motion, frame.discontinuity);
    consistency?.add(labels, motion, frame.discontinuity);
    onFrame?.();
    if (frame.index + 1 >= frames) break;
  }
  return meter;
}

/** The planes without an odd last row or column, which the estimator's codec does not take. */
function evenPlanes(pixels: Uint8Array, width: number, height: number): Uint8Array {
  const evenWidth = width & ~1;
  const evenHeight = height & ~1;
  if (evenWidth === width && evenHeight === height) return pixels;
  const even = new Uint8Array(3 * evenWidth * evenHeight);
  for (let row = 0; row < 3 * evenHeight; row++) {
    const plane = Math.floor(row / evenHeight);
    const start = (plane * height + (row % evenHeight)) * width;
    even.set(pixels.subarray(start, start + evenWidth), row * evenWidth);
  }
  return even;
}
