/** Softmax cross-entropy over pixels, and the mean squared error: both give a scalar. */
import type { Graph, Value } from '@twnet/core/graph/graph';
import { asNumbers } from '../gradients/masks.js';
import type { Differentiable } from '../tape.js';

/**
 * Softmax cross-entropy, weighted mean over pixels. Inputs: scores [N, K, H, W]; labels [N, H, W] (uint8);
 * pixelWeights [256]: the weight of each label value, 0 for the ignored one. L = Σ w·(−log p_label) / Σ w.
 */
export const softmaxCrossEntropy: Differentiable = {
  name: 'softmaxCrossEntropy',
  forward(graph, [scores, labels, pixelWeights]) {
    const [n, classes, rows, columns] = scores.shape;
    const plane = [n, 1, rows, columns];
    const overClasses = (operator: string, x: Value): Value =>
      graph.node(operator, [x, graph.integers([1])], plane, { attributes: { keepdims: 1 }, type: 'float32' });
    const maximum = overClasses('ReduceMax', scores);
    const shifted = graph.node('Sub', [scores, maximum], scores.shape);
    const exponentials = graph.node('Exp', [shifted], scores.shape);
    const total = overClasses('ReduceSum', exponentials);

    const isLabel = classMask(graph, labels, classes, plane, scores);
    const chosen = overClasses('ReduceSum', graph.node('Mul', [isLabel, shifted], scores.shape));
    const surprise = graph.node('Sub', [graph.node('Log', [total], plane), chosen], plane);
    const weights = weightPlane(graph, labels, pixelWeights, plane);
    const sum = (x: Value): Value => graph.node('ReduceSum', [x], [], { attributes: { keepdims: 0 } });
    // A batch without one valid pixel has loss 0, not 0/0.
    const weightSum = graph.node('Max', [sum(weights), graph.scalar(1e-12)], []);
    const output = graph.node('Div', [sum(graph.node('Mul', [surprise, weights], plane)), weightSum], []);
    return { output, saved: [exponentials, total, isLabel, weights, weightSum] };
  },
  gradient({ graph, inputs: [scores], saved: [exponentials, total, isLabel, weights, weightSum], gradient }) {
    const plane = total.shape;
    const perPixel = graph.node('Mul', [weights, graph.node('Div', [gradient, weightSum], [])], plane);
    const overTotal = graph.node('Div', [perPixel, total], plane);
    const predicted = graph.node('Mul', [exponentials, overTotal], scores.shape);
    const wanted = graph.node('Mul', [isLabel, perPixel], scores.shape);
    return [graph.node('Sub', [predicted, wanted], scores.shape)];
  },
};

/** 1 where class k is the pixel's label, else 0: [N, K, H, W]. */
export function classMask(
  graph: Graph,
  labels: Value,
  classes: number,
  plane: readonly number[],
  scores: Value,
): Value {
  const ids = graph.constant(
    Int32Array.from({ length: classes }, (_, i) => i),
    [1, classes, 1, 1],
  );
  const asIntegers = graph.node('Cast', [labels], labels.shape, { type: 'int32', attributes: { to: 6 } });
  const spread = graph.node('Reshape', [asIntegers, graph.integers(plane)], plane);
  return asNumbers(graph, graph.node('Equal', [spread, ids], scores.shape, { type: 'bool' }));
}

/** The weight of each pixel's label: [N, 1, H, W]. */
export function weightPlane(
  graph: Graph,
  labels: Value,
  pixelWeights: Value,
  plane: readonly number[],
): Value {
  const indices = graph.node('Cast', [labels], labels.shape, { type: 'int32', attributes: { to: 6 } });
  const weights = graph.node('Gather', [pixelWeights, indices], labels.shape, { type: 'float32' });
  return graph.node('Reshape', [weights, graph.integers(plane)], plane);
}

/** Mean of (a − b)² over all elements; no gradient flows into b (a fixed target). */
export const meanSquaredError: Differentiable = {
  name: 'meanSquaredError',
  forward(graph, [a, b]) {
    const difference = graph.node('Sub', [a, b], a.shape);
    const squares = graph.node('Mul', [difference, difference], a.shape);
    const output = graph.node('ReduceMean', [squares], [], { attributes: { keepdims: 0 } });
    return { output, saved: [difference] };
  },
  gradient({ graph, inputs: [a], saved: [difference], gradient }) {
    const count = a.shape.reduce((product, extent) => product * extent, 1);
    const factor = graph.node('Mul', [gradient, graph.scalar(2 / count)], []);
    return [graph.node('Mul', [difference, factor], a.shape)];
  },
};
