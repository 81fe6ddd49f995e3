/** What the baselines share: the walk over a video's frames, and what they give for each. */
import type { VideoFrame } from '@twnet/core/frame';
import type { Networks } from '@twnet/core/runtime/networks';
import { labelsFromScores } from '@twnet/core/segment/labels';
import { readAhead } from '@twnet/core/segment/read-ahead';
import { type FramePlan, type KeyFrameRule, KeyFrameSchedule } from '@twnet/core/segment/schedule';
import type { SegmentedFrame } from '@twnet/core/segment/segmented-frame';
import type { FrameSource } from '@twnet/core/segment/segmenter';
import type { MotionSource } from '@twnet/node/motion/motion-source';

const FRAMES_AHEAD = 3;

/** The network that a baseline runs; none needs a non-key-frame network but DFF. */
export type KeyFrameNetwork = Pick<Networks, 'classes' | 'width' | 'height' | 'keyFrame'>;

export interface BaselineOptions {
  readonly keyFrames: Exclude<KeyFrameRule, { mode: 'adaptive' }>;
  /** The largest distance from the key frame; see {@link KeyFrameSchedule}. */
  readonly maxDistance?: number;
  /**
   * Where motion comes from; default the stream's own vectors. Accumulated ones are for features of key frames:
   * methods that go from frame to frame take the vectors as they are.
   */
  readonly motion?: MotionSource;
  /** Keep the coarse class scores in the results. */
  readonly keepScores?: boolean;
}

export interface BaselineFrame extends SegmentedFrame {
  /** Later frames that had to be there before this one's labels could be made; 0 but for Interp-mv. */
  readonly latency: number;
}

/** A frame, what is to be done with it, and how long decoding and estimating its motion took, milliseconds. */
export interface PlannedFrame {
  readonly frame: VideoFrame;
  readonly plan: FramePlan;
  readonly decode: number;
  readonly estimate: number;
}

/** Class scores at stride 4, `classes × rows × columns`, and what they took, milliseconds. */
export interface Scored {
  readonly scores: Float32Array;
  readonly motion: number;
  readonly network: number;
}

/**
 * The frames of a video with their plans, decoding ahead.
 *
 * @throws RangeError if the network was made for another frame size
 */
export async function* plannedFrames(
  video: FrameSource,
  { width, height }: KeyFrameNetwork,
  { keyFrames, maxDistance, motion }: BaselineOptions,
): AsyncGenerator<PlannedFrame, void> {
  const { info } = video;
  if (info.width !== width || info.height !== height) {
    throw new RangeError(`baseline: network for ${width}×${height}, video of ${info.width}×${info.height}`);
  }
  const refersToPrevious = info.motionSource === 'estimate' || motion?.estimates === true;
  const schedule = new KeyFrameSchedule({ keyFrames, maxDistance, refersToPrevious });
  const moved = motion?.start();
  for await (const { value, milliseconds } of readAhead(video, FRAMES_AHEAD)) {
    const start = performance.now();
    const frame = moved ? await moved(value) : value;
    const estimate = performance.now() - start;
    yield { frame, plan: schedule.plan(frame), decode: milliseconds, estimate };
  }
}

/** Scores of the key-frame network. */
export async function keyScores(network: KeyFrameNetwork, frame: VideoFrame): Promise<Scored> {
  const { scores, milliseconds } = await network.keyFrame(frame.pixels, { scores: true });
  return { scores: scores!, motion: 0, network: milliseconds.network };
}

/** Scores made of motion alone, timed. */
export function timedMotion(make: () => Float32Array): Scored {
  const start = performance.now();
  const scores = make();
  return { scores, motion: performance.now() - start, network: 0 };
}

/** A frame's result, with its labels. */
export function finished(
  { frame, plan, decode, estimate }: PlannedFrame,
  { scores, motion, network }: Scored,
  { classes }: KeyFrameNetwork,
  { keepScores }: BaselineOptions,
  latency = 0,
): BaselineFrame {
  const start = performance.now();
  const labels = labelsFromScores(scores, classes, frame.width, frame.height);
  return {
    frame,
    labels,
    kind: plan.kind,
    ...(plan.reason ? { reason: plan.reason } : {}),
    distance: plan.distance,
    timings: { decode, motion: estimate + motion, network, labels: performance.now() - start },
    ...(keepScores ? { scores } : {}),
    latency,
  };
}
