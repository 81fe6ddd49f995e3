/** A loss that follows the measure: one minus the mean IoU, with probabilities for predictions. */
import type { Graph, Value } from '@twnet/core/graph/graph';
import type { Differentiable, GradientContext } from '../tape.js';
import { classMask, weightPlane } from './cross-entropy.js';

/**
 * Soft Jaccard loss (Rahman & Wang 2016), the mean over the classes that the batch's labels hold:
 * L = 1 − mean_k I_k / U_k with I_k = Σ p_k·y_k, U_k = Σ p_k + Σ y_k − I_k, over the pixels of the whole batch whose
 * weight is above 0; p = softmax(scores). Inputs as of `softmaxCrossEntropy`; the weights' sizes do not matter.
 */
export const softJaccard: Differentiable = {
  name: 'softJaccard',
  forward(graph, [scores, labels, pixelWeights]) {
    // 0 or 1: counted or not.
    const counted = graph.node('Sign', [weightPlane(graph, labels, pixelWeights)]);
    return overlap(graph, scores, classMask(graph, labels, scores.shape[1]), counted);
  },
  gradient: overlapGradient,
};

/**
 * The same against the classes that a teacher finds most probable. Inputs: scores and teacher [N, K, H, W]; no gradient
 * flows into the teacher.
 */
export const teacherJaccard: Differentiable = {
  name: 'teacherJaccard',
  forward(graph, [scores, teacher]) {
    const best = graph.reduce('ReduceMax', teacher, [1]);
    // −1 where a class is behind the best one, 0 where it is the best.
    const behind = graph.node('Sign', [graph.node('Sub', [teacher, best])]);
    const isLabel = graph.node('Add', [behind, graph.scalar(1)]);
    return overlap(graph, scores, isLabel);
  },
  gradient: overlapGradient,
};

/**
 * @param isLabel 1 where a pixel is of the class, 0 elsewhere, [N, K, H, W]
 * @param counted 1 where a pixel counts, 0 where not; default: all do
 */
function overlap(graph: Graph, scores: Value, isLabel: Value, counted?: Value) {
  const ofCounted = (x: Value): Value => (counted ? graph.node('Mul', [x, counted]) : x);
  const overPixels = (x: Value): Value => graph.reduce('ReduceSum', x, [0, 2, 3]);

  // Not as Softmax: over the second axis ONNX Runtime's is eight times slower than its parts.
  const exponentials = graph.node('Exp', [
    graph.node('Sub', [scores, graph.reduce('ReduceMax', scores, [1])]),
  ]);
  const inverse = graph.node('Reciprocal', [graph.reduce('ReduceSum', exponentials, [1])]);
  const probabilities = graph.node('Mul', [exponentials, inverse]);
  const kept = ofCounted(probabilities);
  const wanted = overPixels(ofCounted(isLabel));
  const intersection = overPixels(graph.node('Mul', [kept, isLabel]));
  const either = graph.node('Add', [overPixels(kept), wanted]);
  const union = graph.node('Max', [graph.node('Sub', [either, intersection]), graph.scalar(1e-12)]);
  const present = graph.node('Sign', [wanted]);
  const sum = (x: Value): Value => graph.reduce('ReduceSum', x);
  // A batch without one valid pixel has loss 1 − 0, and no gradient.
  const share = graph.node('Div', [present, graph.node('Max', [sum(present), graph.scalar(1)])]);
  const iou = graph.node('Div', [intersection, union]);
  const output = graph.node('Sub', [graph.scalar(1), sum(graph.node('Mul', [iou, share]))]);
  return { output, saved: [probabilities, kept, isLabel, share, intersection, union] };
}

function overlapGradient({
  graph,
  saved: [probabilities, kept, isLabel, share, intersection, union],
  gradient,
}: GradientContext<undefined>): Value[] {
  const node = (operator: string, a: Value, b: Value): Value => graph.node(operator, [a, b]);
  // ∂IoU_k/∂p_k is 1/U where k is the label and −I/U² elsewhere: −I/U² + y·(1/U + I/U²).
  const outside = node('Div', intersection, node('Mul', union, union));
  const atLabel = node('Add', node('Div', graph.scalar(1), union), outside);
  const factor = node('Mul', share, gradient);
  const onLabel = node('Mul', isLabel, node('Mul', atLabel, factor));
  const descent = node('Sub', node('Mul', outside, factor), onLabel);
  // Through the softmax: p ⊙ (g − Σ_k p_k g_k), and nothing at pixels that do not count.
  const weighted = node('Mul', kept, descent);
  const total = graph.reduce('ReduceSum', weighted, [1]);
  return [node('Sub', weighted, node('Mul', probabilities, total))];
}
