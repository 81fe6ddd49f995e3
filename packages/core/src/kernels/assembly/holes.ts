/** Holes of a motion field: see packages/core/src/motion/fill-holes.ts. */

/**
 * Gives cells of coverage 0 the mean vector of their neighbours, ring by ring.
 *
 * @param dx,dy,coverage rows × columns float32; the first two are written
 * @param known rows × columns bytes of scratch memory
 * @param holes,filled rows × columns int32 each of scratch memory
 */
export function fillHoles(
  dx: usize,
  dy: usize,
  coverage: usize,
  rows: i32,
  columns: i32,
  known: usize,
  holes: usize,
  filled: usize,
): void {
  const cells = rows * columns;
  let left = 0;
  for (let cell = 0; cell < cells; cell++) {
    const isKnown = load<f32>(coverage + ((<usize>cell) << 2)) > 0;
    store<u8>(known + <usize>cell, isKnown ? 1 : 0);
    if (isKnown) continue;
    store<i32>(holes + ((<usize>left) << 2), cell);
    left++;
  }
  if (left === cells) return;
  while (left > 0) {
    let open = 0;
    let done = 0;
    for (let i = 0; i < left; i++) {
      const cell = load<i32>(holes + ((<usize>i) << 2));
      if (fillHole(cell, dx, dy, known, rows, columns)) {
        store<i32>(filled + ((<usize>done) << 2), cell);
        done++;
      } else {
        store<i32>(holes + ((<usize>open) << 2), cell);
        open++;
      }
    }
    // Only after the whole ring, so that the order of the cells does not matter.
    for (let i = 0; i < done; i++) store<u8>(known + <usize>load<i32>(filled + ((<usize>i) << 2)), 1);
    left = open;
  }
}

/** Gives a cell the mean of those of the eight around it that are known; false where none is. */
function fillHole(cell: i32, dx: usize, dy: usize, known: usize, rows: i32, columns: i32): bool {
  const row = cell / columns;
  const column = cell % columns;
  const top = max(0, row - 1);
  const bottom = min(rows - 1, row + 1);
  const left = max(0, column - 1);
  const right = min(columns - 1, column + 1);
  let count = 0;
  let x: f64 = 0;
  let y: f64 = 0;
  for (let r = top; r <= bottom; r++)
    for (let at = r * columns + left, end = r * columns + right; at <= end; at++) {
      if (load<u8>(known + <usize>at) === 0) continue;
      count++;
      x += <f64>load<f32>(dx + ((<usize>at) << 2));
      y += <f64>load<f32>(dy + ((<usize>at) << 2));
    }
  if (count === 0) return false;
  store<f32>(dx + ((<usize>cell) << 2), <f32>(x / <f64>count));
  store<f32>(dy + ((<usize>cell) << 2), <f32>(y / <f64>count));
  return true;
}
