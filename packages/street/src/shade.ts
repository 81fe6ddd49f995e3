/** From nearest triangles to colours, labels and motion, each pixel once. */
import type { Material } from './mesh.js';
import { inverseDepthPlane, type Lens, plane } from './plane.js';
import type { Pose } from './pose.js';
import type { Raster } from './raster.js';
import type { ShadowMap } from './shadow-map.js';
import type { Sky } from './sky.js';
import type { Texture } from './texture.js';
import type { Weather } from './weather.js';

/** The surface key of the sky. */
export const SKY_KEY = -1;

/** Nearest surface a pixel: kept from frame to frame to know what was hidden. */
export interface Visibility {
  /** Body and class of the surface. */
  readonly keys: Int32Array;
  /** 1 / metre; 0 for the sky. */
  readonly inverseDepth: Float32Array;
}

export interface ShadedFrame {
  /** R, G, B a pixel, 0..255, interleaved. */
  readonly colour: Float32Array;
  readonly labels: Uint8Array;
  /** Mv of Eq. 2 in pixels. */
  readonly dx: Float32Array;
  readonly dy: Float32Array;
  /** 1 where the surface point was not to be seen in the frame before. */
  readonly occluded: Uint8Array;
}

export interface ShadeInput {
  readonly raster: Raster;
  readonly view: Pose;
  readonly before: Pose;
  readonly weather: Weather;
  readonly sky: Sky;
  readonly shadows?: ShadowMap;
  /** Seconds; clouds drift. */
  readonly time: number;
  readonly previous: Visibility;
}

const TABLE = 9 * 3;
const bits = new Float32Array(1);
const bitsAsInteger = new Int32Array(bits.buffer);

/** log₂ to a tenth, which is enough to choose a mipmap level. */
function roughLog2(value: number): number {
  bits[0] = value;
  return bitsAsInteger[0] * 1.1920929e-7 - 127;
}

/** Keys of what the raster holds. */
export function surfaceKeys(raster: Raster, keys: Int32Array): void {
  const { nearest, bodies, labels } = raster;
  for (let i = 0; i < keys.length; i++) {
    const id = nearest[i];
    keys[i] = id < 0 ? SKY_KEY : bodies[id] * 16 + labels[id];
  }
}

export class Shader {
  private readonly planes = new Float64Array(TABLE);
  private readonly toMap = new Float64Array(12);
  private readonly slots: Float64Array[] = [3, 4, 5, 6, 7, 8, 9, 10].map(() => new Float64Array(3));
  private texture!: Texture;
  private material!: Material;

  constructor(private readonly lens: Lens) {}

  shade(input: ShadeInput, keys: Int32Array, out: ShadedFrame): void {
    surfaceKeys(input.raster, keys);
    const { width, height } = this.lens;
    const { nearest } = input.raster;
    if (input.shadows) input.shadows.from(input.view, this.toMap);
    let last = -1;
    for (let row = 0, i = 0; row < height; row++) {
      for (let column = 0; column < width; column++, i++) {
        const id = nearest[i];
        if (id < 0) {
          this.background(input, i, column, row, out);
          continue;
        }
        if (id !== last) {
          this.load(input.raster, id);
          last = id;
        }
        out.labels[i] = input.raster.labels[id];
        this.pixel(input, keys[i], i, column, row, out);
      }
    }
  }

  private load(raster: Raster, id: number): void {
    const [a, b, c] = [raster.corners[3 * id], raster.corners[3 * id + 1], raster.corners[3 * id + 2]];
    for (let k = 0; k < 8; k++) {
      plane(raster.vertices, a, b, c, 3 + k, this.lens, this.slots[k]);
      this.planes.set(this.slots[k], 3 * k);
    }
    inverseDepthPlane(raster.vertices, a, b, c, this.lens, this.slots[0]);
    this.planes.set(this.slots[0], 24);
    this.material = raster.materials[id];
    this.texture = this.material.texture;
  }

  private pixel(
    { raster, weather, shadows, previous }: ShadeInput,
    key: number,
    i: number,
    x: number,
    y: number,
    out: ShadedFrame,
  ): void {
    const p = this.planes;
    const { focal, centreX, centreY, width, height } = this.lens;
    const inverse = raster.inverseDepth[i];
    const depth = 1 / inverse;
    const u = (p[0] + p[1] * x + p[2] * y) * depth;
    const v = (p[3] + p[4] * x + p[5] * y) * depth;
    let sun = (p[6] + p[7] * x + p[8] * y) * depth;
    const sky = (p[9] + p[10] * x + p[11] * y) * depth;
    const mirror = (p[12] + p[13] * x + p[14] * y) * depth;

    // Mipmap level between what the pixel's area and what its longer side ask for.
    const { logWidth, logHeight, levels, data } = this.texture;
    const ux = (p[1] - u * p[25]) * depth;
    const uy = (p[2] - u * p[26]) * depth;
    const vx = (p[4] - v * p[25]) * depth;
    const vy = (p[5] - v * p[26]) * depth;
    const tw = 1 << logWidth;
    const th = 1 << logHeight;
    const area = Math.abs(ux * vy - uy * vx) * tw * th;
    const alongX = ux * ux * tw * tw + vx * vx * th * th;
    const alongY = uy * uy * tw * tw + vy * vy * th * th;
    const longest = alongX > alongY ? alongX : alongY;
    let level = Math.round(0.25 * roughLog2(area * longest + 1e-20));
    level = level < 0 ? 0 : level >= levels.length ? levels.length - 1 : level;
    const lw = logWidth > level ? logWidth - level : 0;
    const lh = logHeight > level ? logHeight - level : 0;
    const s = u * (1 << lw) - 0.5;
    const t = v * (1 << lh) - 0.5;
    const s0 = Math.floor(s);
    const t0 = Math.floor(t);
    const fs = s - s0;
    const ft = t - t0;
    const sMask = (1 << lw) - 1;
    const tMask = (1 << lh) - 1;
    const upper = levels[level] + (((t0 & tMask) << lw) << 2);
    const lower = levels[level] + ((((t0 + 1) & tMask) << lw) << 2);
    const leftwards = (s0 & sMask) << 2;
    const rightwards = ((s0 + 1) & sMask) << 2;
    const k00 = (1 - fs) * (1 - ft);
    const k10 = fs * (1 - ft);
    const k01 = (1 - fs) * ft;
    const k11 = fs * ft;
    const a = upper + leftwards;
    const b = upper + rightwards;
    const c = lower + leftwards;
    const d = lower + rightwards;
    const red = data[a] * k00 + data[b] * k10 + data[c] * k01 + data[d] * k11;
    const green = data[a + 1] * k00 + data[b + 1] * k10 + data[c + 1] * k01 + data[d + 1] * k11;
    const blue = data[a + 2] * k00 + data[b + 2] * k10 + data[c + 2] * k01 + data[d + 2] * k11;

    if (shadows !== undefined && sun > 0.01) {
      const m = this.toMap;
      const viewX = ((x - centreX) / focal) * depth;
      const viewY = ((centreY - y) / focal) * depth;
      sun *= shadows.light(
        m[0] * viewX + m[1] * viewY + m[2] * depth + m[3],
        m[4] * viewX + m[5] * viewY + m[6] * depth + m[7],
        m[8] * viewX + m[9] * viewY + m[10] * depth + m[11],
        sun,
      );
    }
    const { tint, gloss = 0, glow = 0 } = this.material;
    const { sunlight, skylight, horizon, sight } = weather;
    const shine = gloss * (mirror > 0 ? mirror : 0);
    const far = depth / sight;
    const clear = 1 / (1 + far + 0.5 * far * far);
    const haze = 1 - clear;
    const own = (1 - shine) * (1 - glow);
    const o = 3 * i;
    out.colour[o] =
      clear * (red * tint[0] * (own * (sun * sunlight[0] + sky * skylight[0]) + glow) + shine * horizon[0]) +
      haze * horizon[0];
    out.colour[o + 1] =
      clear *
        (green * tint[1] * (own * (sun * sunlight[1] + sky * skylight[1]) + glow) + shine * horizon[1]) +
      haze * horizon[1];
    out.colour[o + 2] =
      clear * (blue * tint[2] * (own * (sun * sunlight[2] + sky * skylight[2]) + glow) + shine * horizon[2]) +
      haze * horizon[2];

    // Where the surface point was: depth cancels in the quotients.
    const qz = p[21] + p[22] * x + p[23] * y;
    const beforeX = centreX + (focal * (p[15] + p[16] * x + p[17] * y)) / qz;
    const beforeY = centreY - (focal * (p[18] + p[19] * x + p[20] * y)) / qz;
    const column = Math.round(beforeX);
    const row = Math.round(beforeY);
    if (!(qz > 0) || !(Math.abs(beforeX) < 1e6) || !(Math.abs(beforeY) < 1e6)) {
      out.dx[i] = 0;
      out.dy[i] = 0;
      out.occluded[i] = 1;
      return;
    }
    out.dx[i] = x - beforeX;
    out.dy[i] = y - beforeY;
    out.occluded[i] = 1;
    if (column < 0 || row < 0 || column >= width || row >= height) return;
    const j = row * width + column;
    const keyBefore = previous.keys[j];
    if (keyBefore === SKY_KEY || (keyBefore & 15) !== (key & 15)) return;
    // A surface may go on in the next mesh: then it lies at just that depth.
    const wanted = qz * depth;
    const tolerance = keyBefore === key ? 0.1 * wanted + 0.2 : 0.02 * wanted + 0.05;
    if (Math.abs(1 / previous.inverseDepth[j] - wanted) < tolerance) out.occluded[i] = 0;
  }

  private background(
    { view, before, sky, time, previous }: ShadeInput,
    i: number,
    x: number,
    y: number,
    out: ShadedFrame,
  ): void {
    const { focal, centreX, centreY, width, height } = this.lens;
    const vx = (x - centreX) / focal;
    const vy = (centreY - y) / focal;
    const wx = view[0] * vx + view[4] * vy + view[8];
    const wy = view[1] * vx + view[5] * vy + view[9];
    const wz = view[2] * vx + view[6] * vy + view[10];
    sky.colour(wx, wy, wz, time, out.colour, 3 * i);
    out.labels[i] = 0;
    const depth = before[8] * wx + before[9] * wy + before[10] * wz;
    const beforeX = centreX + (focal * (before[0] * wx + before[1] * wy + before[2] * wz)) / depth;
    const beforeY = centreY - (focal * (before[4] * wx + before[5] * wy + before[6] * wz)) / depth;
    out.dx[i] = x - beforeX;
    out.dy[i] = y - beforeY;
    const column = Math.round(beforeX);
    const row = Math.round(beforeY);
    const inside = column >= 0 && row >= 0 && column < width && row < height;
    out.occluded[i] = inside && previous.keys[row * width + column] === SKY_KEY ? 0 : 1;
  }
}
