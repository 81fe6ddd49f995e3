/**
 * Warping a feature map as a product with a sparse matrix held densely: Y = X · M a sample, X with one row a
 * channel and one column a cell. Linear in X whatever the motion, so the derivative is the same with Mᵀ.
 */
import type { Graph, Value } from '@twnet/core/graph/graph';
import type { Differentiable } from '../tape.js';

/** Inputs: x [N, C, H, W]; matrix [N, H·W, H·W], from source cells (rows) to target cells; no gradient by it. */
export const warp: Differentiable = {
  name: 'warp',
  forward(graph, [x, matrix]) {
    return { output: times(graph, x, matrix) };
  },
  gradient({ graph, inputs: [, matrix], gradient }) {
    const [n, from, to] = matrix.shape;
    const transposed = graph.node('Transpose', [matrix], [n, to, from], { attributes: { perm: [0, 2, 1] } });
    return [times(graph, gradient, transposed), undefined];
  },
};

function times(graph: Graph, x: Value, matrix: Value): Value {
  const [n, channels, height, width] = x.shape;
  const flat = [n, channels, height * width];
  const rows = graph.node('Reshape', [x, graph.integers(flat)], flat);
  return graph.node(
    'Reshape',
    [graph.node('MatMul', [rows, matrix], flat), graph.integers(x.shape)],
    x.shape,
  );
}
