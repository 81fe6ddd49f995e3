/** Masks as factors. */
import type { Graph, Value } from '@twnet/core/graph/graph';

/**
 * A boolean value as 1 and 0. To multiply by it takes ONNX Runtime half the time of `Where`, which runs on one
 * thread in three passes.
 */
export function asNumbers(graph: Graph, mask: Value): Value {
  return graph.node('Cast', [mask], mask.shape, { type: 'float32', attributes: { to: 1 } });
}
