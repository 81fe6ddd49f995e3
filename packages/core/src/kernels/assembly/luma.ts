/** Planes of luma with margins, for block matching. */

/** Pixels by which a plane goes on beyond each side of its picture, where the border's pixels are repeated. */
export const MARGIN: i32 = 32;

/**
 * Brings a picture's luma into a plane with margins, (height + 64) × (width + 64) bytes.
 *
 * @param lineBytes from one line of `luma` to the next
 */
export function takeLuma(luma: usize, lineBytes: i32, across: i32, down: i32, plane: usize): void {
  const line = <usize>(across + 2 * MARGIN);
  let to = plane + <usize>MARGIN * line + <usize>MARGIN;
  for (let y = 0; y < down; y++, luma += <usize>lineBytes, to += line) memory.copy(to, luma, <usize>across);
  repeatBorder(across, down, plane);
}

/**
 * The same of planar RGB: (R + 2G + B) / 4, near enough to luma.
 *
 * @param across at least 16
 */
export function takeRgb(red: usize, across: i32, down: i32, plane: usize): void {
  const area = <usize>across * <usize>down;
  const line = <usize>(across + 2 * MARGIN);
  let to = plane + <usize>MARGIN * line + <usize>MARGIN;
  for (let y = 0; y < down; y++, red += <usize>across, to += line) {
    for (let x = 0; x < across; x += 16) {
      // The last vector of a line overlaps the one before.
      const i = <usize>min(x, across - 16);
      const green = red + area + i;
      v128.store(
        to + i,
        i8x16.avgr_u(v128.load(green), i8x16.avgr_u(v128.load(red + i), v128.load(green + area))),
      );
    }
  }
  repeatBorder(across, down, plane);
}

/** Two vectors a side: {@link MARGIN} pixels. */
function repeatBorder(across: i32, down: i32, plane: usize): void {
  const line = <usize>(across + 2 * MARGIN);
  const first = plane + <usize>MARGIN * line;
  let left = first;
  for (let y = 0; y < down; y++, left += line) {
    const start = i8x16.splat(load<i8>(left + <usize>MARGIN));
    v128.store(left, start);
    v128.store(left, start, 16);
    const right = left + <usize>MARGIN + <usize>across;
    const end = i8x16.splat(load<i8>(right - 1));
    v128.store(right, end);
    v128.store(right, end, 16);
  }
  const last = left - line;
  for (let y = 0; y < MARGIN; y++) {
    memory.copy(plane + <usize>y * line, first, line);
    memory.copy(left + <usize>y * line, last, line);
  }
}
