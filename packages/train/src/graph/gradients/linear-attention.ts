/** The derivative of linear attention. */
import type { Graph, Value } from '@twnet/core/graph/graph';
import { linearAttention as form, reshape } from '@twnet/core/graph/operators/linear-attention';
import type { Differentiable } from '../tape.js';
import { throughRelu } from './activation.js';

export const linearAttention: Differentiable<{ size: number }> = {
  ...form,
  gradient({ graph, inputs: [x], saved, gradient, attributes: { size } }) {
    const [query, key, value, mixed, sums, denominator, attended] = saved;
    const { shape } = query;
    const [n, groups] = shape;
    const single = [n, groups, 1, shape[3]];
    const square = [n, groups, size, size];
    const dOutput = reshape(graph, gradient, shape);
    const dNumerator = graph.node('Div', [dOutput, denominator], shape);
    const shares = graph.node('Mul', [dNumerator, attended], shape);
    const dDenominator = graph.node(
      'Neg',
      [graph.node('ReduceSum', [shares, graph.integers([2])], single, { attributes: { keepdims: 1 } })],
      single,
    );
    const dMixed = product(graph, dNumerator, query, square, { transB: 1 });
    const dSums = product(graph, query, dDenominator, sums.shape, { transB: 1 });
    const dQuery = graph.node(
      'Add',
      [product(graph, mixed, dNumerator, shape, { transA: 1 }), product(graph, sums, dDenominator, shape)],
      shape,
    );
    const dKey = graph.node('Add', [product(graph, dMixed, value, shape, { transA: 1 }), dSums], shape);
    const dValue = product(graph, dMixed, key, shape);
    const joined = graph.node(
      'Concat',
      [throughRelu(graph, dQuery, query), throughRelu(graph, dKey, key), dValue],
      [n, groups, 3 * size, shape[3]],
      { attributes: { axis: 2 } },
    );
    return [reshape(graph, joined, x.shape)];
  },
};

function product(
  graph: Graph,
  a: Value,
  b: Value,
  shape: readonly number[],
  sides?: { readonly transA: 1 } | { readonly transB: 1 },
): Value {
  if (!sides) return graph.node('MatMul', [a, b], shape);
  return graph.node('FusedMatMul', [a, b], shape, { domain: 'com.microsoft', attributes: { ...sides } });
}
