/** Derivatives of element-wise operators with NumPy broadcasting, and of joining along the channel axis. */
import type { Graph, Shape, Value } from '@twnet/core/graph/graph';
import * as forms from '@twnet/core/graph/operators/elementwise';
import type { Differentiable } from '../tape.js';

/** Sums a gradient over the axes along which an operand was broadcast. */
function sumToShape(graph: Graph, gradient: Value, shape: Shape): Value {
  const lead = gradient.shape.length - shape.length;
  const axes = gradient.shape.flatMap((extent, i) =>
    i < lead || (shape[i - lead] === 1 && extent !== 1) ? [i] : [],
  );
  if (axes.length === 0) return gradient;
  const sum = graph.reduce('ReduceSum', gradient, axes);
  return lead === 0 ? sum : graph.reshape(sum, shape);
}

export const add: Differentiable = {
  ...forms.add,
  gradient({ graph, inputs, gradient, needed }) {
    return inputs.map((input, i) => (needed[i] ? sumToShape(graph, gradient, input.shape) : undefined));
  },
};

export const multiply: Differentiable = {
  ...forms.multiply,
  gradient({ graph, inputs: [a, b], gradient, needed }) {
    const by = (other: Value, shape: Shape): Value =>
      sumToShape(graph, graph.node('Mul', [gradient, other]), shape);
    return [needed[0] ? by(b, a.shape) : undefined, needed[1] ? by(a, b.shape) : undefined];
  },
};

export const scale: Differentiable<{ factor: number }> = {
  ...forms.scale,
  gradient({ graph, gradient, attributes: { factor } }) {
    return [graph.node('Mul', [gradient, graph.scalar(factor)])];
  },
};

export const concat: Differentiable = {
  ...forms.concat,
  gradient({ graph, inputs, gradient, needed }) {
    let start = 0;
    return inputs.map(({ shape }, i) => {
      const from = start;
      start += shape[1];
      if (!needed[i]) return undefined;
      return graph.slice(gradient, 1, from, start);
    });
  },
};
