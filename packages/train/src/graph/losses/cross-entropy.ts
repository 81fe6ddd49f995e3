/** Softmax cross-entropy over pixels: a scalar. */
import type { Graph, Value } from '@twnet/core/graph/graph';
import { asNumbers } from '../gradients/activation.js';
import type { Differentiable } from '../tape.js';

/**
 * Softmax cross-entropy, weighted mean over pixels. Inputs: scores [N, K, H, W]; labels [N, H, W] (uint8);
 * pixelWeights [256]: the weight of each label value, 0 for the ignored one. L = Σ w·(−log p_label) / Σ w.
 */
export const softmaxCrossEntropy: Differentiable = {
  name: 'softmaxCrossEntropy',
  forward(graph, [scores, labels, pixelWeights]) {
    const overClasses = (operator: string, x: Value): Value => graph.reduce(operator, x, [1]);
    const maximum = overClasses('ReduceMax', scores);
    const shifted = graph.node('Sub', [scores, maximum]);
    const exponentials = graph.node('Exp', [shifted]);
    const total = overClasses('ReduceSum', exponentials);

    const isLabel = classMask(graph, labels, scores.shape[1]);
    const chosen = overClasses('ReduceSum', graph.node('Mul', [isLabel, shifted]));
    const surprise = graph.node('Sub', [graph.node('Log', [total]), chosen]);
    const weights = weightPlane(graph, labels, pixelWeights);
    const sum = (x: Value): Value => graph.reduce('ReduceSum', x);
    // A batch without one valid pixel has loss 0, not 0/0.
    const weightSum = graph.node('Max', [sum(weights), graph.scalar(1e-12)]);
    const output = graph.node('Div', [sum(graph.node('Mul', [surprise, weights])), weightSum]);
    return { output, saved: [exponentials, total, isLabel, weights, weightSum] };
  },
  gradient({ graph, saved: [exponentials, total, isLabel, weights, weightSum], gradient }) {
    const perPixel = graph.node('Mul', [weights, graph.node('Div', [gradient, weightSum])]);
    const overTotal = graph.node('Div', [perPixel, total]);
    const predicted = graph.node('Mul', [exponentials, overTotal]);
    const wanted = graph.node('Mul', [isLabel, perPixel]);
    return [graph.node('Sub', [predicted, wanted])];
  },
};

/** 1 where class k is the pixel's label, else 0: [N, K, H, W]. */
export function classMask(graph: Graph, labels: Value, classes: number): Value {
  const ids = graph.constant(
    Int32Array.from({ length: classes }, (_, i) => i),
    [1, classes, 1, 1],
  );
  const spread = asPlane(graph, asIntegers(graph, labels));
  return asNumbers(graph, graph.node('Equal', [spread, ids], undefined, { type: 'bool' }));
}

/** The weight of each pixel's label: [N, 1, H, W]. */
export function weightPlane(graph: Graph, labels: Value, pixelWeights: Value): Value {
  const indices = asIntegers(graph, labels);
  return asPlane(graph, graph.node('Gather', [pixelWeights, indices], labels.shape));
}

const asIntegers = (graph: Graph, labels: Value): Value =>
  graph.node('Cast', [labels], labels.shape, { type: 'int32', attributes: { to: 6 } });

/** [N, H, W] → [N, 1, H, W]. */
const asPlane = (graph: Graph, x: Value): Value => graph.reshape(x, [x.shape[0], 1, ...x.shape.slice(1)]);
