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
  // Holes that are left, and those of them that have been filled: in the first cells of one array each.
  const holes = new Int32Array(coverage.length);
  let left = 0;
  for (let cell = 0; cell < coverage.length; cell++) {
    if (coverage[cell] > 0) known[cell] = 1;
    else holes[left++] = cell;
  }
  if (left === known.length) return;
  const filled = new Int32Array(left);
  while (left > 0) {
    let open = 0;
    let done = 0;
    for (let i = 0; i < left; i++) {
      const cell = holes[i];
      if (fillHole(cell, dx, dy, known, rows, columns)) filled[done++] = cell;
      else holes[open++] = cell;
    }
    // Only after the whole ring, so that the order of the cells does not matter.
    for (let i = 0; i < done; i++) known[filled[i]] = 1;
    left = open;
  }
}

/** Gives a cell the mean of those of the eight around it that are known; false where none is. */
function fillHole(
  cell: number,
  dx: Float32Array,
  dy: Float32Array,
  known: Uint8Array,
  rows: number,
  columns: number,
): boolean {
  const row = Math.floor(cell / columns);
  const column = cell % columns;
  const [top, bottom] = [Math.max(0, row - 1), Math.min(rows - 1, row + 1)];
  const [left, right] = [Math.max(0, column - 1), Math.min(columns - 1, column + 1)];
  let count = 0;
  let x = 0;
  let y = 0;
  for (let r = top; r <= bottom; r++)
    for (let at = r * columns + left; at <= r * columns + right; at++) {
      if (known[at] === 0) continue;
      count++;
      x += dx[at];
      y += dy[at];
    }
  if (count === 0) return false;
  dx[cell] = x / count;
  dy[cell] = y / count;
  return true;
}
