/** Pictures (planar 8-bit RGB) in another size, by swscale. */
import { AV_PIX_FMT_GBRP } from 'node-av/constants';
import { FromPlanarRgb, ToPlanarRgb } from './planar-rgb.js';
import { halfScalerFor, type Size } from './scaling.js';

/** Brings pictures of one size to another, by the scalers that `openVideo` with key pictures takes; holds native memory, so close it. */
export class RgbResizer implements Disposable {
  private readonly resized: FromPlanarRgb;
  private readonly packed: ToPlanarRgb;
  private readonly same: boolean;

  constructor(from: Size, to: Size) {
    this.same = from.width === to.width && from.height === to.height;
    const scaler = halfScalerFor({ source: from, scaled: to });
    this.resized = new FromPlanarRgb(from.width, from.height, AV_PIX_FMT_GBRP, to, undefined, scaler);
    this.packed = new ToPlanarRgb(to.width, to.height);
  }

  /** A picture of its own, or the same where it has that size. */
  resize(pixels: Uint8Array): Uint8Array {
    return this.same ? pixels : this.packed.convertSync(this.resized.convertSync(pixels));
  }

  [Symbol.dispose](): void {
    this.resized[Symbol.dispose]();
    this.packed[Symbol.dispose]();
  }
}
