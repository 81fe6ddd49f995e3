/** The real networks with random weights, for tests: labels that vary over the picture and mean nothing. */
import { sizeOf } from '../graph/graph.js';
import { GraphSession } from '../graph/session.js';
import { randomFrom } from '../motion/made-motion.js';
import {
  CONTEXT,
  inferenceGraph,
  keyFrameNetwork,
  type NetworkDescription,
  networkParameters,
  nonKeyFrameNetwork,
  type Weights,
} from '../network/index.js';
import { type BareResult, keepingNetworks } from './keeping-networks.js';
import type { SegmentationNetworks } from './networks.js';

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
export async function openUntrained(
  layer: 1 | 3,
  width: number,
  height: number,
): Promise<SegmentationNetworks> {
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
