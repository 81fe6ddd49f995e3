/** Element-wise operators with NumPy broadcasting, and joining along the channel axis. */
import type { Operator, Shape } from '../graph.js';

/** Shape of two operands broadcast against each other. */
export function broadcastShape(a: Shape, b: Shape): Shape {
  const rank = Math.max(a.length, b.length);
  return Array.from({ length: rank }, (_, i) => {
    const x = a[a.length - rank + i] ?? 1;
    const y = b[b.length - rank + i] ?? 1;
    if (x !== y && x !== 1 && y !== 1) throw new Error(`shapes [${a}] and [${b}] do not broadcast`);
    return x === 1 ? y : x;
  });
}

/** y = a + b. */
export const add: Operator = {
  name: 'add',
  forward: (graph, [a, b]) => ({ output: graph.node('Add', [a, b], broadcastShape(a.shape, b.shape)) }),
};

/** y = a · b. */
export const multiply: Operator = {
  name: 'multiply',
  forward: (graph, [a, b]) => ({ output: graph.node('Mul', [a, b], broadcastShape(a.shape, b.shape)) }),
};

/** y = s · x for a fixed number s. */
export const scale: Operator<{ factor: number }> = {
  name: 'scale',
  forward: (graph, [x], { factor }) => ({ output: graph.node('Mul', [x, graph.scalar(factor)], x.shape) }),
};

/** Inputs [N, Cᵢ, H, W]; output [N, ΣCᵢ, H, W]. */
export const concat: Operator = {
  name: 'concat',
  forward(graph, inputs) {
    const [n, , rows, columns] = inputs[0].shape;
    const channels = inputs.reduce((sum, { shape }) => sum + shape[1], 0);
    return {
      output: graph.node('Concat', inputs, [n, channels, rows, columns], { attributes: { axis: 1 } }),
    };
  },
};
