/** How far class probabilities are from those of a teacher: a scalar. */
import type { Value } from '@twnet/core/graph/graph';
import type { Differentiable } from '../tape.js';

/**
 * Kullback-Leibler divergence KL(q ‖ p), the mean over all cells of Σ_k q_k (log q_k − log p_k), p = softmax(scores) and
 * q = softmax(teacher) (Hinton et al. 2015). Inputs: scores and teacher [N, K, H, W]; no gradient flows into the teacher.
 */
export const divergence: Differentiable = {
  name: 'divergence',
  forward(graph, [scores, teacher]) {
    const overClasses = (operator: string, x: Value): Value => graph.reduce(operator, x, [1]);
    // ONNX Runtime's LogSoftmax takes four times as long along this axis.
    const logOf = (x: Value): Value => {
      const shifted = graph.node('Sub', [x, overClasses('ReduceMax', x)]);
      const total = overClasses('ReduceSum', graph.node('Exp', [shifted]));
      return graph.node('Sub', [shifted, graph.node('Log', [total])]);
    };
    const [log, wantedLog] = [logOf(scores), logOf(teacher)];
    const wanted = graph.node('Exp', [wantedLog]);
    const terms = graph.node('Mul', [wanted, graph.node('Sub', [wantedLog, log])]);
    const output = graph.reduce('ReduceMean', overClasses('ReduceSum', terms));
    return { output, saved: [log, wanted] };
  },
  gradient({ graph, inputs: [scores], saved: [log, wanted], gradient }) {
    const [n, , rows, columns] = scores.shape;
    const share = graph.node('Mul', [gradient, graph.scalar(1 / (n * rows * columns))]);
    const difference = graph.node('Sub', [graph.node('Exp', [log]), wanted]);
    return [graph.node('Mul', [difference, share])];
  },
};
