/**
 * Separable linear resampling, Y = A_rows · X · A_columnsᵀ a plane: average pooling, bilinear enlarging and
 * cropping are all of this form, and its derivative is the same with the matrices transposed.
 */
import type { Graph, Value } from '../graph.js';
import type { Operator } from '../tape.js';

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
export const resample: Operator<ResampleAttributes> = {
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

export function transposed({ rows, columns, data }: Matrix): Matrix {
  const result = new Float32Array(data.length);
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) result[j * rows + i] = data[i * columns + j];
  return { rows: columns, columns: rows, data: result };
}

/** Bilinear enlarging by a whole factor with half-pixel centres and clamped border, cropped to `to` elements. */
export function enlargeMatrix(from: number, factor: number, to: number): Matrix {
  return bilinearMatrix(from, to, 1 / factor);
}

/** Bilinear resizing of `from` elements to `to` (half-pixel centres, as PyTorch's align_corners=False). */
export function resizeMatrix(from: number, to: number): Matrix {
  return bilinearMatrix(from, to, from / to);
}

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
export function poolMatrix(from: number, bins: number): Matrix {
  const data = new Float32Array(bins * from);
  for (let i = 0; i < bins; i++) {
    const start = Math.floor((i * from) / bins);
    const end = Math.ceil(((i + 1) * from) / bins);
    data.fill(1 / (end - start), i * from + start, i * from + end);
  }
  return { rows: bins, columns: from, data };
}

/** Averages over windows of two; a window cut by the border averages what is inside. */
export function halveMatrix(from: number): Matrix {
  const to = Math.ceil(from / 2);
  const data = new Float32Array(to * from);
  for (let i = 0; i < to; i++) {
    const end = Math.min(2 * i + 2, from);
    data.fill(1 / (end - 2 * i), i * from + 2 * i, i * from + end);
  }
  return { rows: to, columns: from, data };
}
