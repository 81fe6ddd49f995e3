/** What stands between the street and the sun: a depth picture seen from the sun, around the camera. */
import type { Mesh } from './mesh.js';
import type { Pose } from './pose.js';
import type { Direction } from './raster.js';

const SIDE = 1024;
/** Metres that the map is wide. */
const EXTENT = 80;
const TEXEL = EXTENT / SIDE;
/** How far a surface has to lie behind another to be in its shade, metres. */
const BIAS = 0.09;

export class ShadowMap {
  /** Distance towards the sun of the nearest surface of each texel. */
  private readonly towards = new Float32Array(SIDE * SIDE);
  /** Axes across the sun's direction. */
  private readonly e1: Direction;
  private readonly e2: Direction;
  private originX = 0;
  private originY = 0;

  constructor(readonly sun: Direction) {
    const [x, , z] = sun;
    const flat = Math.hypot(x, z) || 1;
    this.e1 = [z / flat, 0, -x / flat];
    this.e2 = cross(sun, this.e1);
  }

  /** Empties the map and moves it over a place. Whole texels, so that the shadows' edges stand still. */
  clear(x: number, y: number, z: number): void {
    this.towards.fill(-1e9);
    this.originX = Math.round(dot(this.e1, x, y, z) / TEXEL) * TEXEL - EXTENT / 2;
    this.originY = Math.round(dot(this.e2, x, y, z) / TEXEL) * TEXEL - EXTENT / 2;
  }

  /** Whether a sphere can cast anything onto the map. */
  reaches(x: number, y: number, z: number, radius: number): boolean {
    const s = dot(this.e1, x, y, z) - this.originX;
    const t = dot(this.e2, x, y, z) - this.originY;
    return s > -radius && t > -radius && s < EXTENT + radius && t < EXTENT + radius;
  }

  private points = new Float64Array(3 * 1024);

  draw(mesh: Mesh, model: Pose): void {
    const { positions, indices, vertices } = mesh;
    if (this.points.length < 3 * vertices) this.points = new Float64Array(6 * vertices);
    const out = this.points;
    const rows = [this.e1, this.e2, this.sun].map((e) =>
      [0, 1, 2, 3].map((k) => e[0] * model[k] + e[1] * model[4 + k] + e[2] * model[8 + k]),
    );
    rows[0][3] -= this.originX;
    rows[1][3] -= this.originY;
    const scales = [1 / TEXEL, 1 / TEXEL, 1];
    for (let r = 0; r < 3; r++) {
      const scale = scales[r];
      const [mx, my, mz, m0] = rows[r];
      for (let i = 0; i < 3 * vertices; i += 3)
        out[i + r] = (mx * positions[i] + my * positions[i + 1] + mz * positions[i + 2] + m0) * scale;
    }
    for (let i = 0; i < indices.length; i += 3)
      this.fill(3 * indices[i], 3 * indices[i + 1], 3 * indices[i + 2]);
  }

  private fill(a: number, b: number, c: number): void {
    const p = this.points;
    const [xa, ya, xb, yb, xc, yc] = [p[a], p[a + 1], p[b], p[b + 1], p[c], p[c + 1]];
    const top = Math.max(0, Math.ceil(Math.min(ya, yb, yc)));
    const bottom = Math.min(SIDE - 1, Math.floor(Math.max(ya, yb, yc)));
    if (top > bottom) return;
    const double = (xb - xa) * (yc - ya) - (xc - xa) * (yb - ya);
    if (Math.abs(double) < 1e-6) return;
    const gx = ((p[b + 2] - p[a + 2]) * (yc - ya) - (p[c + 2] - p[a + 2]) * (yb - ya)) / double;
    const gy = ((p[c + 2] - p[a + 2]) * (xb - xa) - (p[b + 2] - p[a + 2]) * (xc - xa)) / double;
    const g0 = p[a + 2] - gx * xa - gy * ya;
    for (let row = top; row <= bottom; row++) {
      let left = 1e30;
      let right = -1e30;
      if (ya <= row !== yb <= row) left = right = xa + ((row - ya) / (yb - ya)) * (xb - xa);
      if (yb <= row !== yc <= row) {
        const x = xb + ((row - yb) / (yc - yb)) * (xc - xb);
        if (x < left) left = x;
        if (x > right) right = x;
      }
      if (yc <= row !== ya <= row) {
        const x = xc + ((row - yc) / (ya - yc)) * (xa - xc);
        if (x < left) left = x;
        if (x > right) right = x;
      }
      const first = Math.max(0, Math.ceil(left));
      const last = Math.min(SIDE - 1, Math.floor(right));
      let depth = g0 + gy * row + gx * first;
      for (let i = row * SIDE + first; i <= row * SIDE + last; i++, depth += gx)
        if (depth > this.towards[i]) this.towards[i] = depth;
    }
  }

  /**
   * The map as seen from a view: twelve numbers that take view coordinates (x, y, z, 1) to column, row and
   * distance towards the sun.
   */
  from(view: Pose, out: Float64Array): void {
    // The view's rotation is orthonormal: its transpose takes view axes to the world's.
    const origin = [0, 1, 2].map(
      (k) => -(view[k] * view[3] + view[4 + k] * view[7] + view[8 + k] * view[11]),
    );
    const axes = [this.e1, this.e2, this.sun];
    const scales = [1 / TEXEL, 1 / TEXEL, 1];
    const offsets = [this.originX, this.originY, 0];
    for (let r = 0; r < 3; r++) {
      const e = axes[r];
      for (let k = 0; k < 3; k++) {
        const row = 4 * k;
        out[4 * r + k] = scales[r] * (e[0] * view[row] + e[1] * view[row + 1] + e[2] * view[row + 2]);
      }
      out[4 * r + 3] = scales[r] * (dot(e, origin[0], origin[1], origin[2]) - offsets[r]);
    }
  }

  /**
   * Share of sunlight, 0..1, at a column, row and distance towards the sun.
   *
   * @param facing cosine between the surface's normal and the sun: a slanted one needs more tolerance
   */
  light(column: number, row: number, distance: number, facing: number): number {
    const c = Math.floor(column);
    const r = Math.floor(row);
    if (c < 0 || r < 0 || c >= SIDE - 1 || r >= SIDE - 1) return 1;
    const { towards } = this;
    const i = r * SIDE + c;
    const limit = distance + BIAS + Math.min(0.6, (1.2 * TEXEL) / facing);
    const fx = column - c;
    const fy = row - r;
    const upper = (towards[i] <= limit ? 1 - fx : 0) + (towards[i + 1] <= limit ? fx : 0);
    const lower = (towards[i + SIDE] <= limit ? 1 - fx : 0) + (towards[i + SIDE + 1] <= limit ? fx : 0);
    return upper + (lower - upper) * fy;
  }
}

function dot(e: Direction, x: number, y: number, z: number): number {
  return e[0] * x + e[1] * y + e[2] * z;
}

function cross(a: Direction, b: Direction): Direction {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}
