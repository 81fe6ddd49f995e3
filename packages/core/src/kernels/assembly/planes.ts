/** Decoded planes to planar RGB of another size: see packages/web/src/pictures/picture-converter.ts. */

/** Samples are kept as 16-bit integers, times this power of two. */
const FRACTION: i32 = 6;
/** Coefficients of the scaling filters add up to 2 ** this. */
const FILTER_BITS: i32 = 14;
/** Coefficients of the colour matrix are times 2 ** this. */
const MATRIX_BITS: i32 = 13;

/**
 * One component out of a plane, as bytes one after the other.
 *
 * @param source its first sample
 * @param lineBytes from one line to the next
 * @param step bytes from one sample to the next
 * @param shift of samples of two bytes, little-endian, to bytes; 0: they are bytes
 * @param out width × height bytes
 */
export function takeSamples(
  source: usize,
  lineBytes: i32,
  step: i32,
  shift: i32,
  width: i32,
  height: i32,
  out: usize,
): void {
  for (let y = 0; y < height; y++, source += <usize>lineBytes, out += <usize>width) {
    if (step === 1) {
      memory.copy(out, source, <usize>width);
      continue;
    }
    let from = source;
    for (let x = <usize>0; x < <usize>width; x++, from += <usize>step) {
      if (shift === 0) store<u8>(out + x, load<u8>(from));
      else store<u8>(out + x, <u8>min(255, (<u32>load<u16>(from) + (1 << (shift - 1))) >> shift));
    }
  }
}

/**
 * Scales lines: out[y, x] = Σ_k coefficients[x, k] · source[y, positions[x] + k].
 *
 * @param source rows × columns bytes, and 4 more; reading goes on to whole groups of four taps
 * @param positions width int32; null: lines stay as they are
 * @param coefficients width × taps int16
 * @param taps a multiple of 4
 * @param out rows × line int16, times 64
 * @param line samples from one line of `out` to the next: width, rounded up to a multiple of 16
 */
export function scaleAcross(
  source: usize,
  columns: i32,
  rows: i32,
  width: i32,
  positions: usize,
  coefficients: usize,
  taps: i32,
  out: usize,
  line: i32,
): void {
  for (let y = 0; y < rows; y++, source += <usize>columns, out += (<usize>line) << 1) {
    if (positions === 0) widen(source, width, out);
    else filterLine(source, width, positions, coefficients, taps, out);
  }
}

function widen(source: usize, width: i32, out: usize): void {
  for (let x = <usize>0; x < <usize>width; x += 8)
    v128.store(out + (x << 1), i16x8.shl(i16x8.extend_low_i8x16_u(v128.load64_zero(source + x)), FRACTION));
}

function filterLine(
  source: usize,
  width: i32,
  positions: usize,
  coefficients: usize,
  taps: i32,
  out: usize,
): void {
  const bytes = (<usize>taps) << 1;
  for (let x = <usize>0; x < <usize>width; x++) {
    let from = source + <usize>load<i32>(positions + (x << 2));
    let sum = i32x4.splat(0);
    for (let at: usize = 0; at < bytes; at += 8, from += 4) {
      const samples = i16x8.extend_low_i8x16_u(v128.load32_zero(from));
      sum = i32x4.add(sum, i32x4.dot_i16x8_s(samples, v128.load64_zero(coefficients + at)));
    }
    const total = i32x4.extract_lane(sum, 0) + i32x4.extract_lane(sum, 1);
    const rounding = 1 << (FILTER_BITS - FRACTION - 1);
    store<i16>(out + (x << 1), <i16>((total + rounding) >> (FILTER_BITS - FRACTION)));
    coefficients += bytes;
  }
}

/** Of a component's record: where its lines are, bytes from one to the next, and the filter across lines. */
const SOURCE: usize = 0;
const LINE: usize = 4;
const POSITIONS: usize = 8;
const COEFFICIENTS: usize = 12;
const TAPS: usize = 16;
const RECORD: usize = 20;

/**
 * Three components, scaled across already, to planar RGB: scaled down their columns and through a colour matrix.
 *
 * @param records of three components, 5 int32 each: address of their lines of int16 (times 64), bytes a line, address of
 *   `height` first lines (int32; null: line y is line y), address of height × taps int16, taps (even)
 * @param matrix of Y, Cb, Cr: int16 offsets of Y and of both others, times 64, then the factors of Y; of Cr in red; of Cb and Cr in
 *   green; of Cb in blue, times 2 ** 13. Null: components are red, green and blue
 * @param lines three lines of scratch memory, `width` int16 rounded up to 16 each
 * @param out three planes of bytes
 * @param plane bytes from one plane to the next, at least width × height + 16
 */
export function planesToRgb(
  records: usize,
  matrix: usize,
  width: i32,
  height: i32,
  lines: usize,
  out: usize,
  plane: i32,
): void {
  const scratch = (<usize>((width + 15) & ~15)) << 1;
  for (let y = 0; y < height; y++, out += <usize>width) {
    const first = lineOf(records, y, width, lines);
    const second = lineOf(records + RECORD, y, width, lines + scratch);
    const third = lineOf(records + 2 * RECORD, y, width, lines + 2 * scratch);
    if (matrix !== 0) matrixLine(first, second, third, matrix, width, out, <usize>plane);
    else {
      narrow(first, width, out);
      narrow(second, width, out + <usize>plane);
      narrow(third, width, out + 2 * <usize>plane);
    }
  }
}

/** A component's line y: its own, or made in `line`. */
function lineOf(record: usize, y: i32, width: i32, line: usize): usize {
  const bytes = <usize>load<i32>(record, LINE);
  const source = <usize>load<u32>(record, SOURCE);
  const positions = <usize>load<u32>(record, POSITIONS);
  if (positions === 0) return source + <usize>y * bytes;
  const taps = load<i32>(record, TAPS);
  const coefficients = <usize>load<u32>(record, COEFFICIENTS) + ((<usize>(y * taps)) << 1);
  const from = source + <usize>load<i32>(positions + ((<usize>y) << 2)) * bytes;
  const half = i32x4.splat(1 << (FILTER_BITS - 1));
  const end = (<usize>width) << 1;
  for (let at: usize = 0; at < end; at += 16) {
    let low = half;
    let high = half;
    let row = from + at;
    for (let k = <usize>0; k < <usize>taps; k += 2, row += bytes << 1) {
      // Both coefficients at once, again and again.
      const pair = i32x4.splat(load<i32>(coefficients + (k << 1)));
      const upper = v128.load(row);
      const lower = v128.load(row + bytes);
      low = i32x4.add(low, i32x4.dot_i16x8_s(interleaveLow(upper, lower), pair));
      high = i32x4.add(high, i32x4.dot_i16x8_s(interleaveHigh(upper, lower), pair));
    }
    v128.store(
      line + at,
      i16x8.narrow_i32x4_s(i32x4.shr_s(low, FILTER_BITS), i32x4.shr_s(high, FILTER_BITS)),
    );
  }
  return line;
}

function narrow(line: usize, width: i32, out: usize): void {
  const half = i16x8.splat(1 << (<i16>FRACTION - 1));
  for (let x = <usize>0; x < <usize>width; x += 8) {
    const rounded = i16x8.shr_s(i16x8.add_sat_s(v128.load(line + (x << 1)), half), FRACTION);
    v128.store64_lane(out + x, i8x16.narrow_i16x8_u(rounded, rounded), 0);
  }
}

function matrixLine(
  luma: usize,
  blue: usize,
  red: usize,
  matrix: usize,
  width: i32,
  out: usize,
  plane: usize,
): void {
  const black = i16x8.splat(load<i16>(matrix));
  const middle = i16x8.splat(load<i16>(matrix, 2));
  const ofRed = pairOf(load<i16>(matrix, 4), load<i16>(matrix, 6));
  const ofGreen = pairOf(load<i16>(matrix, 4), load<i16>(matrix, 8));
  const redInGreen = pairOf(load<i16>(matrix, 10), 0);
  const ofBlue = pairOf(load<i16>(matrix, 4), load<i16>(matrix, 12));
  for (let x = <usize>0; x < <usize>width; x += 8) {
    const at = x << 1;
    const y = i16x8.sub(v128.load(luma + at), black);
    const cb = i16x8.sub(v128.load(blue + at), middle);
    const cr = i16x8.sub(v128.load(red + at), middle);
    const yCrLow = interleaveLow(y, cr);
    const yCrHigh = interleaveHigh(y, cr);
    const yCbLow = interleaveLow(y, cb);
    const yCbHigh = interleaveHigh(y, cb);
    store8(out + x, i32x4.dot_i16x8_s(yCrLow, ofRed), i32x4.dot_i16x8_s(yCrHigh, ofRed));
    store8(
      out + plane + x,
      i32x4.add(i32x4.dot_i16x8_s(yCbLow, ofGreen), i32x4.dot_i16x8_s(interleaveLow(cr, cr), redInGreen)),
      i32x4.add(i32x4.dot_i16x8_s(yCbHigh, ofGreen), i32x4.dot_i16x8_s(interleaveHigh(cr, cr), redInGreen)),
    );
    store8(out + 2 * plane + x, i32x4.dot_i16x8_s(yCbLow, ofBlue), i32x4.dot_i16x8_s(yCbHigh, ofBlue));
  }
}

function store8(out: usize, low: v128, high: v128): void {
  const half = i32x4.splat(1 << (FRACTION + MATRIX_BITS - 1));
  const words = i16x8.narrow_i32x4_s(
    i32x4.shr_s(i32x4.add(low, half), FRACTION + MATRIX_BITS),
    i32x4.shr_s(i32x4.add(high, half), FRACTION + MATRIX_BITS),
  );
  v128.store64_lane(out, i8x16.narrow_i16x8_u(words, words), 0);
}

function pairOf(first: i16, second: i16): v128 {
  return i32x4.splat(((<i32>second) << 16) | (<i32>first & 0xffff));
}

function interleaveLow(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 0, 1, 16, 17, 2, 3, 18, 19, 4, 5, 20, 21, 6, 7, 22, 23);
}

function interleaveHigh(a: v128, b: v128): v128 {
  return i8x16.shuffle(a, b, 8, 9, 24, 25, 10, 11, 26, 27, 12, 13, 28, 29, 14, 15, 30, 31);
}
