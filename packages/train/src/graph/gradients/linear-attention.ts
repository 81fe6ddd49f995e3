/** The derivative of linear attention. */
import type { Graph, Value } from '@twnet/core/graph/graph';
import { linearAttention as form } from '@twnet/core/graph/operators/linear-attention';
import type { Differentiable } from '../tape.js';
import { throughRelu } from './activation.js';

export const linearAttention: Differentiable<{ size: number }> = {
  ...form,
  gradient({ graph, inputs: [x], saved, gradient, attributes: { size } }) {
    const [query, key, value, mixed, sums, denominator, attended] = saved;
    const { shape } = query;
    const [n, groups] = shape;
    const square = [n, groups, size, size];
    const dOutput = graph.reshape(gradient, shape);
    const dNumerator = graph.node('Div', [dOutput, denominator]);
    const shares = graph.node('Mul', [dNumerator, attended]);
    const dDenominator = graph.node('Neg', [graph.reduce('ReduceSum', shares, [2])]);
    const dMixed = product(graph, dNumerator, query, square, { transB: 1 });
    const dSums = product(graph, query, dDenominator, sums.shape, { transB: 1 });
    const dQuery = graph.node('Add', [
      product(graph, mixed, dNumerator, shape, { transA: 1 }),
      product(graph, sums, dDenominator, shape),
    ]);
    const dKey = graph.node('Add', [product(graph, dMixed, value, shape, { transA: 1 }), dSums]);
    const dValue = product(graph, dMixed, key, shape);
    const joined = graph.concat(
      [throughRelu(graph, dQuery, query), throughRelu(graph, dKey, key), dValue],
      2,
    );
    return [graph.reshape(joined, x.shape)];
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
