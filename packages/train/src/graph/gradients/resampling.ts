/**
 * Derivatives of what changes the grid. Separable linear resampling is Y = A_rows · X · A_columnsᵀ a plane: average
 * pooling, bilinear resizing, enlarging and cropping are all of this form, and its derivative is the same with the
 * matrices transposed. ONNX Runtime has no derivatives of its own operators for them, so training writes them as this.
 */
import { type Graph, type Operator, sizeOf, type Value } from '@twnet/core/graph/graph';
import * as forms from '@twnet/core/graph/operators/resampling';
import type { Differentiable } from '../tape.js';

/** A dense matrix, row-major. */
interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
}

/** x [N, C, H, W] → [N, C, rows.rows, columns.rows]. */
function bothSides(graph: Graph, x: Value, rows: Matrix, columns: Matrix): Value {
  const [n, channels, height] = x.shape;
  const right = transposed(columns);
  const stored = (matrix: Matrix): Value => graph.constant(matrix.data, [matrix.rows, matrix.columns]);
  const wide = graph.node('MatMul', [x, stored(right)], [n, channels, height, columns.rows]);
  return graph.node('MatMul', [stored(rows), wide], [n, channels, rows.rows, columns.rows]);
}

function transposed({ rows, columns, data }: Matrix): Matrix {
  const result = new Float32Array(data.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) result[j * rows + i] = data[i * columns + j];
  return { rows: columns, columns: rows, data: result };
}

/** An operator whose output is the input resampled by the matrices that `matrix` gives for rows and for columns. */
function resampled<A>(
  { name }: Operator<A>,
  matrix: (from: number, attributes: A, axis: 'rows' | 'columns') => Matrix,
): Differentiable<A> {
  const matrices = ([x]: readonly Value[], attributes: A): [rows: Matrix, columns: Matrix] => [
    matrix(x.shape[2], attributes, 'rows'),
    matrix(x.shape[3], attributes, 'columns'),
  ];
  return {
    name,
    forward: (graph, inputs, attributes) => ({
      output: bothSides(graph, inputs[0], ...matrices(inputs, attributes)),
    }),
    gradient({ graph, inputs, attributes, gradient }) {
      const [rows, columns] = matrices(inputs, attributes);
      return [bothSides(graph, gradient, transposed(rows), transposed(columns))];
    },
  };
}

export const halve = resampled(forms.halve, halveMatrix);
export const adaptivePool = resampled(forms.adaptivePool, (from, { bins }) => poolMatrix(from, bins));
export const resize = resampled(forms.resize, (from, to, axis) =>
  bilinearMatrix(from, to[axis], from / to[axis]),
);
export const enlarge = resampled(forms.enlarge, (from, to, axis) =>
  bilinearMatrix(from, to[axis], 1 / to.factor),
);

/** Output cell i reads at `(i + 1 / 2) step − 1 / 2`. */
function bilinearMatrix(from: number, to: number, step: number): Matrix {
  const data = new Float32Array(to * from);
  for (let i = 0; i < to; i++) {
    const position = Math.min(Math.max((i + 0.5) * step - 0.5, 0), from - 1);
    const low = Math.floor(position);
    const high = Math.min(low + 1, from - 1);
    data[i * from + low] += 1 - (position - low);
    data[i * from + high] += position - low;
  }
  return { rows: to, columns: from, data };
}

/** Adaptive average pooling of `from` elements into `bins` (bin i covers ⌊i·from/bins⌋ to ⌈(i+1)·from/bins⌉). */
function poolMatrix(from: number, bins: number): Matrix {
  const data = new Float32Array(bins * from);
  for (let i = 0; i < bins; i++) {
    const start = Math.floor((i * from) / bins);
    const end = Math.ceil(((i + 1) * from) / bins);
    data.fill(1 / (end - start), i * from + start, i * from + end);
  }
  return { rows: bins, columns: from, data };
}

/** Averages over windows of two; a window cut by the border averages what is inside. */
function halveMatrix(from: number): Matrix {
  const to = Math.ceil(from / 2);
  const data = new Float32Array(to * from);
  for (let i = 0; i < to; i++) {
    const end = Math.min(2 * i + 2, from);
    data.fill(1 / (end - 2 * i), i * from + 2 * i, i * from + end);
  }
  return { rows: to, columns: from, data };
}

/** Max pooling, written so that it also tells, and saves, where in the flattened x each output comes from. */
export const maxPool: Differentiable<forms.MaxPoolAttributes> = {
  name: forms.maxPool.name,
  forward(graph, [x], pool) {
    const { shape, attributes } = forms.onnxMaxPool(x, pool);
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
    return [graph.reshape(sums, x.shape)];
  },
};
