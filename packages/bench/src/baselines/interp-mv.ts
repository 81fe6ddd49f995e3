import { warpFeatures } from '@twnet/core/motion/warp';
import { warpField } from '@twnet/core/motion/warp-field';
import { motionInto, motionToNextReference } from '@twnet/core/segment/following-motion';
import { SCORE_STRIDE } from '@twnet/core/segment/labels';
import type { FrameSource } from '@twnet/core/segment/segmenter';
import {
  type BaselineFrame,
  type BaselineOptions,
  finished,
  type KeyFrameNetwork,
  type PlannedFrame,
  type Scored,
} from './baseline.js';
import { propagated } from './prop-mv.js';

/** Frames that wait for the next key frame keep their pixels: without another cap this one bounds memory. */
const LONGEST_WAIT = 60;

interface Waiting {
  readonly planned: PlannedFrame;
  readonly scored: Scored;
}

/**
 * Interp-mv (Jain & Gonzalez 2018): class scores propagated forward from the key frame before and backward from the
 * one after, mixed by distance: at d of n frames, (1 − d/n) forward + (d/n) backward. Vectors are turned round for
 * the way back; those that lead into an I-frame, which the codec does not have, are estimated from the pixels.
 * Where no key frame follows without a break (the end, a discontinuity, a cut), forward alone.
 *
 * Results come in display order, a whole group once its next key frame is there: `latency` n − d frames.
 * Arguments and errors as {@link segmentVideo}'s.
 */
export async function* interpMv(
  video: FrameSource,
  network: KeyFrameNetwork,
  options: BaselineOptions,
): AsyncGenerator<BaselineFrame, void> {
  const capped = { ...options, maxDistance: options.maxDistance ?? LONGEST_WAIT };
  const give = (group: readonly Waiting[], last: number): BaselineFrame[] =>
    group.map(({ planned, scored }) =>
      finished(planned, scored, network, options, last - planned.frame.index),
    );
  let waiting: Waiting[] = [];
  try {
    for await (const next of propagated(video, network, capped)) {
      const { frame, plan } = next.planned;
      if (plan.kind === 'key' && plan.isReference) {
        const group = plan.reason === 'start' ? waiting : interpolate(waiting, next, network);
        waiting = [];
        yield* give([...group, next], frame.index);
      } else waiting.push(next);
    }
  } catch (error) {
    yield* give(waiting, lastIndex(waiting));
    throw error;
  }
  yield* give(waiting, lastIndex(waiting));
}

const lastIndex = (waiting: readonly Waiting[]): number => waiting.at(-1)?.planned.frame.index ?? 0;

/** Mixes the frames between two key frames with what comes back from the second. */
function interpolate(
  between: readonly Waiting[],
  next: Waiting,
  { classes, width, height }: KeyFrameNetwork,
): Waiting[] {
  const mixed: Waiting[] = [];
  let backward = next.scored.scores;
  let later = next.planned.frame;
  for (const { planned, scored } of between.toReversed()) {
    const { frame, plan } = planned;
    if (plan.kind === 'key') {
      mixed.push({ planned, scored });
      continue;
    }
    const start = performance.now();
    const motion = plan.isReference ? motionInto(later, frame) : motionToNextReference(frame);
    if (!motion) {
      // A cut: nothing comes back over it, neither to this frame nor to those before.
      mixed.push({ planned, scored });
      if (plan.isReference) return [...between.slice(0, between.length - mixed.length), ...mixed.reverse()];
      continue;
    }
    const returned = warpFeatures(backward, classes, warpField(motion, width, height, SCORE_STRIDE));
    const share = plan.distance / (next.planned.frame.index - frame.index + plan.distance);
    const scores = mix(scored.scores, returned, share);
    mixed.push({ planned, scored: { ...scored, scores, motion: scored.motion + performance.now() - start } });
    if (plan.isReference) {
      backward = returned;
      later = frame;
    }
  }
  return mixed.reverse();
}

/** (1 − share) · a + share · b. */
function mix(a: Float32Array, b: Float32Array, share: number): Float32Array {
  const out = new Float32Array(a.length);
  for (let i = 0; i < out.length; i++) out[i] = a[i] + share * (b[i] - a[i]);
  return out;
}
