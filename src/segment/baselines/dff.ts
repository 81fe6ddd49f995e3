import {
  accumulateMotion,
  gridSize,
  type MotionField,
  mirrorFuture,
  warpFeatures,
  warpField,
} from '../../motion/index.js';
import type { SegmentationNetworks } from '../networks.js';
import type { FrameSource } from '../segmenter.js';
import { type BaselineFrame, type BaselineOptions, finished, plannedFrames } from './baseline.js';

/**
 * Deep Feature Flow (Zhu et al. 2017) on this key-frame network: its feature of the key frame, warped in one step
 * along the displacement since then, through the rest of that network. The flow network's place take the codec's
 * vectors, followed back to the key frame; nothing is trained for it, there is no scale function. Layer 3 is the
 * paper's division: all that remains is the classifier, and non-key frames' pixels are not looked at.
 *
 * @param networks opened with `warpAlone`: the key-frame network's own remainder behind the warp
 */
export async function* deepFeatureFlow(
  video: FrameSource,
  networks: SegmentationNetworks,
  options: BaselineOptions,
): AsyncGenerator<BaselineFrame, void> {
  const { width, height, contextStride: stride, contextChannels } = networks;
  const { rows, columns } = gridSize(width, height, stride);
  const noResidual = new Float32Array(3 * rows * columns);
  let context: Float32Array | undefined;
  /** Displacement of the last frame referred to since the key frame; none on the key frame itself. */
  let trace: MotionField | undefined;
  for await (const planned of plannedFrames(video, networks, options)) {
    const { frame, plan } = planned;
    let start = performance.now();
    let motion = 0;
    let warped: Float32Array | undefined;
    let since: MotionField | undefined;
    if (plan.kind === 'nonkey' && context) {
      since = accumulateMotion(trace, warpField(mirrorFuture(frame.motion), width, height, stride));
      warped = warpFeatures(context, contextChannels, since);
      motion = performance.now() - start;
    }
    start = performance.now();
    const result = warped
      ? await networks.nonKeyFrame(frame.pixels, warped, noResidual)
      : await networks.keyFrame(frame.pixels);
    const network = result.milliseconds ?? performance.now() - start;
    if (plan.isReference) {
      trace = since;
      if (!warped) context = result.context;
    }
    yield finished(planned, { scores: result.scores, motion, network }, networks, options);
  }
}
