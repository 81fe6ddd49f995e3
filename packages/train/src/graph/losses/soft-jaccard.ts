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
    const [n, classes, rows, columns] = scores.shape;
    const plane = [n, 1, rows, columns];
    const perClass = [1, classes, 1, 1];
    const { shape } = scores;
    const weights = weightPlane(graph, labels, pixelWeights, plane);
    // 0 or 1: counted or not.
    const counted = graph.node('Sign', [weights], plane);
    const isLabel = classMask(graph, labels, classes, plane, scores);
    const overPixels = (x: Value): Value =>
      graph.node('ReduceSum', [x, graph.integers([0, 2, 3])], perClass, { attributes: { keepdims: 1 } });

    const probabilities = graph.node('Softmax', [scores], shape, { attributes: { axis: 1 } });
    const kept = graph.node('Mul', [probabilities, counted], shape);
    const wanted = overPixels(graph.node('Mul', [isLabel, counted], shape));
    const intersection = overPixels(graph.node('Mul', [kept, isLabel], shape));
    const either = graph.node('Add', [overPixels(kept), wanted], perClass);
    const union = graph.node(
      'Max',
      [graph.node('Sub', [either, intersection], perClass), graph.scalar(1e-12)],
      perClass,
    );
    const present = graph.node('Sign', [wanted], perClass);
    const sum = (x: Value): Value => graph.node('ReduceSum', [x], [], { attributes: { keepdims: 0 } });
    // A batch without one valid pixel has loss 1 − 0, and no gradient.
    const share = graph.node(
      'Div',
      [present, graph.node('Max', [sum(present), graph.scalar(1)], [])],
      perClass,
    );
    const iou = graph.node('Div', [intersection, union], perClass);
    const output = graph.node('Sub', [graph.scalar(1), sum(graph.node('Mul', [iou, share], perClass))], []);
    return { output, saved: [probabilities, kept, isLabel, share, intersection, union] };
  },
  gradient({ graph, saved: [probabilities, kept, isLabel, share, intersection, union], gradient }) {
    const { shape } = probabilities;
    const perClass = share.shape;
    const small = (operator: string, a: Value, b: Value): Value => graph.node(operator, [a, b], perClass);
    // ∂IoU_k/∂p_k is 1/U where k is the label and −I/U² elsewhere: −I/U² + y·(1/U + I/U²).
    const outside = small('Div', intersection, small('Mul', union, union));
    const atLabel = small('Add', small('Div', graph.scalar(1), union), outside);
    const factor = small('Mul', share, gradient);
    const onLabel = graph.node('Mul', [isLabel, small('Mul', atLabel, factor)], shape);
    const descent = graph.node('Sub', [small('Mul', outside, factor), onLabel], shape);
    // Through the softmax: p ⊙ (g − Σ_k p_k g_k), and nothing at pixels that do not count.
    const weighted = graph.node('Mul', [kept, descent], shape);
    const plane = [shape[0], 1, shape[2], shape[3]];
    const total = graph.node('ReduceSum', [weighted, graph.integers([1])], plane, {
      attributes: { keepdims: 1 },
    });
    return [graph.node('Sub', [weighted, graph.node('Mul', [probabilities, total], shape)], shape)];
  },
};
