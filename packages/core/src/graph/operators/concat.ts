/** Joins along the channel axis. */
import type { Operator } from '../tape.js';

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
  gradient({ graph, inputs, gradient, needed }) {
    let start = 0;
    return inputs.map(({ shape }, i) => {
      const from = start;
      start += shape[1];
      if (!needed[i]) return undefined;
      const bounds = [[from], [start], [1]].map((list) => graph.integers(list));
      return graph.node('Slice', [gradient, ...bounds], shape);
    });
  },
};
