/** ReLU and ReLU6. */
import type { Operator } from '../tape.js';

/** y = max(x, 0). The slope at 0 is 0. */
export const relu: Operator = {
  name: 'relu',
  forward(graph, [x]) {
    return { output: graph.node('Relu', [x], x.shape) };
  },
  gradient({ graph, output, gradient }) {
    // The sign of the output is the slope: one cheap pass instead of a comparison and a selection.
    return [graph.node('Mul', [gradient, graph.node('Sign', [output], output.shape)], output.shape)];
  },
};

/** y = min(max(x, 0), 6). The slope is 1 where clipping changed nothing. */
export const relu6: Operator = {
  name: 'relu6',
  forward(graph, [x]) {
    return { output: graph.node('Clip', [x, graph.scalar(0), graph.scalar(6)], x.shape) };
  },
  gradient({ graph, inputs: [x], output, gradient }) {
    const passed = graph.node('Equal', [x, output], x.shape, { type: 'bool' });
    return [graph.node('Where', [passed, gradient, graph.scalar(0)], x.shape, { type: 'float32' })];
  },
};
