/**
 * Attention whose cost is linear in the cells (EfficientViT's, Cai et al. 2023, Eq. 4): with ReLU in softmax's place
 * the products can be taken in another order, so no matrix of cells by cells is made.
 */
import { type Graph, type Operator, sizeOf, type Value } from '../graph.js';

/** Keeps the denominator from 0 where a group's queries or keys all are. */
const FLOOR = 1e-15;

/** A group's queries, keys and values, `[N, groups, size, cells]` each. */
interface Parts {
  readonly query: Value;
  readonly key: Value;
  readonly value: Value;
}

/**
 * Input [N, groups · 3 size, H, W]: of each group its queries, keys and values, `size` channels each. Output
 * [N, groups · size, H, W]: (v kᵀ) q / ((Σ k)ᵀ q + 1e-15) of each group, q and k through ReLU, sums over all cells.
 */
export const linearAttention: Operator<{ size: number }> = {
  name: 'linearAttention',
  forward(graph, [x], { size }) {
    const { query, key, value } = parts(graph, x, size);
    const [n, groups, , cells] = query.shape;
    // Transposed by an operator of its own, for files that others run; ONNX Runtime fuses the two.
    const mixed = graph.node('MatMul', [value, transposed(graph, key)], [n, groups, size, size]);
    const sums = graph.reduce('ReduceSum', key, [3]);
    const numerator = graph.node('MatMul', [mixed, query], query.shape);
    const weight = graph.node('MatMul', [transposed(graph, sums), query], [n, groups, 1, cells]);
    const denominator = graph.node('Add', [weight, graph.scalar(FLOOR)]);
    const attended = graph.node('Div', [numerator, denominator]);
    const [, , rows, columns] = x.shape;
    const output = graph.reshape(attended, [n, groups * size, rows, columns]);
    return { output, saved: [query, key, value, mixed, sums, denominator, attended] };
  },
  // For every cell: values by keys, those by queries, and the sums of keys by queries.
  macs: (output, _, { size }) => sizeOf(output.shape) * (2 * size + 1),
};

function parts(graph: Graph, x: Value, size: number): Parts {
  const [n, channels, rows, columns] = x.shape;
  const groups = channels / (3 * size);
  if (!Number.isInteger(groups))
    throw new Error(`attention over ${channels} channels in groups of ${3 * size}`);
  const grouped = graph.reshape(x, [n, groups, 3 * size, rows * columns]);
  const [query, key, value] = [0, 1, 2].map((i) => graph.slice(grouped, 2, i * size, (i + 1) * size));
  const relu = (part: Value): Value => graph.node('Relu', [part]);
  return { query: relu(query), key: relu(key), value };
}

function transposed(graph: Graph, x: Value): Value {
  const [n, groups, rows, columns] = x.shape;
  return graph.node('Transpose', [x], [n, groups, columns, rows], { attributes: { perm: [0, 1, 3, 2] } });
}
