import type { MotionField } from './field.js';
import { planWarp } from './warp-plan.js';

/**
 * The warp along a field (Eq. 4) as a matrix, for training graphs that differentiate through it:
 * `warped[target] = Σ_source features[source] · matrix[source][target]`, the same weights as `warpFeatures`.
 *
 * @param out where to add the weights, `cells × cells`, all zero
 * @returns `out`, row-major, one row a source cell
 */
export function warpMatrix(field: MotionField, out?: Float32Array): Float32Array {
  const cells = field.rows * field.columns;
  const matrix = out ?? new Float32Array(cells * cells);
  const { source, weightX, weightY, right, below } = planWarp(field);
  for (let target = 0; target < cells; target++) {
    const from = source[target];
    const x = weightX[target];
    const y = weightY[target];
    matrix[from * cells + target] += (1 - x) * (1 - y);
    // Weights are 0 where a COPY run's cell has no such neighbour.
    if (x > 0) matrix[(from + right) * cells + target] += x * (1 - y);
    if (y > 0) matrix[(from + below) * cells + target] += (1 - x) * y;
    if (x > 0 && y > 0) matrix[(from + below + right) * cells + target] += x * y;
  }
  return matrix;
}
