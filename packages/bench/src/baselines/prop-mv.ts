import type { VideoFrame } from '@twnet/core/frame';
import { mirrorFuture } from '@twnet/core/motion/mirror-future';
import { warpFeatures } from '@twnet/core/motion/warp';
import { warpField } from '@twnet/core/motion/warp-field';
import { SCORE_STRIDE } from '@twnet/core/segment/labels';
import type { FrameSource } from '@twnet/core/segment/segmenter';
import {
  type BaselineFrame,
  type BaselineOptions,
  finished,
  type KeyFrameNetwork,
  keyScores,
  type PlannedFrame,
  plannedFrames,
  type Scored,
  timedMotion,
} from './baseline.js';

/**
 * Prop-mv (Jain & Gonzalez 2018): the key frame's class scores, warped along the codec's vectors from frame to
 * frame. No network runs on the other frames. Arguments and errors as {@link segmentVideo}'s.
 */
export async function* propMv(
  video: FrameSource,
  network: KeyFrameNetwork,
  options: BaselineOptions,
): AsyncGenerator<BaselineFrame, void> {
  for await (const { planned, scored } of propagated(video, network, options))
    yield finished(planned, scored, network, options);
}

/** Every frame with its scores: key frames' from the network, the others' warped from the frame they refer to. */
export async function* propagated(
  video: FrameSource,
  network: KeyFrameNetwork,
  options: BaselineOptions,
): AsyncGenerator<{ readonly planned: PlannedFrame; readonly scored: Scored }, void> {
  let reference: Float32Array | undefined;
  for await (const planned of plannedFrames(video, network, options)) {
    const { frame, plan } = planned;
    const kept = plan.kind === 'nonkey' ? reference : undefined;
    const scored = kept
      ? timedMotion(() => propagate(kept, network.classes, frame))
      : await keyScores(network, frame);
    if (plan.isReference) reference = scored.scores;
    yield { planned, scored };
  }
}

/** Scores of the frame that `frame` refers to, warped to it. */
function propagate(scores: Float32Array, classes: number, frame: VideoFrame): Float32Array {
  const field = warpField(mirrorFuture(frame.motion), frame.width, frame.height, SCORE_STRIDE);
  return warpFeatures(scores, classes, field);
}
