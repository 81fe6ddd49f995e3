/** Noise that is fixed to surfaces, so that what a codec finds moving is really moving. */
import { type Random, seededRandom } from '../random.js';

const SIDE = 256;

/** Tiling value noise in −1..1. */
export class Noise {
  private readonly values: Float32Array;

  constructor(seed: number) {
    const random: Random = seededRandom(seed, 91);
    this.values = Float32Array.from({ length: SIDE * SIDE }, () => 2 * random() - 1);
  }

  /** Smoothly interpolated at (x, y), one lattice cell a unit. */
  at(x: number, y: number): number {
    const x0 = Math.floor(x);
    const y0 = Math.floor(y);
    const fx = x - x0;
    const fy = y - y0;
    const left = x0 & (SIDE - 1);
    const right = (x0 + 1) & (SIDE - 1);
    const top = (y0 & (SIDE - 1)) * SIDE;
    const bottom = ((y0 + 1) & (SIDE - 1)) * SIDE;
    const { values } = this;
    const upper = values[top + left] + (values[top + right] - values[top + left]) * fx;
    const lower = values[bottom + left] + (values[bottom + right] - values[bottom + left]) * fx;
    return upper + (lower - upper) * fy;
  }

  /** Two octaves; the fine one fades where a pixel covers more than its cells (`footprint`, units a pixel). */
  detail(x: number, y: number, footprint: number): number {
    const fine = Math.max(0, 1 - 4 * footprint);
    return 0.6 * this.at(x, y) + (fine > 0 ? 0.6 * fine * this.at(4 * x, 4 * y) : 0);
  }
}
