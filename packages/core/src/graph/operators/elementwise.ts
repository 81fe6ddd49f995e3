/** Element-wise operators with NumPy broadcasting, and their derivatives. */
import type { Graph, Shape, Value } from '../graph.js';
import type { Operator } from '../tape.js';

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

/** Sums a gradient over the axes along which an operand was broadcast. */
export function sumToShape(graph: Graph, gradient: Value, shape: Shape): Value {
  const lead = gradient.shape.length - shape.length;
  const axes = gradient.shape.flatMap((extent, i) =>
    i < lead || (shape[i - lead] === 1 && extent !== 1) ? [i] : [],
  );
  if (axes.length === 0) return gradient;
  const kept = gradient.shape.map((extent, i) => (axes.includes(i) ? 1 : extent));
  const sum = graph.node('ReduceSum', [gradient, graph.integers(axes)], kept, {
    attributes: { keepdims: 1 },
  });
  return lead === 0 ? sum : graph.node('Reshape', [sum, graph.integers(shape)], shape);
}

/** y = a + b. */
export const add: Operator = {
  name: 'add',
  forward(graph, [a, b]) {
    return { output: graph.node('Add', [a, b], broadcastShape(a.shape, b.shape)) };
  },
  gradient({ graph, inputs, gradient, needed }) {
    return inputs.map((input, i) => (needed[i] ? sumToShape(graph, gradient, input.shape) : undefined));
  },
};

/** y = a · b. */
export const multiply: Operator = {
  name: 'multiply',
  forward(graph, [a, b]) {
    return { output: graph.node('Mul', [a, b], broadcastShape(a.shape, b.shape)) };
  },
  gradient({ graph, inputs: [a, b], output, gradient, needed }) {
    const by = (other: Value, shape: Shape): Value =>
      sumToShape(graph, graph.node('Mul', [gradient, other], output.shape), shape);
    return [needed[0] ? by(b, a.shape) : undefined, needed[1] ? by(a, b.shape) : undefined];
  },
};

/** y = s · x for a fixed number s. */
export const scale: Operator<{ factor: number }> = {
  name: 'scale',
  forward(graph, [x], { factor }) {
    return { output: graph.node('Mul', [x, graph.scalar(factor)], x.shape) };
  },
  gradient({ graph, gradient, attributes: { factor } }) {
    return [graph.node('Mul', [gradient, graph.scalar(factor)], gradient.shape)];
  },
};

/** y = 1 / (1 + e^−x); y' = y (1 − y). */
export const sigmoid: Operator = {
  name: 'sigmoid',
  forward(graph, [x]) {
    return { output: graph.node('Sigmoid', [x], x.shape) };
  },
  gradient({ graph, output, gradient }) {
    const complement = graph.node('Sub', [graph.scalar(1), output], output.shape);
    const slope = graph.node('Mul', [output, complement], output.shape);
    return [graph.node('Mul', [gradient, slope], output.shape)];
  },
};
