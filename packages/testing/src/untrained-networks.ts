/** The real networks with random weights, for tests: labels that vary over the picture and mean nothing. */
import { sizeOf } from '@twnet/core/graph/graph';
import type { NetworkDescription } from '@twnet/core/network/description';
import { inferenceGraph } from '@twnet/core/network/inference-graph';
import { CONTEXT, keyFrameNetwork } from '@twnet/core/network/key-frame';
import { nonKeyFrameNetwork } from '@twnet/core/network/non-key-frame';
import type { Weights } from '@twnet/core/network/safetensors';
import { networkParameters } from '@twnet/core/network/shapes';
import type { Networks } from '@twnet/core/runtime/networks';
import { type BareResult, keepingNetworks } from '@twnet/core/segment/keeping-networks';
import { GraphSession } from '@twnet/node/engine/session';
import { randomFrom } from './made-motion.js';

const CLASSES = 11;

/** Uniform random weights of He's variance, norms at the identity. */
function untrained(description: NetworkDescription, seed: number): Weights {
  const random = randomFrom(seed);
  return new Map(
    networkParameters(description).map(({ name, shape, role }) => {
      const spread = role === 'weight' ? Math.sqrt(6 / sizeOf(shape.slice(1))) : 0;
      const centre = role === 'gamma' || role === 'variance' ? 1 : 0;
      const data = Float32Array.from({ length: sizeOf(shape) }, () => centre + spread * (2 * random() - 1));
      return [name, { shape, data }];
    }),
  );
}

/** Both networks, in this thread. */
export async function openUntrained(layer: 1 | 3, width: number, height: number): Promise<Networks> {
  const full = keyFrameNetwork('mobilenet-v1', CLASSES);
  const outputs = { scores: full.outputs.scores, context: full.outputs[`context${layer}`] };
  const weights = untrained(full, 1);
  const nonKeyDescription = nonKeyFrameNetwork('mobilenet-v1', CLASSES, layer);
  // Layer 3 has nothing of its own: it ends with the key-frame network's classifier.
  const nonKeyWeights = layer === 3 ? weights : untrained(nonKeyDescription, 2);
  const open = (description: NetworkDescription, values: Weights) =>
    GraphSession.open(inferenceGraph(description, values, height, width), { threads: 1 });
  const key = await open({ ...full, outputs }, weights);
  const nonKey = await open(nonKeyDescription, nonKeyWeights);
  return keepingNetworks({
    classes: CLASSES,
    width,
    height,
    layer,
    contextChannels: CONTEXT[layer].channels,
    contextStride: CONTEXT[layer].stride,
    async key(image) {
      return (await key.run({ image })) as unknown as BareResult;
    },
    async nonKey(image, warped, residual) {
      const result = await nonKey.run(layer === 3 ? { warped } : { image, warped, residual: residual! });
      return { context: warped, ...result } as unknown as BareResult;
    },
    async close() {
      await key.close();
      await nonKey.close();
    },
  });
}
