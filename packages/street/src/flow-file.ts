/** Dense motion as files in Middlebury's .flo format (Baker et al. 2011). */

/** `PIEH` as a little-endian float, which the format begins with. */
const TAG = 202021.25;

/**
 * A .flo file: tag, width, height, then (u, v) = (dx, dy) a pixel, row-major, little-endian.
 *
 * @param dx Mv of Eq. 2 in pixels, `height × width`
 */
export function flowFile(dx: Float32Array, dy: Float32Array, width: number, height: number): Uint8Array {
  const bytes = new Uint8Array(12 + 8 * width * height);
  const view = new DataView(bytes.buffer);
  view.setFloat32(0, TAG, true);
  view.setInt32(4, width, true);
  view.setInt32(8, height, true);
  for (let i = 0, at = 12; i < width * height; i++, at += 8) {
    view.setFloat32(at, dx[i], true);
    view.setFloat32(at + 4, dy[i], true);
  }
  return bytes;
}
