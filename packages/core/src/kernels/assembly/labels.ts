/** Full-size labels from coarse scores: see packages/core/src/segment/labels.ts. */

/** Most classes: a label is a byte, 255 is none. */
const MOST_CLASSES: i32 = 255;
/** Of each class that may win between four centres: its id, and its four corners as float64. */
const candidates: usize = memory.data(256 * 4, 16);
const corners: usize = memory.data(256 * 32, 16);
/** Of every class, padded to fours: the largest of its scores at the four corners. */
const highest: usize = memory.data(1024, 16);

/**
 * @param scores classes × rows × columns float32
 * @param stride labels a cell, on either side: 4 or 8
 * @param winner rows × columns bytes of scratch memory, and 16 more
 * @param line width bytes of scratch memory, and 24 more
 * @param cells 2 × columns cells of float32 of scratch memory, of as many classes as there are, rounded up to fours;
 *   columns float32 and as many integers; and 64 bytes more. At a multiple of 16
 * @param out height × width bytes
 */
export function enlargedLabels(
  scores: usize,
  classes: i32,
  rows: i32,
  columns: i32,
  width: i32,
  height: i32,
  stride: i32,
  winner: usize,
  line: usize,
  cells: usize,
  out: usize,
): void {
  if (classes > MOST_CLASSES || (stride !== 4 && stride !== 8)) unreachable();
  const half = stride >> 1;
  const cell = ((<usize>classes + 3) & ~3) << 2;
  const rowBytes = <usize>columns * cell;
  const largest = cells + 2 * rowBytes;
  // Band i lies between the centres of coarse rows i − 1 and i: half a stride on either side of where they meet.
  for (let band = 0; band <= rows; band++) {
    const above = max(band - 1, 0);
    const below = min(band, rows - 1);
    const upper = winner + <usize>(above * columns);
    const lower = winner + <usize>(below * columns);
    const upperCells = cells + <usize>(above & 1) * rowBytes;
    const lowerCells = cells + <usize>(below & 1) * rowBytes;
    if (band < rows) takeRow(scores, classes, rows * columns, band, columns, lowerCells, largest, lower);
    const firstRow = max(stride * band - half, 0);
    const endRow = min(stride * band + half, height);
    if (firstRow >= endRow) continue;
    fillLine(upper, columns, stride, line);
    for (let y = firstRow; y < endRow; y++) memory.copy(out + <usize>y * <usize>width, line, <usize>width);
    for (let side = 0; side <= columns; ) {
      if (side > 0 && side + 16 < columns && sixteenAlike(upper + <usize>side, lower + <usize>side)) {
        side += 16;
        continue;
      }
      const left = <usize>max(side - 1, 0);
      const right = <usize>min(side, columns - 1);
      const label = load<u8>(upper + left);
      if (
        load<u8>(upper + right) !== label ||
        load<u8>(lower + left) !== label ||
        load<u8>(lower + right) !== label
      ) {
        const count = select(
          classes,
          upperCells + left * cell,
          upperCells + right * cell,
          lowerCells + left * cell,
          lowerCells + right * cell,
        );
        mixCell(count, stride, band, side, width, height, out);
      }
      side++;
    }
  }
}

/** Whether 16 cells, the first with its right-hand corners at the pointers, have four corners of one label each. */
function sixteenAlike(upper: usize, lower: usize): bool {
  const label = v128.load(upper - 1);
  const same = v128.and(
    i8x16.eq(label, v128.load(upper)),
    v128.and(i8x16.eq(label, v128.load(lower - 1)), i8x16.eq(label, v128.load(lower))),
  );
  return i8x16.all_true(same);
}

/**
 * Reads one row of cells: the class with the largest score of each, the lowest id of several; and all their scores, a
 * cell's classes side by side, where planes would lie apart by what may be the same place in every cache.
 *
 * @param to columns cells of classes, padded to fours
 * @param largest columns float32 of scratch memory and as many integers, and 16 bytes more each
 * @param winner columns bytes, and 4 more
 */
function takeRow(
  scores: usize,
  classes: i32,
  area: i32,
  row: i32,
  columns: i32,
  to: usize,
  largest: usize,
  winner: usize,
): void {
  const plane = (<usize>area) << 2;
  const cell = ((<usize>classes + 3) & ~3) << 2;
  const ids = largest + (((<usize>columns + 4) << 2) & ~15);
  const whole = columns & ~3;
  const nothing = f32x4.splat(-Infinity);
  let from = scores + ((<usize>(row * columns)) << 2);
  for (let k = 0; k < classes; k += 4, from += 4 * plane) {
    const has1 = k + 1 < classes;
    const has2 = k + 2 < classes;
    const has3 = k + 3 < classes;
    let at = to + ((<usize>k) << 2);
    for (let x = 0; x < whole; x += 4, at += 4 * cell) {
      const place = from + ((<usize>x) << 2);
      const a = v128.load(place);
      const b = has1 ? v128.load(place + plane) : nothing;
      const c = has2 ? v128.load(place + 2 * plane) : nothing;
      const d = has3 ? v128.load(place + 3 * plane) : nothing;
      const ab0 = i32x4.shuffle(a, b, 0, 4, 1, 5);
      const ab1 = i32x4.shuffle(a, b, 2, 6, 3, 7);
      const cd0 = i32x4.shuffle(c, d, 0, 4, 1, 5);
      const cd1 = i32x4.shuffle(c, d, 2, 6, 3, 7);
      v128.store(at, i64x2.shuffle(ab0, cd0, 0, 2));
      v128.store(at + cell, i64x2.shuffle(ab0, cd0, 1, 3));
      v128.store(at + 2 * cell, i64x2.shuffle(ab1, cd1, 0, 2));
      v128.store(at + 3 * cell, i64x2.shuffle(ab1, cd1, 1, 3));
      const best = largest + ((<usize>x) << 2);
      const id = ids + ((<usize>x) << 2);
      let most = a;
      let which = i32x4.splat(k);
      if (k > 0) {
        const before = v128.load(best);
        const larger = f32x4.gt(a, before);
        most = v128.bitselect(a, before, larger);
        which = v128.bitselect(which, v128.load(id), larger);
      }
      const largerB = f32x4.gt(b, most);
      most = v128.bitselect(b, most, largerB);
      which = v128.bitselect(i32x4.splat(k + 1), which, largerB);
      const largerC = f32x4.gt(c, most);
      most = v128.bitselect(c, most, largerC);
      which = v128.bitselect(i32x4.splat(k + 2), which, largerC);
      const largerD = f32x4.gt(d, most);
      v128.store(best, v128.bitselect(d, most, largerD));
      v128.store(id, v128.bitselect(i32x4.splat(k + 3), which, largerD));
    }
  }
  for (let x = 0; x < whole; x += 4) {
    const shorts = i16x8.narrow_i32x4_u(v128.load(ids + ((<usize>x) << 2)), i16x8.splat(0));
    v128.store32_lane(winner + <usize>x, i8x16.narrow_i16x8_u(shorts, shorts), 0);
  }
  for (let x = whole; x < columns; x++) {
    from = scores + ((<usize>(row * columns + x)) << 2);
    const at = to + <usize>x * cell;
    let most = load<f32>(from);
    let id = 0;
    for (let k = 0; (<usize>k) << 2 < cell; k++, from += plane) {
      const score = k < classes ? load<f32>(from) : -Infinity;
      store<f32>(at + ((<usize>k) << 2), <f32>score);
      if (<f32>score > most) {
        most = <f32>score;
        id = k;
      }
    }
    store<u8>(winner + <usize>x, <u8>id);
  }
}

/** One row of labels as if every cell agreed with its left neighbour's class; the others are redone after. */
function fillLine(winner: usize, columns: i32, stride: i32, line: usize): void {
  const half = <usize>(stride >> 1);
  store<u32>(line, <u32>load<u8>(winner) * 0x01010101);
  let column = 0;
  if (stride === 4) {
    const spread = i8x16(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3);
    for (; column + 4 <= columns; column += 4) {
      const labels = v128.load32_zero(winner + <usize>column);
      v128.store(line + half + ((<usize>column) << 2), i8x16.swizzle(labels, spread));
    }
  }
  for (; column < columns; column++) {
    const label = i8x16.splat(load<i8>(winner + <usize>column));
    v128.store64_lane(line + half + <usize>(column * stride), label, 0);
  }
}

/** Interpolates the up to stride × stride pixels between four coarse centres and writes their classes. */
function mixCell(count: i32, stride: i32, band: i32, side: i32, width: i32, height: i32, out: usize): void {
  const half = stride >> 1;
  const first = stride * band - half;
  const begin = max(0, -first);
  const end = min(stride, height - first);
  for (let quad = 0; quad < stride; quad += 4) {
    const x = stride * side - half + quad;
    if (x <= -4 || x >= width) continue;
    const whole = x >= 0 && x + 4 <= width;
    // The pixels between two centres weigh the farther one by 1, 3, 5 … parts of twice the stride.
    const near = 2 * stride - 1 - 2 * quad;
    const far = 2 * quad + 1;
    const left0 = f64x2(<f64>near, <f64>(near - 2));
    const left1 = f64x2(<f64>(near - 4), <f64>(near - 6));
    const right0 = f64x2(<f64>far, <f64>(far + 2));
    const right1 = f64x2(<f64>(far + 4), <f64>(far + 6));
    for (let i = begin; i < end; i++) {
      const labels = mixRow(count, 2 * stride - 1 - 2 * i, 2 * i + 1, left0, left1, right0, right1);
      const at = out + <usize>(first + i) * <usize>width + <usize>x;
      if (whole) store<u32>(at, labels);
      else
        for (let j = 0; j < 4; j++)
          if (x + j >= 0 && x + j < width) store<u8>(at + <usize>j, <u8>(labels >> (8 * j)));
    }
  }
}

/**
 * Notes the classes that can be largest somewhere between four corners, in ascending order; gives how many.
 *
 * @param a scores of all classes, padded to fours, at the upper left; `b` upper right, `c` lower left, `d` lower right
 */
function select(classes: i32, a: usize, b: usize, c: usize, d: usize): i32 {
  let reaches = f32x4.splat(-Infinity);
  const bytes = (<usize>classes) << 2;
  for (let at: usize = 0; at < bytes; at += 16) {
    const sa = v128.load(a + at);
    const sb = v128.load(b + at);
    const sc = v128.load(c + at);
    const sd = v128.load(d + at);
    v128.store(highest + at, f32x4.pmax(f32x4.pmax(sa, sb), f32x4.pmax(sc, sd)));
    reaches = f32x4.pmax(reaches, f32x4.pmin(f32x4.pmin(sa, sb), f32x4.pmin(sc, sd)));
  }
  reaches = f32x4.pmax(reaches, i32x4.shuffle(reaches, reaches, 2, 3, 0, 1));
  const reach = f32x4.pmax(reaches, i32x4.shuffle(reaches, reaches, 1, 0, 3, 2));
  let count = 0;
  for (let k = 0; k < classes; k += 4) {
    const ruledOut = f32x4.lt(v128.load(highest + ((<usize>k) << 2)), reach);
    let left = ~i32x4.bitmask(ruledOut) & (classes - k >= 4 ? 15 : (1 << (classes - k)) - 1);
    for (; left !== 0; left &= left - 1, count++) {
      const id = k + ctz(left);
      const at = (<usize>id) << 2;
      const to = corners + ((<usize>count) << 5);
      store<i32>(candidates + ((<usize>count) << 2), id);
      store<f64>(to, <f64>load<f32>(a + at));
      store<f64>(to, <f64>load<f32>(b + at), 8);
      store<f64>(to, <f64>load<f32>(c + at), 16);
      store<f64>(to, <f64>load<f32>(d + at), 24);
    }
  }
  return count;
}

/**
 * The classes of four pixels between four centres, one byte each, which weigh the centres by so many parts of twice the
 * stride. Scores times the square of that are sums of whole multiples of float32 values: in float64 no tie is made or
 * lost.
 */
function mixRow(
  count: i32,
  upper: i32,
  lower: i32,
  left0: v128,
  left1: v128,
  right0: v128,
  right1: v128,
): u32 {
  const above = f64x2.splat(<f64>upper);
  const below = f64x2.splat(<f64>lower);
  let best0 = f64x2.splat(0);
  let best1 = best0;
  let ids0 = i64x2.splat(0);
  let ids1 = ids0;
  for (let n = 0; n < count; n++) {
    const corner = corners + ((<usize>n) << 5);
    // Left and right between the upper and the lower corners.
    const sides = f64x2.add(f64x2.mul(above, v128.load(corner)), f64x2.mul(below, v128.load(corner, 16)));
    const left = i64x2.shuffle(sides, sides, 0, 0);
    const right = i64x2.shuffle(sides, sides, 1, 1);
    const score0 = f64x2.add(f64x2.mul(left0, left), f64x2.mul(right0, right));
    const score1 = f64x2.add(f64x2.mul(left1, left), f64x2.mul(right1, right));
    const id = i64x2.splat(<i64>load<i32>(candidates + ((<usize>n) << 2)));
    if (n === 0) {
      best0 = score0;
      best1 = score1;
      ids0 = id;
      ids1 = id;
      continue;
    }
    const larger0 = f64x2.gt(score0, best0);
    const larger1 = f64x2.gt(score1, best1);
    best0 = v128.bitselect(score0, best0, larger0);
    best1 = v128.bitselect(score1, best1, larger1);
    ids0 = v128.bitselect(id, ids0, larger0);
    ids1 = v128.bitselect(id, ids1, larger1);
  }
  return i32x4.extract_lane(i8x16.shuffle(ids0, ids1, 0, 8, 16, 24, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), 0);
}
