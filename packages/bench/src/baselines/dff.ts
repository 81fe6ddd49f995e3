import { accumulateMotion } from '@twnet/core/motion/accumulate';
import type { MotionField } from '@twnet/core/motion/field';
import { gridSize } from '@twnet/core/motion/grid';
import { mirrorFuture } from '@twnet/core/motion/mirror-future';
import { warpField } from '@twnet/core/motion/warp-field';
import type { Networks } from '@twnet/core/runtime/networks';
import type { FrameSource } from '@twnet/core/segment/segmenter';
import { type BaselineFrame, type BaselineOptions, finished, plannedFrames } from './baseline.js';

/**
 * Deep Feature Flow (Zhu et al. 2017) on this key-frame network: its feature of the key frame, warped in one step
 * along the displacement since then, through the rest of that network. That displacement is what `options.motion`
 * works out between the two pictures, or else the codec's vectors, followed back to the key frame; nothing is trained
 * for it, there is no scale function. Layer 3 is the paper's division: all that remains is the classifier, and non-key frames' pixels are not looked at.
 *
 * @param networks opened with `warpAlone`: the key-frame network's own remainder behind the warp
 */
export async function* deepFeatureFlow(
  video: FrameSource,
  networks: Networks,
  options: BaselineOptions,
): AsyncGenerator<BaselineFrame, void> {
  const { width, height, contextStride: stride } = networks;
  const { rows, columns } = gridSize(width, height, stride);
  const stream = networks.begin();
  const noResidual = new Float32Array(3 * rows * columns);
  let kept = false;
  /** Displacement of the last frame referred to since the key frame; none on the key frame itself. */
  let trace: MotionField | undefined;
  /** The key frame's pixels, where motion is estimated from it. */
  let origin: Uint8Array | undefined;
  const estimator = options.motion?.estimates ? options.motion : undefined;
  try {
    // From frame to frame nothing is to be estimated: the codec's vectors tell where key frames are due.
    for await (const planned of plannedFrames(video, networks, { ...options, motion: undefined })) {
      const { frame, plan } = planned;
      const start = performance.now();
      let since: MotionField | undefined;
      if (plan.kind === 'nonkey' && kept) {
        const blocks = estimator
          ? await estimator.between(frame.pixels, origin!)
          : mirrorFuture(frame.motion);
        const field = warpField(blocks, width, height, stride);
        since = estimator ? field : accumulateMotion(trace, field);
      }
      const moved = performance.now() - start;
      const keep = plan.isReference && !since;
      const { scores, milliseconds } = since
        ? await stream.nonKeyFrame(frame.pixels, since, noResidual, { scores: true })
        : await stream.keyFrame(frame.pixels, { keep, scores: true });
      if (plan.isReference) trace = since;
      if (keep) {
        kept = true;
        origin = frame.pixels;
      }
      const { motion, network } = milliseconds;
      yield finished(planned, { scores: scores!, motion: moved + motion, network }, networks, options);
    }
  } finally {
    await stream.close();
  }
}
