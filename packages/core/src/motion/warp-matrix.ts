import type { MotionField } from './field.js';

/**
 * The warp along a field (Eq. 4) as a matrix, for training graphs that differentiate through it:
 * `warped[target] = Σ_source features[source] · matrix[source][target]`, the same weights as `warpFeatures`.
 *
 * @param out where to add the weights, `cells × cells`, all zero
 * @returns `out`, row-major, one row a source cell
 */
export function warpMatrix(field: MotionField, out?: Float32Array): Float32Array {
  const { rows, columns, stride, dx, dy } = field;
  const cells = rows * columns;
  const matrix = out ?? new Float32Array(cells * cells);
  const clamp = (v: number, last: number): number => Math.min(Math.max(v, 0), last);
  for (let target = 0; target < cells; target++) {
    const x = clamp((target % columns) - dx[target] / stride, columns - 1);
    const y = clamp(Math.floor(target / columns) - dy[target] / stride, rows - 1);
    const [column, row] = [Math.floor(x), Math.floor(y)];
    const [right, below] = [x - column, y - row];
    const from = row * columns + column;
    matrix[from * cells + target] += (1 - right) * (1 - below);
    // A weight is 0 where there is no such neighbour.
    if (right > 0) matrix[(from + 1) * cells + target] += right * (1 - below);
    if (below > 0) matrix[(from + columns) * cells + target] += (1 - right) * below;
    if (right > 0 && below > 0) matrix[(from + columns + 1) * cells + target] += right * below;
  }
  return matrix;
}
