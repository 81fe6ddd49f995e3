/** Block matching between two pictures: see packages/core/src/motion/block-matching.ts. */
import { deviation, difference, halfDifference } from './differences';
import { MARGIN } from './luma';

const BLOCK: i32 = 16;
/** Bytes of a block's record: where its content was, as a {@link packed} offset, and Σ|difference| from there, int32. */
const RECORD: usize = 8;

/** What a vector costs that differs from a neighbour's by d pixels: STEP + SLOPE · min(d, FAR), of Σ|difference|. */
const STEP: i32 = 48;
const SLOPE: i32 = 10;
const FAR: i32 = 16;
/** Σ|difference| of a block below which a vector is as good as any, half a grey level a pixel. */
const ENOUGH: i32 = 128;
/** Σ|difference| of a block from which it is looked for farther away, if half its contrast is unexplained. */
const POOR: i32 = 1536;
const FARTHEST: i32 = 32;
/** Steps of one pixel that a search takes at most. */
const MOST_STEPS: i32 = 48;
/** Share of Σ|difference| (a power of two) that half pixels must save: averaging alone takes some of the noise away. */
const HALF_GAIN: i32 = 3;
/** A block is intra where its vector leaves more unexplained than its mean does, by so much (H.263's test model). */
const INTRA: i32 = 512;

/** Bytes from a line of a plane to the next. */
let line: usize = 0;
let columns: i32 = 0;
let rows: i32 = 0;
let width: i32 = 0;
let height: i32 = 0;
/** Pixels (0, 0) of the two planes. */
let current: usize = 0;
let previous: usize = 0;

/** The block in hand: its pixels, the same place in the previous picture, and the offsets that stay in the plane. */
let here: usize = 0;
let there: usize = 0;
let leastX: i32 = 0;
let mostX: i32 = 0;
let leastY: i32 = 0;
let mostY: i32 = 0;
/** The best offset so far, its Σ|difference|, and that with what it costs beside its neighbours. */
let bestX: i32 = 0;
let bestY: i32 = 0;
let bestSum: i32 = 0;
let bestCost: i32 = 0;
/** Offsets of four neighbours, and those that were tried. */
let guide0: i32 = 0;
let guide1: i32 = 0;
let guide2: i32 = 0;
let guide3: i32 = 0;
const tried: usize = memory.data(64);
let triedCount: i32 = 0;

/**
 * Finds where each block of 16 × 16 pixels was in the previous picture, in three passes: predictive search from the
 * upper left (EPZS: the vectors of neighbours and of the frame before, then steps of one pixel); back from the lower
 * right, where each block may take over a neighbour's vector, so that what has no texture moves as what is around it;
 * half pixels. The last blocks of a row and column are shorter where the size is no multiple of 16; they are matched
 * together with the pixels before them.
 *
 * @param now,before planes as {@link takeLuma} makes them
 * @param records 8 bytes a block: the last picture's on entry, zeros at first; this one's on return
 * @param out for n blocks dx, dy (float32 each), x, y (int16), width, height (uint8), each n long: of those found
 * @returns how many blocks are found; the others are intra
 */
export function matchBlocks(
  now: usize,
  before: usize,
  across: i32,
  down: i32,
  records: usize,
  out: usize,
): i32 {
  width = across;
  height = down;
  line = <usize>(across + 2 * MARGIN);
  const corner = <usize>MARGIN * line + <usize>MARGIN;
  current = now + corner;
  previous = before + corner;
  columns = (across + BLOCK - 1) / BLOCK;
  rows = (down + BLOCK - 1) / BLOCK;
  let record = records;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++, record += RECORD) search(column, row, record);
  for (let row = rows - 1; row >= 0; row--)
    for (let column = columns - 1; column >= 0; column--) {
      record -= RECORD;
      takeOver(column, row, record);
    }
  return write(records, out);
}

function packed(x: i32, y: i32): i32 {
  return (y << 16) | (x & 0xffff);
}

function xOf(offset: i32): i32 {
  return (offset << 16) >> 16;
}

function yOf(offset: i32): i32 {
  return offset >> 16;
}

/** Takes a block in hand. */
function take(column: i32, row: i32): void {
  const x = min(column * BLOCK, width - BLOCK);
  const y = min(row * BLOCK, height - BLOCK);
  const at = <usize>y * line + <usize>x;
  here = current + at;
  there = previous + at;
  // A pixel of the margin is left for half pixels.
  leastX = 1 - MARGIN - x;
  mostX = width + MARGIN - BLOCK - 1 - x;
  leastY = 1 - MARGIN - y;
  mostY = height + MARGIN - BLOCK - 1 - y;
  triedCount = 0;
}

function search(column: i32, row: i32, record: usize): void {
  take(column, row);
  const next = <usize>columns * RECORD;
  const earlier = load<i32>(record);
  const above = row > 0 ? load<i32>(record - next) : column > 0 ? load<i32>(record - RECORD) : earlier;
  const left = column > 0 ? load<i32>(record - RECORD) : above;
  const aboveRight = row > 0 && column + 1 < columns ? load<i32>(record - next + RECORD) : above;
  guide0 = packed(
    median(xOf(left), xOf(above), xOf(aboveRight)),
    median(yOf(left), yOf(above), yOf(aboveRight)),
  );
  guide1 = left;
  guide2 = above;
  guide3 = aboveRight;
  bestCost = i32.MAX_VALUE;
  attempt(guide0);
  attempt(left);
  attempt(above);
  attempt(aboveRight);
  attempt(earlier);
  if (column + 1 < columns) attempt(load<i32>(record + RECORD));
  if (row + 1 < rows) attempt(load<i32>(record + next));
  attempt(0);
  if (bestSum > ENOUGH) descend();
  if (bestSum > POOR && bestSum > deviation(here, line) >> 1) lookFarther();
  store<i32>(record, packed(bestX, bestY));
  store<i32>(record, bestSum, 4);
}

/** Weighs a block's offset against those of its four neighbours. */
function takeOver(column: i32, row: i32, record: usize): void {
  const next = <usize>columns * RECORD;
  const own = load<i32>(record);
  guide0 = column > 0 ? load<i32>(record - RECORD) : own;
  guide1 = column + 1 < columns ? load<i32>(record + RECORD) : own;
  guide2 = row > 0 ? load<i32>(record - next) : own;
  guide3 = row + 1 < rows ? load<i32>(record + next) : own;
  if (guide0 === own && guide1 === own && guide2 === own && guide3 === own) return;
  take(column, row);
  bestX = xOf(own);
  bestY = yOf(own);
  bestSum = load<i32>(record, 4);
  bestCost = bestSum + unevenness(bestX, bestY);
  store<i32>(tried, own);
  triedCount = 1;
  attempt(guide1);
  attempt(guide3);
  attempt(guide0);
  attempt(guide2);
  if (packed(bestX, bestY) === own) return;
  descend();
  store<i32>(record, packed(bestX, bestY));
  store<i32>(record, bestSum, 4);
}

/** Measures an offset that has not been tried for this block, brought within the plane. */
function attempt(offset: i32): void {
  for (let i = 0; i < triedCount; i++) if (load<i32>(tried + ((<usize>i) << 2)) === offset) return;
  store<i32>(tried + ((<usize>triedCount) << 2), offset);
  triedCount++;
  measure(min(max(xOf(offset), leastX), mostX), min(max(yOf(offset), leastY), mostY));
}

/** Where the block in hand was in the previous plane, by an offset. */
function sourceOf(x: i32, y: i32): usize {
  return <usize>(<isize>there + <isize>y * <isize>line + <isize>x);
}

/** Takes an offset where it is better than the best so far. */
function measure(x: i32, y: i32): void {
  if (x < leastX || x > mostX || y < leastY || y > mostY) return;
  const extra = unevenness(x, y);
  const limit = bestCost - extra;
  if (limit <= 0) return;
  const sum = difference(here, sourceOf(x, y), line, limit);
  if (sum >= limit) return;
  bestX = x;
  bestY = y;
  bestSum = sum;
  bestCost = sum + extra;
}

/** Steps of one pixel to the best of the four neighbours, while there is a better one. */
function descend(): void {
  let lastX = i32.MAX_VALUE;
  let lastY = i32.MAX_VALUE;
  for (let step = 0; step < MOST_STEPS; step++) {
    const x = bestX;
    const y = bestY;
    if (x - 1 !== lastX || y !== lastY) measure(x - 1, y);
    if (x + 1 !== lastX || y !== lastY) measure(x + 1, y);
    if (x !== lastX || y - 1 !== lastY) measure(x, y - 1);
    if (x !== lastX || y + 1 !== lastY) measure(x, y + 1);
    if (bestX === x && bestY === y) return;
    lastX = x;
    lastY = y;
  }
}

/** Eight directions at growing distances, for what moves otherwise than all that is around it. */
function lookFarther(): void {
  const x = bestX;
  const y = bestY;
  for (let far = 2; far <= FARTHEST; far <<= 1) {
    for (let down = -far; down <= far; down += far)
      for (let right = -far; right <= far; right += far)
        if (right !== 0 || down !== 0) measure(x + right, y + down);
  }
  if (bestX !== x || bestY !== y) descend();
}

function unevenness(x: i32, y: i32): i32 {
  return apart(x, y, guide0) + apart(x, y, guide1) + apart(x, y, guide2) + apart(x, y, guide3);
}

function apart(x: i32, y: i32, offset: i32): i32 {
  const distance = abs(x - xOf(offset)) + abs(y - yOf(offset));
  return distance === 0 ? 0 : STEP + SLOPE * min(distance, FAR);
}

function median(a: i32, b: i32, c: i32): i32 {
  return max(min(a, b), min(max(a, b), c));
}

/** Refines each block to half pixels, and writes down those that are not intra. */
function write(records: usize, out: usize): i32 {
  const count = <usize>(columns * rows);
  const dy = out + 4 * count;
  const left = dy + 4 * count;
  const top = left + 2 * count;
  const across = top + 2 * count;
  const down = across + count;
  let found: usize = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, records += RECORD) {
      take(column, row);
      const offset = load<i32>(records);
      bestX = 2 * xOf(offset);
      bestY = 2 * yOf(offset);
      bestSum = load<i32>(records, 4);
      if (bestSum > ENOUGH) refine(sourceOf(xOf(offset), yOf(offset)));
      if (bestSum > INTRA && bestSum > INTRA + deviation(here, line)) continue;
      store<f32>(out + 4 * found, <f32>-bestX * 0.5);
      store<f32>(dy + 4 * found, <f32>-bestY * 0.5);
      store<i16>(left + 2 * found, <i16>(column * BLOCK));
      store<i16>(top + 2 * found, <i16>(row * BLOCK));
      store<u8>(across + found, <u8>min(BLOCK, width - column * BLOCK));
      store<u8>(down + found, <u8>min(BLOCK, height - row * BLOCK));
      found++;
    }
  }
  return <i32>found;
}

/** Tries half pixels around the best offset, which is counted in them here; its block lies at `source`. */
function refine(source: usize): void {
  const limit = bestSum - (bestSum >> HALF_GAIN);
  const left = halfDifference(here, source - 1, 1, 0, line, limit);
  const right = halfDifference(here, source, 1, 0, line, limit);
  const above = halfDifference(here, source - line, 0, line, line, limit);
  const below = halfDifference(here, source, 0, line, line, limit);
  const toLeft = left < right;
  const toTop = above < below;
  const corner = source - (toLeft ? <usize>1 : 0) - (toTop ? line : 0);
  const across = min(left, right);
  const down = min(above, below);
  const both = halfDifference(here, corner, 1, line, line, limit);
  const least = min(min(across, down), both);
  if (least >= limit) return;
  // Without what is gained by averaging: next to the block's own mean it must count as a whole pixel's.
  bestSum = least + (least >> HALF_GAIN);
  if (least === across || least !== down) bestX += toLeft ? -1 : 1;
  if (least !== across) bestY += toTop ? -1 : 1;
}
