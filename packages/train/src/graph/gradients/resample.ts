/**
 * Separable linear resampling, Y = A_rows · X · A_columnsᵀ a plane: average pooling, bilinear resizing, enlarging and
 * cropping are all of this form, and its derivative is the same with the matrices transposed. ONNX Runtime has no
 * derivatives of its own operators for them, so training writes them as this.
 */
import type { Graph, Operator, Value } from '@twnet/core/graph/graph';
import * as pooling from '@twnet/core/graph/operators/pooling';
import * as resizing from '@twnet/core/graph/operators/resize';
import type { Differentiable } from '../tape.js';

/** A dense matrix, row-major. */
export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly data: Float32Array;
}

export interface ResampleAttributes {
  readonly rows: Matrix;
  readonly columns: Matrix;
}

/** Input: x [N, C, H, W]; output [N, C, rows.rows, columns.rows]. */
export const resample: Differentiable<ResampleAttributes> = {
  name: 'resample',
  forward(graph, [x], { rows, columns }) {
    return { output: bothSides(graph, x, rows, columns) };
  },
  gradient({ graph, gradient, attributes: { rows, columns } }) {
    return [bothSides(graph, gradient, transposed(rows), transposed(columns))];
  },
};

function bothSides(graph: Graph, x: Value, rows: Matrix, columns: Matrix): Value {
  const [n, channels, height, width] = x.shape;
  if (height !== rows.columns || width !== columns.columns) {
    throw new Error(`resample: a ${height}×${width} plane does not fit ${rows.columns}×${columns.columns}`);
  }
  const right = transposed(columns);
  const wide = graph.node(
    'MatMul',
    [x, graph.constant(right.data, [right.rows, right.columns])],
    [n, channels, height, columns.rows],
  );
  return graph.node(
    'MatMul',
    [graph.constant(rows.data, [rows.rows, rows.columns]), wide],
    [n, channels, rows.rows, columns.rows],
  );
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
  const matrices = ([x]: readonly Value[], attributes: A): ResampleAttributes => ({
    rows: matrix(x.shape[2], attributes, 'rows'),
    columns: matrix(x.shape[3], attributes, 'columns'),
  });
  return {
    name,
    forward: (graph, inputs, attributes) => resample.forward(graph, inputs, matrices(inputs, attributes)),
    gradient: (context) =>
      resample.gradient({ ...context, attributes: matrices(context.inputs, context.attributes) }),
  };
}

export const halve = resampled(pooling.halve, halveMatrix);
export const adaptivePool = resampled(pooling.adaptivePool, (from, { bins }) => poolMatrix(from, bins));
export const resize = resampled(resizing.resize, (from, to, axis) =>
  bilinearMatrix(from, to[axis], from / to[axis]),
);
export const enlarge = resampled(resizing.enlarge, (from, to, axis) =>
  enlargeMatrix(from, to.factor, to[axis]),
);

/** Bilinear enlarging by a whole factor with half-pixel centres and clamped border, cropped to `to` elements. */
export function enlargeMatrix(from: number, factor: number, to: number): Matrix {
  return bilinearMatrix(from, to, 1 / factor);
}

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
