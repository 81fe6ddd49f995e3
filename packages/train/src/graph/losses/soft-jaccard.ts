/** A loss that follows the measure: one minus the mean IoU, with probabilities for predictions. */
import type { Value } from '@twnet/core/graph/graph';
import type { Differentiable } from '../tape.js';
import { classMask, weightPlane } from './cross-entropy.js';

/**
 * Soft Jaccard loss (Rahman & Wang 2016), the mean over the classes that the batch's labels hold:
 * L = 1 − mean_k I_k / U_k with I_k = Σ p_k·y_k, U_k = Σ p_k + Σ y_k − I_k, over the pixels of the whole batch whose
 * weight is above 0; p = softmax(scores). Inputs as of `softmaxCrossEntropy`; the weights' sizes do not matter.
 */
export const softJaccard: Differentiable = {
  name: 'softJaccard',
  forward(graph, [scores, labels, pixelWeights]) {
    const { shape } = scores;
    const weights = weightPlane(graph, labels, pixelWeights);
    // 0 or 1: counted or not.
    const counted = graph.node('Sign', [weights]);
    const isLabel = classMask(graph, labels, shape[1]);
    const overPixels = (x: Value): Value => graph.reduce('ReduceSum', x, [0, 2, 3]);

    // Not as Softmax: over the second axis ONNX Runtime's is eight times slower than its parts.
    const exponentials = graph.node('Exp', [
      graph.node('Sub', [scores, graph.reduce('ReduceMax', scores, [1])]),
    ]);
    const inverse = graph.node('Reciprocal', [graph.reduce('ReduceSum', exponentials, [1])]);
    const probabilities = graph.node('Mul', [exponentials, inverse]);
    const kept = graph.node('Mul', [probabilities, counted]);
    const wanted = overPixels(graph.node('Mul', [isLabel, counted]));
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
  },
  gradient({ graph, saved: [probabilities, kept, isLabel, share, intersection, union], gradient }) {
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
  },
};
