/** Element-wise operators with NumPy broadcasting, and joining along the channel axis. */
import type { Operator } from '../graph.js';

/** y = a + b. */
export const add: Operator = {
  name: 'add',
  forward: (graph, [a, b]) => ({ output: graph.node('Add', [a, b]) }),
};

/** y = a · b. */
export const multiply: Operator = {
  name: 'multiply',
  forward: (graph, [a, b]) => ({ output: graph.node('Mul', [a, b]) }),
};

/** y = s · x for a fixed number s. */
export const scale: Operator<{ factor: number }> = {
  name: 'scale',
  forward: (graph, [x], { factor }) => ({ output: graph.node('Mul', [x, graph.scalar(factor)]) }),
};

/** Inputs [N, Cᵢ, H, W]; output [N, ΣCᵢ, H, W]. */
export const concat: Operator = {
  name: 'concat',
  forward: (graph, inputs) => ({ output: graph.concat(inputs, 1) }),
};
