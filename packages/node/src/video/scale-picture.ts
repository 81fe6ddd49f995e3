/** Pictures in memory brought to another size, bicubic, as videos are that are read smaller. */
import { AV_PIX_FMT_GBRP } from 'node-av/constants';
import { FromPlanarRgb, ToPlanarRgb } from './planar-rgb.js';
import type { Size } from './scaling.js';

/** @param picture planar 8-bit RGB */
export function scaledPicture(picture: Size & { readonly pixels: Uint8Array }, size: Size): Uint8Array {
  const { width, height, pixels } = picture;
  if (width === size.width && height === size.height) return pixels;
  using from = new FromPlanarRgb(width, height, AV_PIX_FMT_GBRP, size);
  using to = new ToPlanarRgb(size.width, size.height);
  return to.convertSync(from.convertSync(pixels));
}
