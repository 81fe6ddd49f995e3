/** Textures: small pictures that repeat, with mipmaps so that distant surfaces do not flicker. */
import { seededRandom } from '@twnet/core/random';

/** Side lengths are powers of two; RGBA, row-major, the levels one after another. */
export interface Texture {
  readonly data: Uint8Array;
  readonly logWidth: number;
  readonly logHeight: number;
  /** Where each level begins, bytes. */
  readonly levels: Int32Array;
  /** Whether texels with alpha below 128 are holes. */
  readonly cutout: boolean;
}

/** Builds the mipmaps of a picture of RGBA values. */
export function makeTexture(base: Uint8Array, logWidth: number, logHeight: number, cutout = false): Texture {
  const count = Math.max(logWidth, logHeight) + 1;
  const levels = new Int32Array(count);
  let size = 0;
  for (let level = 0; level < count; level++) {
    levels[level] = size;
    size += 4 << (Math.max(0, logWidth - level) + Math.max(0, logHeight - level));
  }
  const data = new Uint8Array(size);
  data.set(base);
  for (let level = 1; level < count; level++) {
    const wide = logWidth >= level;
    const high = logHeight >= level;
    const width = 1 << Math.max(0, logWidth - level);
    const height = 1 << Math.max(0, logHeight - level);
    const above = 1 << Math.max(0, logWidth - level + 1);
    const from = levels[level - 1];
    for (let y = 0, out = levels[level]; y < height; y++) {
      for (let x = 0; x < width; x++, out += 4) {
        const a = from + 4 * ((high ? 2 * y : y) * above + (wide ? 2 * x : x));
        reduce(data, out, a, a + (wide ? 4 : 0), high ? 4 * above : 0, cutout);
      }
    }
  }
  return { data, logWidth, logHeight, levels, cutout };
}

/** The mean of four texels; of a cutout, colours count by their alpha, and the holes shrink with distance. */
function reduce(data: Uint8Array, out: number, a: number, b: number, down: number, cutout: boolean): void {
  if (!cutout) {
    for (let c = 0; c < 4; c++)
      data[out + c] = (data[a + c] + data[b + c] + data[a + down + c] + data[b + down + c] + 2) >> 2;
    return;
  }
  const weights = [data[a + 3], data[b + 3], data[a + down + 3], data[b + down + 3]];
  const sum = weights[0] + weights[1] + weights[2] + weights[3];
  for (let c = 0; c < 3; c++) {
    const mixed =
      weights[0] * data[a + c] +
      weights[1] * data[b + c] +
      weights[2] * data[a + down + c] +
      weights[3] * data[b + down + c];
    data[out + c] = sum > 0 ? mixed / sum : (data[a + c] + data[b + c]) >> 1;
  }
  data[out + 3] = Math.min(255, (sum / 4) * 1.15);
}

const NOISE_SIDE = 256;
let noiseTile: Float32Array | undefined;

/** Tiling fractal noise, 256 × 256, −1..1: one for all textures, as each reads it at places of its own. */
export function noise(): Float32Array {
  noiseTile ??= makeNoise();
  return noiseTile;
}

function makeNoise(): Float32Array {
  const out = new Float32Array(NOISE_SIDE * NOISE_SIDE);
  const random = seededRandom(71);
  let weight = 0.5;
  for (let cells = 8; cells <= NOISE_SIDE; cells *= 2, weight *= 0.72) {
    const lattice = Float32Array.from({ length: cells * cells }, () => 2 * random() - 1);
    const scale = cells / NOISE_SIDE;
    for (let y = 0, i = 0; y < NOISE_SIDE; y++) {
      const y0 = Math.floor(y * scale);
      const fy = y * scale - y0;
      const top = y0 * cells;
      const bottom = ((y0 + 1) % cells) * cells;
      for (let x = 0; x < NOISE_SIDE; x++, i++) {
        const x0 = Math.floor(x * scale);
        const fx = x * scale - x0;
        const x1 = (x0 + 1) % cells;
        const upper = lattice[top + x0] + (lattice[top + x1] - lattice[top + x0]) * fx;
        const lower = lattice[bottom + x0] + (lattice[bottom + x1] - lattice[bottom + x0]) * fx;
        out[i] += weight * (upper + (lower - upper) * fy);
      }
    }
  }
  return out;
}

/** The noise at whole places, which repeat. */
export function noiseAt(x: number, y: number): number {
  return noise()[((y & 255) << 8) | (x & 255)];
}
