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
  const known = new Uint8Array(coverage.length);
  let holes: number[] = [];
  for (let cell = 0; cell < coverage.length; cell++) {
    if (coverage[cell] > 0) known[cell] = 1;
    else holes.push(cell);
  }
  if (holes.length === known.length) return;
  while (holes.length > 0) {
    const filled: number[] = [];
    const open: number[] = [];
    for (const cell of holes) {
      const neighbours = knownNeighbours(cell, known, rows, columns);
      if (neighbours.length === 0) {
        open.push(cell);
        continue;
      }
      dx[cell] = meanAt(dx, neighbours);
      dy[cell] = meanAt(dy, neighbours);
      filled.push(cell);
    }
    // Only after the whole ring, so that the order of the cells does not matter.
    for (const cell of filled) known[cell] = 1;
    holes = open;
  }
}

/** Those of the eight cells around one that are known. */
function knownNeighbours(cell: number, known: Uint8Array, rows: number, columns: number): number[] {
  const row = Math.floor(cell / columns);
  const column = cell % columns;
  const found: number[] = [];
  for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r++)
    for (let c = Math.max(0, column - 1); c <= Math.min(columns - 1, column + 1); c++)
      if (known[r * columns + c] === 1) found.push(r * columns + c);
  return found;
}

function meanAt(values: Float32Array, cells: readonly number[]): number {
  let sum = 0;
  for (const cell of cells) sum += values[cell];
  return sum / cells.length;
}
