/** How good the present weights are, on stills held out of training. */

import { ConfusionMatrix } from '@twnet/core/metrics/confusion';
import { meanIou } from '@twnet/core/metrics/metrics';
import type { LoadedNetwork } from '@twnet/core/model/loaded-network';
import { residualMap } from '@twnet/core/motion/residual-map';
import { warpFeatures } from '@twnet/core/motion/warp';
import { warpField } from '@twnet/core/motion/warp-field';
import type { NetworkDescription } from '@twnet/core/network/description';
import { inferenceGraph } from '@twnet/core/network/inference-graph';
import { CONTEXT, type WarpLayer } from '@twnet/core/network/key-frame';
import { appendLabelOutput } from '@twnet/core/network/label-output';
import type { Weights } from '@twnet/core/network/safetensors';
import { GraphSession } from '@twnet/node/engine/session';
import type { Still } from '../data/camvid.js';
import type { MadeClip } from '../data/made-clip.js';

/** Mean IoU of a key-frame network over stills of one size, by labels at full size. */
export async function validateKeyFrames(
  description: NetworkDescription,
  weights: Weights,
  classes: number,
  stills: readonly Still[],
  { threads, signal }: { threads?: number; signal?: AbortSignal } = {},
): Promise<{ mIoU: number }> {
  const [{ height, width }] = stills;
  const graph = inferenceGraph(description, weights, height, width);
  appendLabelOutput(graph, height, width);
  await using session = await GraphSession.open(graph, { threads });
  const confusion = new ConfusionMatrix(classes);
  for (const { pixels, labels } of stills) {
    signal?.throwIfAborted();
    const results = await session.run({ image: pixels });
    confusion.add(results.labels as Uint8Array, labels);
  }
  return { mIoU: meanIou(confusion) };
}

export interface ClipValidation {
  readonly key: LoadedNetwork;
  readonly nonKey: LoadedNetwork;
  readonly clips: readonly MadeClip[];
  readonly classes: number;
  readonly layer: WarpLayer;
  readonly threads?: number;
  readonly signal?: AbortSignal;
}

/**
 * Over made clips with one key frame each: mean IoU of the non-key frames, of the key-frame network on the
 * same frames, and what share of it is kept (0 where there is nothing to keep).
 */
export async function validateClips(
  options: ClipValidation,
): Promise<{ mIoU: number; perFrame: number; kept: number }> {
  const { key, nonKey, clips, classes, layer, threads, signal } = options;
  const { width, height } = clips[0].frames[0];
  const { channels, stride } = CONTEXT[layer];
  const open = async ({ description, weights }: LoadedNetwork): Promise<GraphSession> => {
    const graph = inferenceGraph(description, weights, height, width);
    appendLabelOutput(graph, height, width);
    return GraphSession.open(graph, { threads });
  };
  await using keySession = await open(key);
  await using nonKeySession = await open(nonKey);
  const ours = new ConfusionMatrix(classes);
  const perFrame = new ConfusionMatrix(classes);
  for (const { frames, labels } of clips) {
    let context: Float32Array | undefined;
    for (const [t, frame] of frames.entries()) {
      signal?.throwIfAborted();
      const reference = await keySession.run({ image: frame.pixels });
      if (context === undefined) {
        context = reference.context as Float32Array;
        continue;
      }
      const previous = frames[t - 1];
      const warped = warpFeatures(context, channels, warpField(frame.motion, width, height, stride));
      const residual = residualMap(frame.pixels, previous.pixels, frame.motion, width, height, stride).data;
      const results = await nonKeySession.run({ image: frame.pixels, warped, residual });
      context = results.context as Float32Array;
      ours.add(results.labels as Uint8Array, labels[t]);
      perFrame.add(reference.labels as Uint8Array, labels[t]);
    }
  }
  const [mIoU, reference] = [meanIou(ours), meanIou(perFrame)];
  return { mIoU, perFrame: reference, kept: reference > 0 ? mIoU / reference : 0 };
}
