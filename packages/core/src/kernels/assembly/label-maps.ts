/** What a label map holds: see packages/core/src/kernels/label-maps.ts and coco-mask.ts. */

/** Runs are compared by so many labels at a time; buffers may be read so far past their ends. */
const LANES: usize = 16;

/** Adds to 256 uint32 at `areas` how many of `count` labels each value has. */
export function addAreas(labels: usize, count: usize, areas: usize): void {
  const end = labels + count;
  // Label maps are flat: most sixteens are of one label.
  for (; labels + LANES <= end; labels += LANES) {
    const some = v128.load(labels);
    const first = load<u8>(labels);
    if (i8x16.all_true(i8x16.eq(some, i8x16.splat(first)))) add(areas, first, <u32>LANES);
    else for (let i: usize = 0; i < LANES; i++) add(areas, load<u8>(labels + i), 1);
  }
  for (; labels < end; labels++) add(areas, load<u8>(labels), 1);
}

function add(areas: usize, label: u8, count: u32): void {
  const at = areas + ((<usize>label) << 2);
  store<u32>(at, load<u32>(at) + count);
}

/** Replaces each of `count` labels by its entry in a table of 256. */
export function mapLabels(labels: usize, count: usize, table: usize): void {
  for (const end = labels + count; labels < end; labels++)
    store<u8>(labels, load<u8>(table + <usize>load<u8>(labels)));
}

/** The transpose of a height × width map: column after column. */
export function transposeLabels(labels: usize, width: i32, height: i32, out: usize): void {
  // Tiles, so that both sides stay in the cache.
  for (let top = 0; top < height; top += 16) {
    const bottom = min(top + 16, height);
    for (let left = 0; left < width; left += 16) {
      const right = min(left + 16, width);
      for (let x = left; x < right; x++) {
        const column = out + <usize>x * <usize>height;
        for (let y = top; y < bottom; y++)
          store<u8>(column + <usize>y, load<u8>(labels + <usize>y * <usize>width + <usize>x));
      }
    }
  }
}

/**
 * Where runs of one label begin, from position `from` on: positions as uint32 at `starts`, at most `most` of them.
 * Needs 15 readable bytes behind the labels.
 *
 * @returns how many; `most` where there may be others
 */
export function labelRuns(labels: usize, count: u32, from: u32, starts: usize, most: u32): u32 {
  let found: u32 = 0;
  let at = from;
  if (at === 0) {
    if (most === 0) return 0;
    store<u32>(starts, 0);
    found = 1;
    at = 1;
  }
  while (at < count) {
    const here = labels + <usize>at;
    let differ = i8x16.bitmask(i8x16.ne(v128.load(here), v128.load(here - 1)));
    if (count - at < <u32>LANES) differ &= (1 << (<i32>(count - at))) - 1;
    while (differ !== 0) {
      if (found === most) return found;
      store<u32>(starts + ((<usize>found) << 2), at + <u32>ctz(differ));
      found++;
      differ &= differ - 1;
    }
    at += <u32>LANES;
  }
  return found;
}
