/** The motion between {@link shiftedPictures}, pixels; blocks nearer to the border than `margin` may not show it. */
export const SHIFT = { x: 3, y: 2, margin: 12 } as const;

/** Distances between the random values that the texture is interpolated from, pixels, coarse and fine. */
const GRAINS = [23, 7];

/** Two pictures, planar RGB, of a rough texture that moves by {@link SHIFT} from `previous` to `current`. */
export function shiftedPictures(
  width: number,
  height: number,
): { current: Uint8Array; previous: Uint8Array } {
  return { current: picture(width, height, SHIFT.x, SHIFT.y), previous: picture(width, height, 0, 0) };
}

function picture(width: number, height: number, dx: number, dy: number): Uint8Array {
  const pixels = new Uint8Array(3 * width * height);
  for (let plane = 0, i = 0; plane < 3; plane++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) {
        // Moved, the texture must not begin below 0.
        const value = GRAINS.reduce((sum, grain) => sum + noise(x - dx + 64, y - dy + 64, grain, plane), 0);
        pixels[i] = 24 + (208 * value) / GRAINS.length;
      }
    }
  }
  return pixels;
}

/** Value noise, 0..1: random values on a grid, bilinear between them. */
function noise(x: number, y: number, grain: number, plane: number): number {
  const [column, row] = [Math.floor(x / grain), Math.floor(y / grain)];
  const [fx, fy] = [x / grain - column, y / grain - row];
  const upper = mix(hash(column, row, plane), hash(column + 1, row, plane), fx);
  const lower = mix(hash(column, row + 1, plane), hash(column + 1, row + 1, plane), fx);
  return mix(upper, lower, fy);
}

const mix = (a: number, b: number, share: number): number => a + share * (b - a);

function hash(column: number, row: number, plane: number): number {
  let value =
    Math.imul(column + 1, 0x9e3779b1) ^ Math.imul(row + 1, 0x85ebca6b) ^ Math.imul(plane + 1, 0xc2b2ae35);
  value = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return ((value ^ (value >>> 13)) >>> 0) / 2 ** 32;
}
