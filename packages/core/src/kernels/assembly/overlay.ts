/** Class colours mixed with a picture: see packages/core/src/segment/overlay.ts. */

/**
 * Mixes a picture with the colours of its labels, in place.
 *
 * @param pixels 3 × height × width bytes, planes
 * @param labels rows × columns bytes; enlarged to height × width by repetition
 * @param width, height of the picture; rows ≤ height, columns ≤ width
 * @param colours 3 planes of 256 bytes, by class
 * @param classes labels from here on leave the picture as it is; at most 255
 * @param share of the colour, of 256
 * @param line width bytes of scratch memory, and 16 more
 */
export function mixLabels(
  pixels: usize,
  labels: usize,
  width: i32,
  height: i32,
  columns: i32,
  rows: i32,
  colours: usize,
  classes: i32,
  share: i32,
  line: usize,
): void {
  const area = <usize>width * <usize>height;
  let made = -1;
  for (let y = 0; y < height; y++) {
    // The label at the pixel's centre.
    const row = <i32>(((2 * <i64>y + 1) * rows) / (2 * height));
    let from = labels + <usize>row * <usize>columns;
    if (columns !== width) {
      if (row !== made) spread(from, columns, line, width);
      made = row;
      from = line;
    }
    mixRow(pixels + <usize>y * <usize>width, area, from, width, colours, classes, share);
  }
}

/** One row of labels, enlarged. */
function spread(from: usize, columns: i32, line: usize, width: i32): void {
  // Place of the pixel's centre in half columns of the picture: (2x + 1) × columns, by an error that is carried along.
  let place = columns;
  let column = 0;
  for (let x = 0; x < width; x++) {
    while (place >= 2 * width) {
      place -= 2 * width;
      column++;
    }
    store<u8>(line + <usize>x, load<u8>(from + <usize>column));
    place += 2 * columns;
  }
}

function mixRow(
  pixels: usize,
  area: usize,
  labels: usize,
  width: i32,
  colours: usize,
  classes: i32,
  share: i32,
): void {
  const rest = i16x8.splat(<i16>(256 - share));
  const part = i16x8.splat(<i16>share);
  const half = i16x8.splat(128);
  const known = i8x16.splat(<i8>classes);
  let x = 0;
  for (; x + 16 <= width; x += 16) {
    const label = v128.load(labels + <usize>x);
    const coloured = i8x16.lt_u(label, known);
    for (let plane = 0; plane < 3; plane++) {
      const table = colours + ((<usize>plane) << 8);
      let colour = i8x16.splat(0);
      // Sixteen classes at a time: an index out of 0 to 15 gives 0.
      for (let first = 0; first < classes; first += 16) {
        const index = i8x16.sub(label, i8x16.splat(<i8>first));
        colour = v128.or(colour, i8x16.swizzle(v128.load(table + <usize>first), index));
      }
      const at = pixels + <usize>plane * area + <usize>x;
      const pixel = v128.load(at);
      const low = mixed(i16x8.extend_low_i8x16_u(pixel), i16x8.extend_low_i8x16_u(colour), rest, part, half);
      const high = mixed(
        i16x8.extend_high_i8x16_u(pixel),
        i16x8.extend_high_i8x16_u(colour),
        rest,
        part,
        half,
      );
      v128.store(at, v128.bitselect(i8x16.narrow_i16x8_u(low, high), pixel, coloured));
    }
  }
  for (; x < width; x++) {
    const label = <i32>load<u8>(labels + <usize>x);
    if (label >= classes) continue;
    for (let plane = 0; plane < 3; plane++) {
      const at = pixels + <usize>plane * area + <usize>x;
      const colour = <i32>load<u8>(colours + ((<usize>plane) << 8) + <usize>label);
      store<u8>(at, <u8>((<i32>load<u8>(at) * (256 - share) + colour * share + 128) >> 8));
    }
  }
}

function mixed(pixel: v128, colour: v128, rest: v128, part: v128, half: v128): v128 {
  const sum = i16x8.add(i16x8.mul(pixel, rest), i16x8.mul(colour, part));
  return i16x8.shr_u(i16x8.add(sum, half), 8);
}

/**
 * Lays a box over a picture, in place.
 *
 * @param pixels 3 × height × width bytes, planes
 * @param box 4 × boxHeight × boxWidth bytes: red, green, blue, and opacity
 * @param left, top of the box, which lies within the picture
 */
export function layBox(
  pixels: usize,
  width: i32,
  height: i32,
  box: usize,
  boxWidth: i32,
  boxHeight: i32,
  left: i32,
  top: i32,
): void {
  const area = <usize>width * <usize>height;
  const boxArea = <usize>boxWidth * <usize>boxHeight;
  for (let y = 0; y < boxHeight; y++) {
    const row = box + <usize>y * <usize>boxWidth;
    const target = pixels + <usize>(top + y) * <usize>width + <usize>left;
    for (let x = <usize>0; x < <usize>boxWidth; x++) {
      const opacity = <u32>load<u8>(row + 3 * boxArea + x);
      if (opacity === 0) continue;
      for (let plane = <usize>0; plane < 3; plane++) {
        const at = target + plane * area + x;
        const over = <u32>load<u8>(row + plane * boxArea + x);
        store<u8>(at, <u8>((<u32>load<u8>(at) * (255 - opacity) + over * opacity + 127) / 255));
      }
    }
  }
}
