/** ReLU, ReLU6 and hard swish. */
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

/** y = x · h, h = clip(x + 3, 0, 6) / 6 (MobileNetV3); y' = h + x / 6 between the kinks. */
export const hardSwish: Operator = {
  name: 'hardSwish',
  forward(graph, [x]) {
    const gate = hardSigmoid(graph, x);
    return { output: graph.node('Mul', [x, gate], x.shape), saved: [gate] };
  },
  gradient({ graph, inputs: [x], saved: [gate], gradient }) {
    const above = graph.node('Greater', [gate, graph.scalar(0)], x.shape, { type: 'bool' });
    const below = graph.node('Less', [gate, graph.scalar(1)], x.shape, { type: 'bool' });
    const between = graph.node('And', [above, below], x.shape, { type: 'bool' });
    const slope = graph.node('Add', [gate, masked(graph, sixth(graph, x), between)], x.shape);
    return [graph.node('Mul', [gradient, slope], x.shape)];
  },
};

function sixth(graph: Graph, x: Value): Value {
  return graph.node('Mul', [x, graph.scalar(1 / 6)], x.shape);
}

/** clip(x / 6 + 1 / 2, 0, 1). */
export function hardSigmoid(graph: Graph, x: Value): Value {
  return graph.node('HardSigmoid', [x], x.shape, {
    attributes: { alpha: { float: 1 / 6 }, beta: { float: 0.5 } },
  });
}
