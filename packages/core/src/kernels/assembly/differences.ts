/** Sums of absolute differences of blocks of 16 × 16 pixels; `line`: bytes from a line of a plane to the next. */

const LINES: i32 = 16;

/** Σ|difference| of 16 × 16 pixels at two places; where it is `limit` or more, maybe only a part of it. */
export function difference(a: usize, b: usize, line: usize, limit: i32): i32 {
  const half = line << 3;
  const upper = upperHalf(a, b, line);
  return upper >= limit ? upper : upper + upperHalf(a + half, b + half, line);
}

/** Σ|difference| of 16 × 8 pixels. */
function upperHalf(a: usize, b: usize, line: usize): i32 {
  let sums = i16x8.splat(0);
  for (let y = 0; y < 8; y++, a += line, b += line) sums = accumulate(sums, v128.load(a), v128.load(b));
  return total(sums);
}

/**
 * The same against what lies half a pixel off `b`: the mean of four pixels, `right` (0 or 1) and `below` (0 or `line`)
 * bytes apart.
 */
export function halfDifference(a: usize, b: usize, right: usize, below: usize, line: usize, limit: i32): i32 {
  let sum = 0;
  for (let part = 0; part < 2 && sum < limit; part++) {
    let sums = i16x8.splat(0);
    for (let y = 0; y < 8; y++, a += line, b += line) {
      const upper = i8x16.avgr_u(v128.load(b), v128.load(b + right));
      const lower = i8x16.avgr_u(v128.load(b + below), v128.load(b + below + right));
      sums = accumulate(sums, v128.load(a), i8x16.avgr_u(upper, lower));
    }
    sum += total(sums);
  }
  return sum;
}

/** Σ|difference| of a block's pixels from their mean. */
export function deviation(a: usize, line: usize): i32 {
  let sums = i16x8.splat(0);
  for (let y = 0, at = a; y < LINES; y++, at += line)
    sums = i16x8.add(sums, i16x8.extadd_pairwise_i8x16_u(v128.load(at)));
  const mean = i8x16.splat(<i8>((total(sums) + 128) >> 8));
  sums = i16x8.splat(0);
  for (let y = 0; y < LINES; y++, a += line) sums = accumulate(sums, v128.load(a), mean);
  return total(sums);
}

function accumulate(sums: v128, a: v128, b: v128): v128 {
  const difference = v128.or(i8x16.sub_sat_u(a, b), i8x16.sub_sat_u(b, a));
  return i16x8.add(sums, i16x8.extadd_pairwise_i8x16_u(difference));
}

function total(sums: v128): i32 {
  const quads = i32x4.extadd_pairwise_i16x8_u(sums);
  return (
    i32x4.extract_lane(quads, 0) +
    i32x4.extract_lane(quads, 1) +
    i32x4.extract_lane(quads, 2) +
    i32x4.extract_lane(quads, 3)
  );
}
