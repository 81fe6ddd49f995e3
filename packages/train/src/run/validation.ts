/** How good the present weights are, on stills held out of training. */

import { ConfusionMatrix } from '@twnet/core/metrics/confusion';
import { meanIou } from '@twnet/core/metrics/metrics';
import type { NetworkSource } from '@twnet/core/model/loaded-network';
import type { NetworkDescription } from '@twnet/core/network/description';
import { inferenceGraph } from '@twnet/core/network/inference-graph';
import type { WarpLayer } from '@twnet/core/network/key-frame';
import { appendLabelOutput } from '@twnet/core/network/label-output';
import type { Weights } from '@twnet/core/network/safetensors';
import { openNetworks } from '@twnet/core/runtime/networks';
import { clipSource, segmentVideo } from '@twnet/core/segment/segmenter';
import { GraphSession, onnxEngine } from '@twnet/node/engine/session';
import { sampleStill } from '../data/augment.js';
import type { Still } from '../data/camvid.js';
import type { TrainingClip } from '../data/training-clip.js';

/** Mean IoU of a key-frame network over stills of one size, enlarged by `scale`, by labels at that size. */
export async function validateKeyFrames(
  description: NetworkDescription,
  weights: Weights,
  classes: number,
  stills: readonly Still[],
  { threads, signal, scale = 1 }: { threads?: number; signal?: AbortSignal; scale?: number } = {},
): Promise<{ mIoU: number }> {
  const { height, width } = enlarged(stills[0], scale);
  const graph = inferenceGraph(description, weights, height, width);
  appendLabelOutput(graph, height, width);
  await using session = await GraphSession.open(graph, { threads });
  const confusion = new ConfusionMatrix(classes);
  for (const still of stills) {
    signal?.throwIfAborted();
    const { pixels, labels } = enlarged(still, scale);
    const results = await session.run({ image: pixels });
    confusion.add(results.labels as Uint8Array, labels);
  }
  return { mIoU: meanIou(confusion) };
}

function enlarged(still: Still, scale: number): Still {
  if (scale === 1) return still;
  const [width, height] = [still.width, still.height].map((length) => Math.round(length * scale));
  const pixels = new Uint8Array(3 * width * height);
  const labels = new Uint8Array(width * height);
  const sampling = { left: 0, top: 0, step: 1 / scale, flip: false, gains: [1, 1, 1], offset: 0 } as const;
  sampleStill(still, sampling, { width, height, pixels, labels });
  return { name: still.name, width, height, pixels, labels };
}

export interface ClipValidation {
  readonly networks: NetworkSource;
  readonly clips: readonly TrainingClip[];
  readonly layer: WarpLayer;
  readonly threads?: number;
  readonly signal?: AbortSignal;
}

/**
 * Over made clips with one key frame each, segmented as any video is: mean IoU of the non-key frames, of the key-frame
 * network on the same frames, and what share of it is kept (0 where there is nothing to keep).
 */
export async function validateClips({
  networks: source,
  clips,
  layer,
  threads,
  signal,
}: ClipValidation): Promise<{ mIoU: number; perFrame: number; kept: number }> {
  const { width, height } = clips[0].frames[0];
  const engine = onnxEngine;
  await using networks = await openNetworks(source, { width, height, layer, threads }, { engine });
  const ours = new ConfusionMatrix(networks.classes);
  const perFrame = new ConfusionMatrix(networks.classes);
  for (const { frames, labels } of clips) {
    let t = 0;
    for await (const { frame, labels: found } of segmentVideo(clipSource(frames), networks, { signal })) {
      const truth = labels[t++];
      if (t === 1) continue;
      ours.add(found, truth);
      perFrame.add((await networks.keyFrame(frame.pixels)).labels, truth);
    }
  }
  const [mIoU, reference] = [meanIou(ours), meanIou(perFrame)];
  return { mIoU, perFrame: reference, kept: reference > 0 ? mIoU / reference : 0 };
}
