/** ReLU and ReLU6. */
import type { Graph, Value } from '../graph.js';
import type { Operator } from '../tape.js';
import { asNumbers } from './masks.js';

/** The gradient where `passed` holds, 0 elsewhere. */
function masked(graph: Graph, gradient: Value, passed: Value): Value {
  return graph.node('Mul', [gradient, asNumbers(graph, passed)], gradient.shape);
}

/** y = max(x, 0). The slope at 0 is 0. */
export const relu: Operator = {
  name: 'relu',
  forward(graph, [x]) {
    return { output: graph.node('Relu', [x], x.shape) };
  },
  gradient({ graph, output, gradient }) {
    const passed = graph.node('Greater', [output, graph.scalar(0)], output.shape, { type: 'bool' });
    return [masked(graph, gradient, passed)];
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
    return [masked(graph, gradient, passed)];
  },
};
