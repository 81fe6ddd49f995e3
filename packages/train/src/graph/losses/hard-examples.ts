/** Cross-entropy over the hardest pixels only (online hard example mining). */
import type { Graph, Value } from '@twnet/core/graph/graph';
import { asNumbers } from '../gradients/masks.js';
import type { Differentiable } from '../tape.js';
import { softmaxCrossEntropy } from './cross-entropy.js';

export interface HardExampleAttributes {
  /** Pixels whose own class has at most this probability are kept. */
  readonly threshold: number;
  /** Share of the batch's pixels that is kept at least, hardest first, in (0, 1]. */
  readonly minimumKept: number;
}

/** Below every loss: ignored pixels are never among the hardest. */
const IGNORED = -1;

/**
 * Softmax cross-entropy, weighted mean over the hard pixels: those with −log p_label ≥ c, where c is the smaller of
 * −log `threshold` and the loss of the pixel at rank `minimumKept` · N · H · W (Shrivastava et al. 2016, per pixel as
 * in Pohlen et al. 2017). Inputs as of {@link softmaxCrossEntropy}. The choice of pixels has no derivative.
 */
export const hardExampleCrossEntropy: Differentiable<HardExampleAttributes> = {
  name: 'hardExampleCrossEntropy',
  forward(graph, inputs, attributes) {
    const [scores] = inputs;
    const { saved } = softmaxCrossEntropy.forward(graph, inputs, undefined);
    const [exponentials, total, isLabel, weights] = saved!;
    const surprise = pixelLoss(graph, scores, total, isLabel);
    const hard = graph.node(
      'Mul',
      [weights, hardPixels(graph, surprise, weights, attributes)],
      weights.shape,
    );
    const sum = (x: Value): Value => graph.node('ReduceSum', [x], [], { attributes: { keepdims: 0 } });
    const weightSum = graph.node('Max', [sum(hard), graph.scalar(1e-12)], []);
    const output = graph.node(
      'Div',
      [sum(graph.node('Mul', [surprise, hard], weights.shape)), weightSum],
      [],
    );
    return { output, saved: [exponentials, total, isLabel, hard, weightSum] };
  },
  gradient: (context) => softmaxCrossEntropy.gradient({ ...context, attributes: undefined }),
};

/** −log p_label: [N, 1, H, W]. In the cross-entropy's own operators, so that ONNX Runtime computes them once. */
function pixelLoss(graph: Graph, scores: Value, total: Value, isLabel: Value): Value {
  const overClasses = (operator: string, x: Value): Value =>
    graph.node(operator, [x, graph.integers([1])], total.shape, { attributes: { keepdims: 1 } });
  const shifted = graph.node('Sub', [scores, overClasses('ReduceMax', scores)], scores.shape);
  const chosen = overClasses('ReduceSum', graph.node('Mul', [isLabel, shifted], scores.shape));
  return graph.node('Sub', [graph.node('Log', [total], total.shape), chosen], total.shape);
}

/** 1 at hard pixels, else 0. */
function hardPixels(
  graph: Graph,
  surprise: Value,
  weights: Value,
  { threshold, minimumKept }: HardExampleAttributes,
): Value {
  const { shape } = surprise;
  const count = shape.reduce((product, extent) => product * extent, 1);
  const kept = Math.min(count, Math.max(1, Math.ceil(minimumKept * count)));
  const labelled = graph.node('Greater', [weights, graph.scalar(0)], shape, { type: 'bool' });
  const ranked = graph.node('Where', [labelled, surprise, graph.scalar(IGNORED)], shape, { type: 'float32' });
  const flat = graph.node('Reshape', [ranked, graph.integers([count])], [count]);
  const [hardest] = graph.nodeOfTwo(
    'TopK',
    [flat, graph.integers([kept])],
    [[kept], [kept]],
    ['float32', 'int64'],
    {
      sorted: 0,
    },
  );
  const atRank = graph.node('ReduceMin', [hardest], [], { attributes: { keepdims: 0 } });
  const cutoff = graph.node('Min', [atRank, graph.scalar(-Math.log(threshold))], []);
  const hard = graph.node('GreaterOrEqual', [surprise, cutoff], shape, { type: 'bool' });
  return asNumbers(graph, hard);
}
