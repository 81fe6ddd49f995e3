/** Eq. 4's warp as part of a graph, for exported networks: this project itself warps outside (see docs/architecture.md). */
import type { Graph, Value } from '../graph/graph.js';

/**
 * Declares the inputs `previous` (the frame before's context feature, [1, C, rows, columns]) and `motion`
 * ([1, 2, rows, columns]: Mv of Eq. 2, x then y, pixels of the frame) and gives the warped feature:
 * F̂[p] = F[p − Mv / stride], bilinear, border clamped.
 */
export function warpInput(graph: Graph, shape: readonly number[], stride: number): Value {
  const [n, , rows, columns] = shape;
  const previous = graph.input('previous', shape);
  const motion = graph.input('motion', [n, 2, rows, columns]);
  const gridShape = [n, rows, columns, 2];
  const pairs = graph.node('Transpose', [motion], gridShape, { attributes: { perm: [0, 2, 3, 1] } });
  // GridSample's coordinates run from −1 to 1 over the outer edges of the grid.
  const perPixel = graph.constant(Float32Array.of(-2 / (stride * columns), -2 / (stride * rows)), [2]);
  const shift = graph.node('Mul', [pairs, perPixel]);
  const grid = graph.node('Add', [graph.constant(cellCentres(rows, columns), [1, rows, columns, 2]), shift]);
  return graph.node('GridSample', [previous, grid], shape, {
    attributes: { mode: 'bilinear', padding_mode: 'border', align_corners: 0 },
  });
}

function cellCentres(rows: number, columns: number): Float32Array {
  const centres = new Float32Array(2 * rows * columns);
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      centres[k++] = (2 * j + 1) / columns - 1;
      centres[k++] = (2 * i + 1) / rows - 1;
    }
  }
  return centres;
}
