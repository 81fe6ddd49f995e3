/** Max pooling over square windows. */
import { sizeOf } from '../graph.js';
import type { Operator } from '../tape.js';

export interface MaxPoolAttributes {
  readonly kernel: number;
  readonly stride: number;
  /** Cells added on every side, never the largest. */
  readonly padding: number;
}

/** Input: x [N, C, H, W]. Saved: where in the flattened x each output comes from. */
export const maxPool: Operator<MaxPoolAttributes> = {
  name: 'maxPool',
  forward(graph, [x], { kernel, stride, padding }) {
    const [n, channels, rows, columns] = x.shape;
    const extent = (size: number): number => Math.floor((size + 2 * padding - kernel) / stride) + 1;
    const shape = [n, channels, extent(rows), extent(columns)];
    const [output, indices] = graph.nodeOfTwo('MaxPool', [x], [shape, shape], ['float32', 'int64'], {
      kernel_shape: [kernel, kernel],
      strides: [stride, stride],
      pads: [padding, padding, padding, padding],
    });
    return { output, saved: [indices] };
  },
  /** Each output's gradient goes to the cell it was taken from; windows that overlap add up. */
  gradient({ graph, inputs: [x], saved: [indices], gradient }) {
    const flat = (value: typeof x) =>
      graph.node('Reshape', [value, graph.integers([-1])], [sizeOf(value.shape)]);
    const cells = sizeOf(x.shape);
    const zeros = graph.node('Expand', [graph.scalar(0), graph.integers([cells])], [cells]);
    const sums = graph.node('ScatterElements', [zeros, flat(indices), flat(gradient)], [cells], {
      attributes: { axis: 0, reduction: 'add' },
    });
    return [graph.node('Reshape', [sums, graph.integers(x.shape)], x.shape)];
  },
};
