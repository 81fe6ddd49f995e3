/** Pictures in memory brought to another size as those of videos are that are read so. */
import { AV_PIX_FMT_GBRP } from 'node-av/constants';
import { FromPlanarRgb, ToPlanarRgb } from './planar-rgb.js';
import { type Size, scalerFor } from './scaling.js';

/** @param picture planar 8-bit RGB */
export function scaledPicture(picture: Size & { readonly pixels: Uint8Array }, size: Size): Uint8Array {
  const { width, height, pixels } = picture;
  if (width === size.width && height === size.height) return pixels;
  const scaler = scalerFor({ source: picture, scaled: size });
  using from = new FromPlanarRgb(width, height, AV_PIX_FMT_GBRP, size, undefined, scaler);
  using to = new ToPlanarRgb(size.width, size.height);
  return to.convertSync(from.convertSync(pixels));
}
