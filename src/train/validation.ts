/** How good the present weights are, on stills held out of training. */
import type { Still } from '../data/index.js';
import { ConfusionMatrix, meanIou } from '../evaluate/index.js';
import { GraphSession } from '../graph/session.js';
import type { NetworkDescription } from '../network/description.js';
import { inferenceGraph } from '../network/inference-graph.js';
import { appendLabelOutput } from '../network/label-output.js';
import type { Weights } from '../network/safetensors.js';

/** Mean IoU of a key-frame network over stills of one size, by labels at full size. */
export async function validateKeyFrames(
  description: NetworkDescription,
  weights: Weights,
  classes: number,
  stills: readonly Still[],
  threads?: number,
): Promise<{ mIoU: number }> {
  const [{ height, width }] = stills;
  const graph = inferenceGraph(description, weights, height, width);
  appendLabelOutput(graph, height, width);
  const session = await GraphSession.open(graph, { threads });
  const confusion = new ConfusionMatrix(classes);
  for (const { pixels, labels } of stills) {
    const results = await session.run({ image: pixels });
    confusion.add(results.labels as Uint8Array, labels);
  }
  await session.close();
  return { mIoU: meanIou(confusion) };
}
