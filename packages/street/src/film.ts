/** From light to a picture: the shutter, the lens, the sensor's noise and curve. */
import { type Random, seededRandom } from '@twnet/core/random';
import type { Lens } from './plane.js';
import type { Weather } from './weather.js';

const NOISE_SIZE = 1 << 16;
const CURVE_SIZE = 1024;
/** Light values at which the curve ends, 0..255 being a picture's range. */
const CURVE_END = 400;

export class Film {
  private readonly curve = new Uint8Array(CURVE_SIZE);
  private readonly grain: Float32Array;
  private readonly line: Float32Array;
  private readonly blurred: Float32Array;

  constructor(
    private readonly lens: Lens,
    private readonly weather: Weather,
    private readonly seed: number,
  ) {
    const { contrast, noise } = weather.camera;
    const random = seededRandom(seed, 77);
    this.grain = Float32Array.from(
      { length: NOISE_SIZE },
      () => (random() + random() + random() + random() - 2) * 1.73 * noise,
    );
    for (let i = 0; i < CURVE_SIZE; i++) {
      // A shoulder instead of clipping, and an S of contrast around the middle.
      const value = ((i / (CURVE_SIZE - 1)) * CURVE_END) / 255;
      const rolled = value < 0.75 ? value : 0.75 + 0.25 * (1 - Math.exp(-(value - 0.75) / 0.3));
      const curved = 0.5 + (rolled - 0.5) * contrast * (1 - 0.25 * (contrast - 1));
      this.curve[i] = Math.max(0, Math.min(255, 255 * curved + 0.5));
    }
    this.line = new Float32Array(3 * lens.width);
    this.blurred = new Float32Array(3 * lens.width * lens.height);
  }

  /**
   * Develops interleaved light into planar 8-bit RGB, `3 × height × width`.
   *
   * @param index frame number: every frame has noise of its own
   */
  develop(colour: Float32Array, dx: Float32Array, dy: Float32Array, index: number): Uint8Array {
    const random = seededRandom(this.seed, 78, index);
    const light = this.shutter(colour, dx, dy);
    if (this.weather.rain > 0) this.streaks(light, random);
    return this.expose(light, random);
  }

  /** Light of a moving surface spreads along its way while the shutter is open. */
  private shutter(colour: Float32Array, dx: Float32Array, dy: Float32Array): Float32Array {
    const { width, height } = this.lens;
    const { shutter } = this.weather.camera;
    const out = this.blurred;
    out.set(colour);
    const half = shutter / 2;
    for (let y = 0, i = 0; y < height; y++) {
      for (let x = 0; x < width; x++, i++) {
        const mx = dx[i] * half;
        const my = dy[i] * half;
        const length = Math.abs(mx) + Math.abs(my);
        if (length < 0.5 || length > 60) continue;
        let [r, g, b] = [colour[3 * i], colour[3 * i + 1], colour[3 * i + 2]];
        for (let k = -1; k <= 1; k += 2) {
          const xk = Math.min(width - 1, Math.max(0, Math.round(x + k * mx)));
          const yk = Math.min(height - 1, Math.max(0, Math.round(y + k * my)));
          const j = 3 * (yk * width + xk);
          r += colour[j];
          g += colour[j + 1];
          b += colour[j + 2];
        }
        out[3 * i] = r / 3;
        out[3 * i + 1] = g / 3;
        out[3 * i + 2] = b / 3;
      }
    }
    return out;
  }

  /** Raindrops: short bright strokes. */
  private streaks(light: Float32Array, random: Random): void {
    const { width, height } = this.lens;
    const { rain, horizon } = this.weather;
    const count = Math.round((rain * width * height) / 900);
    for (let n = 0; n < count; n++) {
      const near = random();
      const length = Math.round(height * (0.01 + 0.05 * near * near));
      const slant = (random() - 0.5) * 0.2;
      const x0 = random() * width;
      const y0 = Math.floor(random() * height);
      const strength = 0.05 + 0.12 * near;
      for (let k = 0; k < length; k++) {
        const x = Math.round(x0 + slant * k);
        const y = y0 + k;
        if (x < 0 || x >= width || y >= height) break;
        const i = 3 * (y * width + x);
        for (let c = 0; c < 3; c++) light[i + c] += (horizon[c] - light[i + c]) * strength;
      }
    }
  }

  private expose(light: Float32Array, random: Random): Uint8Array {
    const { width, height } = this.lens;
    const { gain, saturation, softness, vignette } = this.weather.camera;
    const area = width * height;
    const pixels = new Uint8Array(3 * area);
    const { line, grain, curve } = this;
    const own = 1 - 2 * softness;
    const scale = (CURVE_SIZE - 1) / CURVE_END;
    const last = 3 * width - 3;
    for (let y = 0; y < height; y++) {
      const start = 3 * y * width;
      const above = y > 0 ? -3 * width : 0;
      const below = y < height - 1 ? 3 * width : 0;
      for (let k = 0, i = start; k < 3 * width; k++, i++)
        line[k] = own * light[i] + softness * (light[i + above] + light[i + below]);
      const fromMiddle = ((2 * y - height) / height) ** 2;
      let shift = Math.floor(random() * NOISE_SIZE);
      for (let x = 0, k = 0, i = y * width; x < width; x++, k += 3, i++) {
        const left = k > 0 ? k - 3 : 0;
        const right = k < last ? k + 3 : last;
        const aside = (2 * x - width) / width;
        const fall = 1 - vignette * 0.5 * (aside * aside + fromMiddle);
        const r = gain[0] * fall * (own * line[k] + softness * (line[left] + line[right]));
        const g = gain[1] * fall * (own * line[k + 1] + softness * (line[left + 1] + line[right + 1]));
        const b = gain[2] * fall * (own * line[k + 2] + softness * (line[left + 2] + line[right + 2]));
        const grey = 0.3 * r + 0.59 * g + 0.11 * b;
        // Most of a sensor's noise is common to the colours once it has been interpolated and coded.
        const n = grain[shift & (NOISE_SIZE - 1)] * (0.5 + grey / 255);
        shift += 3;
        pixels[i] = at(curve, (grey + (r - grey) * saturation + n) * scale);
        pixels[area + i] = at(curve, (grey + (g - grey) * saturation + n) * scale);
        pixels[2 * area + i] = at(curve, (grey + (b - grey) * saturation + n) * scale);
      }
    }
    return pixels;
  }
}

function at(curve: Uint8Array, index: number): number {
  return curve[index < 0 ? 0 : index >= CURVE_SIZE ? CURVE_SIZE - 1 : index | 0];
}
