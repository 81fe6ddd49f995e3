/** Block vectors on the grid of a feature map: see packages/core/src/motion/dense-motion.ts. */

/**
 * Each cell gets the mean of the vectors of the blocks that reach into it, weighted by the area they share with it, and the
 * share of it that they cover.
 *
 * @param blocks count × 6 float32: x, y, width, height, Mv
 * @param shift log2 of the pixels a cell
 * @param dx,dy,coverage rows × columns float32, written
 */
export function spreadBlocks(
  blocks: usize,
  count: i32,
  width: i32,
  height: i32,
  shift: i32,
  dx: usize,
  dy: usize,
  coverage: usize,
): void {
  const stride = 1 << shift;
  const rows = (height + stride - 1) >> shift;
  const columns = (width + stride - 1) >> shift;
  const bytes = (<usize>(rows * columns)) << 2;
  memory.fill(dx, 0, bytes);
  memory.fill(dy, 0, bytes);
  memory.fill(coverage, 0, bytes);
  for (let b = 0; b < count; b++, blocks += 24) {
    const x0 = <i32>load<f32>(blocks);
    const y0 = <i32>load<f32>(blocks, 4);
    const left = max(0, x0);
    const top = max(0, y0);
    const right = min(width, x0 + <i32>load<f32>(blocks, 8));
    const bottom = min(height, y0 + <i32>load<f32>(blocks, 12));
    const mx = <f64>load<f32>(blocks, 16);
    const my = <f64>load<f32>(blocks, 20);
    for (let y = top; y < bottom; ) {
      const row = y >> shift;
      const nextY = min(bottom, (row + 1) << shift);
      for (let x = left; x < right; ) {
        const column = x >> shift;
        const nextX = min(right, (column + 1) << shift);
        const shared = <f64>((nextY - y) * (nextX - x));
        const at = (<usize>(row * columns + column)) << 2;
        store<f32>(dx + at, <f32>(<f64>load<f32>(dx + at) + shared * mx));
        store<f32>(dy + at, <f32>(<f64>load<f32>(dy + at) + shared * my));
        store<f32>(coverage + at, load<f32>(coverage + at) + <f32>shared);
        x = nextX;
      }
      y = nextY;
    }
  }
  for (let row = 0, at: usize = 0; row < rows; row++) {
    const cellHeight = min(stride, height - (row << shift));
    for (let column = 0; column < columns; column++, at += 4) {
      const covered = <f64>load<f32>(coverage + at);
      if (covered === 0) continue;
      store<f32>(dx + at, <f32>(<f64>load<f32>(dx + at) / covered));
      store<f32>(dy + at, <f32>(<f64>load<f32>(dy + at) / covered));
      const area = <f64>(cellHeight * min(stride, width - (column << shift)));
      store<f32>(coverage + at, <f32>min(<f64>1, covered / area));
    }
  }
}

/**
 * What one step adds to displacements that have been brought to where it leads from: vectors are added, shares multiplied.
 *
 * @param moved,step 3 × cells float32: dx, dy, coverage; `moved` is written
 */
export function addStep(moved: usize, step: usize, cells: i32): void {
  const vectors = (<usize>cells) << 3;
  const end = vectors + ((<usize>cells) << 2);
  let at: usize = 0;
  for (; at < vectors; at += 4) store<f32>(moved + at, load<f32>(moved + at) + load<f32>(step + at));
  for (; at < end; at += 4) store<f32>(moved + at, load<f32>(moved + at) * load<f32>(step + at));
}
