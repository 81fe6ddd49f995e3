import { mirrorFuture } from '@twnet/core/motion/mirror-future';
import { residualMap } from '@twnet/core/motion/residual-map';
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
  plannedFrames,
} from './baseline.js';
import { cropPlanes } from './crop.js';
import { pasteScores, RegionChooser } from './taplab-regions.js';

/** How much the region's own scores count beside the propagated ones; of TapLab's program. */
export const TAPLAB_NEW_SHARE = 0.6;

export interface TapLabOptions extends BaselineOptions {
  /** Weight of the region's own scores, 0..1; default {@link TAPLAB_NEW_SHARE}. */
  readonly newShare?: number;
}

/**
 * TapLab (Feng et al. 2020): Prop-mv with residual-guided correction. On each non-key frame the key-frame network
 * segments one region anew: of half-overlapping ones the one in which most residual has gathered since it was last
 * chosen; its scores are mixed with the propagated ones and propagated on. Region sizes and weights are those of
 * the authors' program (github.com/Sixkplus/TapLab, infer_ffw_rgc_rgfs.py). Choosing key frames by the residual,
 * TapLab's other module, is left to the schedule.
 *
 * @param region the same network for frames of the size that {@link regionSize} gives
 */
export async function* tapLab(
  video: FrameSource,
  network: KeyFrameNetwork,
  region: KeyFrameNetwork,
  options: TapLabOptions,
): AsyncGenerator<BaselineFrame, void> {
  const { classes, width, height } = network;
  const chooser = new RegionChooser(width, height, region);
  let reference: { pixels: Uint8Array; scores: Float32Array } | undefined;
  for await (const planned of plannedFrames(video, network, options)) {
    const { frame, plan } = planned;
    let scored = plan.kind === 'nonkey' && reference ? undefined : await keyScores(network, frame);
    if (scored && plan.isReference) chooser.reset();
    if (!scored && reference) {
      const start = performance.now();
      const blocks = mirrorFuture(frame.motion);
      const scores = warpFeatures(reference.scores, classes, warpField(blocks, width, height, SCORE_STRIDE));
      const residual = residualMap(frame.pixels, reference.pixels, blocks, width, height, SCORE_STRIDE);
      const worst = chooser.choose(residual, plan.isReference);
      const pixels = cropPlanes(frame, worst);
      const motion = performance.now() - start;
      const fresh = await region.keyFrame(pixels, { scores: true });
      pasteScores(scores, fresh.scores!, worst, network, options.newShare ?? TAPLAB_NEW_SHARE);
      scored = { scores, motion, network: fresh.milliseconds.network };
    }
    if (plan.isReference) reference = { pixels: frame.pixels, scores: scored!.scores };
    yield finished(planned, scored!, network, options);
  }
}
