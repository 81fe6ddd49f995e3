import { scratch } from '../kernels/kernels.js';

/**
 * Gives cells without motion (coverage 0: intra blocks) the mean vector of their neighbours, from the edge of each
 * hole inwards, in place. What a codec codes anew mostly still moves as what is around it; coverage keeps marking
 * the holes. A field without any motion stays 0.
 */
export function fillHoles(
  dx: Float32Array,
  dy: Float32Array,
  coverage: Float32Array,
  rows: number,
  columns: number,
): void {
  if (!coverage.includes(0)) return;
  const kernels = scratch();
  const cells = coverage.length;
  const bytes = 4 * cells;
  const [x, y, shares, known, holes, filled] = kernels.layOut(bytes, bytes, bytes, cells, bytes, bytes);
  kernels.floats(x, cells).set(dx);
  kernels.floats(y, cells).set(dy);
  kernels.floats(shares, cells).set(coverage);
  kernels.run.fillHoles(x, y, shares, rows, columns, known, holes, filled);
  dx.set(kernels.floats(x, cells));
  dy.set(kernels.floats(y, cells));
}
