/** Max pooling's derivative. */
import { sizeOf, type Value } from '@twnet/core/graph/graph';
import { maxPool as form, type MaxPoolAttributes, onnxMaxPool } from '@twnet/core/graph/operators/pooling';
import type { Differentiable } from '../tape.js';

/** Written so that it also tells, and saves, where in the flattened x each output comes from. */
export const maxPool: Differentiable<MaxPoolAttributes> = {
  name: form.name,
  forward(graph, [x], pool) {
    const { shape, attributes } = onnxMaxPool(x, pool);
    const types = ['float32', 'int64'] as const;
    const [output, indices] = graph.nodeOfTwo('MaxPool', [x], [shape, shape], types, attributes);
    return { output, saved: [indices] };
  },
  /** Each output's gradient goes to the cell it was taken from; windows that overlap add up. */
  gradient({ graph, inputs: [x], saved: [indices], gradient }) {
    const flat = (value: Value) =>
      graph.node('Reshape', [value, graph.integers([-1])], [sizeOf(value.shape)]);
    const cells = sizeOf(x.shape);
    const zeros = graph.node('Expand', [graph.scalar(0), graph.integers([cells])], [cells]);
    const sums = graph.node('ScatterElements', [zeros, flat(indices), flat(gradient)], [cells], {
      attributes: { axis: 0, reduction: 'add' },
    });
    return [graph.node('Reshape', [sums, graph.integers(x.shape)], x.shape)];
  },
};
