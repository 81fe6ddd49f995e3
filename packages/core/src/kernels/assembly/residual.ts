/** What motion compensation leaves unexplained, cell by cell: see packages/core/src/motion/residual-map.ts. */

/** Bytes of a block: x, y, width, height, Mv in whole pixels (x, y), int32 each. */
const BLOCK_BYTES: usize = 24;

let current: usize = 0;
let previous: usize = 0;
let width: i32 = 0;
let height: i32 = 0;
let step: i32 = 1;

/**
 * Adds each block's absolute differences to the sums of the cells that it touches, and the number of its samples.
 *
 * @param now,before planar 8-bit RGB, 3 × height × width
 * @param blocks see {@link BLOCK_BYTES}
 * @param sums 3 × rows × columns float32
 * @param counts rows × columns int32
 */
export function addBlocks(
  now: usize,
  before: usize,
  frameWidth: i32,
  frameHeight: i32,
  stride: i32,
  sampling: i32,
  blocks: usize,
  blockCount: i32,
  sums: usize,
  counts: usize,
): void {
  current = now;
  previous = before;
  width = frameWidth;
  height = frameHeight;
  step = sampling;
  const columns = (width + stride - 1) / stride;
  const cells = columns * ((height + stride - 1) / stride);
  for (let b = 0; b < blockCount; b++, blocks += BLOCK_BYTES) {
    const x = load<i32>(blocks);
    const y = load<i32>(blocks, 4);
    const left = alignUp(max(0, x));
    const top = alignUp(max(0, y));
    const right = min(width, x + load<i32>(blocks, 8));
    const bottom = min(height, y + load<i32>(blocks, 12));
    const mx = load<i32>(blocks, 16);
    const my = load<i32>(blocks, 20);
    const inside = left - mx >= 0 && right - mx <= width && top - my >= 0 && bottom - my <= height;
    for (let y0 = top; y0 < bottom; ) {
      const row = y0 / stride;
      const y1 = min(bottom, (row + 1) * stride);
      const first =
        stride === 4 && step === 1 ? addCells(row, left, y0, right, y1, mx, my, sums, counts) : left;
      for (let x0 = first; x0 < right; ) {
        const column = x0 / stride;
        const x1 = min(right, (column + 1) * stride);
        const cell = row * columns + column;
        for (let plane = 0; plane < 3; plane++) {
          const at = sums + ((<usize>(plane * cells + cell)) << 2);
          const sum = inside
            ? shiftedDifference(plane, x0, y0, x1, y1, mx, my)
            : clampedDifference(plane, x0, y0, x1, y1, mx, my);
          store<f32>(at, load<f32>(at) + <f32>sum);
        }
        const count = counts + ((<usize>cell) << 2);
        store<i32>(count, load<i32>(count) + samples(x0, x1) * samples(y0, y1));
        x0 = alignUp(x1);
      }
      y0 = alignUp(y1);
    }
  }
}

/**
 * The same for those cells of 4 × 4 pixels in one row of cells that a block fills from side to side, up to four at a time.
 *
 * @returns where that ends and the rest of the block begins
 */
function addCells(
  row: i32,
  left: i32,
  top: i32,
  right: i32,
  bottom: i32,
  mx: i32,
  my: i32,
  sums: usize,
  counts: usize,
): i32 {
  if ((left & 3) !== 0 || top - my < 0 || bottom - my > height) return left;
  const columns = (width + 3) >> 2;
  const cells = columns * ((height + 3) >> 2);
  const shift = previous - current + <usize>-(<isize>my * <isize>width + <isize>mx);
  const lines = bottom - top;
  const start = current + <usize>top * <usize>width;
  const sumsOfRow = sums + ((<usize>(row * columns)) << 2);
  let x = left;
  for (; x + 8 <= right && x - mx >= 0 && x + 8 - mx <= width; ) {
    const wide = x + 16 <= right && x + 16 - mx <= width;
    const cell = (<usize>(x >> 2)) << 2;
    for (let plane = 0; plane < 3; plane++) {
      let now = start + <usize>(plane * height) * <usize>width + <usize>x;
      // Of pairs of pixels, 16 bits each: four rows have at most 2040.
      let pairs = i16x8.splat(0);
      for (let y = 0; y < lines; y++, now += <usize>width) {
        const difference = wide
          ? differences(v128.load(now), v128.load(now + shift))
          : differences(v128.load64_zero(now), v128.load64_zero(now + shift));
        pairs = i16x8.add(pairs, i16x8.extadd_pairwise_i8x16_u(difference));
      }
      const at = sumsOfRow + ((<usize>(plane * cells)) << 2) + cell;
      const sum = f32x4.convert_i32x4_s(i32x4.extadd_pairwise_i16x8_u(pairs));
      if (wide) v128.store(at, f32x4.add(v128.load(at), sum));
      else v128.store64_lane(at, f32x4.add(v128.load64_zero(at), sum), 0);
    }
    const count = counts + ((<usize>(row * columns)) << 2) + cell;
    const samples = i32x4.splat(4 * lines);
    if (wide) v128.store(count, i32x4.add(v128.load(count), samples));
    else v128.store64_lane(count, i32x4.add(v128.load64_zero(count), samples), 0);
    x += wide ? 16 : 8;
  }
  if (lines !== 4) return x;
  for (; x + 4 <= right && x - mx >= 0 && x + 4 - mx <= width; x += 4) {
    const cell = (<usize>(x >> 2)) << 2;
    for (let plane = 0; plane < 3; plane++) {
      const now = start + <usize>(plane * height) * <usize>width + <usize>x;
      const quarters = i32x4.extadd_pairwise_i16x8_u(
        i16x8.extadd_pairwise_i8x16_u(differences(fourLines(now), fourLines(now + shift))),
      );
      const halves = i32x4.add(quarters, i32x4.shuffle(quarters, quarters, 2, 3, 0, 1));
      const sum = i32x4.extract_lane(halves, 0) + i32x4.extract_lane(halves, 1);
      const at = sumsOfRow + ((<usize>(plane * cells)) << 2) + cell;
      store<f32>(at, load<f32>(at) + <f32>sum);
    }
    const count = counts + ((<usize>(row * columns)) << 2) + cell;
    store<i32>(count, load<i32>(count) + 16);
  }
  return x;
}

function differences(a: v128, b: v128): v128 {
  return v128.or(i8x16.sub_sat_u(a, b), i8x16.sub_sat_u(b, a));
}

/** Four pixels of each of four rows. */
function fourLines(at: usize): v128 {
  const line = <usize>width;
  const first = v128.load32_lane(at + line, v128.load32_zero(at), 1);
  return v128.load32_lane(at + 3 * line, v128.load32_lane(at + 2 * line, first, 2), 3);
}

/**
 * Adds the content of pixels that no block covers. Codecs code whole macroblocks intra, so nearly always a cell is
 * covered or not; the mask of covered pixels is made only when some cell is covered in part.
 *
 * @param mask height × width bytes of scratch memory
 */
export function addIntra(
  stride: i32,
  blocks: usize,
  blockCount: i32,
  sums: usize,
  counts: usize,
  mask: usize,
): void {
  const columns = (width + stride - 1) / stride;
  const rows = (height + stride - 1) / stride;
  let masked = false;
  for (let row = 0; row < rows; row++) {
    const y0 = row * stride;
    const y1 = min(height, y0 + stride);
    for (let column = 0; column < columns; column++) {
      const x0 = column * stride;
      const x1 = min(width, x0 + stride);
      const cell = row * columns + column;
      const count = load<i32>(counts + ((<usize>cell) << 2));
      if (count === samples(x0, x1) * samples(y0, y1)) continue;
      if (count > 0 && !masked) {
        coverPixels(blocks, blockCount, mask);
        masked = true;
      }
      for (let y = y0; y < y1; y += step)
        addContent(y, x0, x1, cell, rows * columns, count > 0 ? mask : 0, sums, counts);
    }
  }
}

/** Adds one row of a cell to its sums, leaving out pixels of the mask, if there is one. */
function addContent(
  y: i32,
  x0: i32,
  x1: i32,
  cell: i32,
  cells: i32,
  mask: usize,
  sums: usize,
  counts: usize,
): void {
  const area = <usize>width * <usize>height;
  const row = <usize>y * <usize>width;
  const red = sums + ((<usize>cell) << 2);
  const green = red + ((<usize>cells) << 2);
  const blue = green + ((<usize>cells) << 2);
  const count = counts + ((<usize>cell) << 2);
  for (let i = row + <usize>x0; i < row + <usize>x1; i += <usize>step) {
    if (mask !== 0 && load<u8>(mask + i) !== 0) continue;
    store<f32>(red, load<f32>(red) + <f32>load<u8>(current + i));
    store<f32>(green, load<f32>(green) + <f32>load<u8>(current + area + i));
    store<f32>(blue, load<f32>(blue) + <f32>load<u8>(current + 2 * area + i));
    store<i32>(count, load<i32>(count) + 1);
  }
}

/** One byte a pixel, 1 where a block lies. */
function coverPixels(blocks: usize, blockCount: i32, mask: usize): void {
  memory.fill(mask, 0, <usize>width * <usize>height);
  for (let b = 0; b < blockCount; b++, blocks += BLOCK_BYTES) {
    const x = load<i32>(blocks);
    const y = load<i32>(blocks, 4);
    const left = max(0, x);
    const right = min(width, x + load<i32>(blocks, 8));
    const bottom = min(height, y + load<i32>(blocks, 12));
    if (right <= left) continue;
    for (let row = max(0, y); row < bottom; row++)
      memory.fill(mask + <usize>row * <usize>width + <usize>left, 1, <usize>(right - left));
  }
}

/** The first multiple of `step` (1 or 2) at or after `v`. */
function alignUp(v: i32): i32 {
  return step === 1 ? v : (v + 1) & ~1;
}

/** How many multiples of `step` lie in [from, to). */
function samples(from: i32, to: i32): i32 {
  return step === 1 ? to - from : ((to + 1) >> 1) - ((from + 1) >> 1);
}

/** Σ|cur[p] − prev[p − Mv]| over a rectangle of one plane whose source lies inside the frame. */
function shiftedDifference(plane: i32, x0: i32, y0: i32, x1: i32, y1: i32, mx: i32, my: i32): i32 {
  const start = <usize>(plane * height + y0) * <usize>width + <usize>x0;
  let now = current + start;
  let before = previous + <usize>(<isize>start - <isize>my * <isize>width - <isize>mx);
  const next = <usize>step * <usize>width;
  const length = x1 - x0;
  // The first column of a rectangle is a sample; of the others every second one with sampling 2.
  const kept = step === 1 ? i16x8.splat(-1) : i16x8.splat(0xff);
  let sums = i32x4.splat(0);
  let rest = 0;
  for (let y = y0; y < y1; y += step, now += next, before += next) {
    let i = 0;
    for (; i + 16 <= length; i += 16)
      sums = accumulate(sums, v128.load(now + <usize>i), v128.load(before + <usize>i), kept);
    if (i + 8 <= length) {
      sums = accumulate(sums, v128.load64_zero(now + <usize>i), v128.load64_zero(before + <usize>i), kept);
      i += 8;
    }
    if (i + 4 <= length) {
      sums = accumulate(sums, v128.load32_zero(now + <usize>i), v128.load32_zero(before + <usize>i), kept);
      i += 4;
    }
    for (; i < length; i += step)
      rest += abs(<i32>load<u8>(now + <usize>i) - <i32>load<u8>(before + <usize>i));
  }
  return (
    rest +
    i32x4.extract_lane(sums, 0) +
    i32x4.extract_lane(sums, 1) +
    i32x4.extract_lane(sums, 2) +
    i32x4.extract_lane(sums, 3)
  );
}

function accumulate(sums: v128, a: v128, b: v128, kept: v128): v128 {
  const difference = v128.and(differences(a, b), kept);
  return i32x4.add(sums, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(difference)));
}

/** The same where the source reaches past the frame's border. */
function clampedDifference(plane: i32, x0: i32, y0: i32, x1: i32, y1: i32, mx: i32, my: i32): i32 {
  let sum = 0;
  for (let y = y0; y < y1; y += step) {
    const now = current + <usize>(plane * height + y) * <usize>width;
    const before = previous + <usize>(plane * height + min(max(y - my, 0), height - 1)) * <usize>width;
    for (let x = x0; x < x1; x += step) {
      const from = min(max(x - mx, 0), width - 1);
      sum += abs(<i32>load<u8>(now + <usize>x) - <i32>load<u8>(before + <usize>from));
    }
  }
  return sum;
}
