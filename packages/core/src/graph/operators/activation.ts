/** Activations: element by element, of one input. */
import type { Operator } from '../graph.js';

/** y = max(x, 0). */
export const relu: Operator = {
  name: 'relu',
  forward: (graph, [x]) => ({ output: graph.node('Relu', [x]) }),
};

/** y = min(max(x, 0), 6). */
export const relu6: Operator = {
  name: 'relu6',
  forward: (graph, [x]) => ({
    output: graph.node('Clip', [x, graph.scalar(0), graph.scalar(6)]),
  }),
};

/** y = x · h, h = clip(x / 6 + 1 / 2, 0, 1) (MobileNetV3). Saved: h. */
export const hardSwish: Operator = {
  name: 'hardSwish',
  forward(graph, [x]) {
    const gate = graph.node('HardSigmoid', [x], x.shape, {
      attributes: { alpha: { float: 1 / 6 }, beta: { float: 0.5 } },
    });
    return { output: graph.node('Mul', [x, gate]), saved: [gate] };
  },
};

/** y = 1 / (1 + e^−x). */
export const sigmoid: Operator = {
  name: 'sigmoid',
  forward: (graph, [x]) => ({ output: graph.node('Sigmoid', [x]) }),
};
