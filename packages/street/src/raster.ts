/**
 * Triangles to pixels: what is nearest at every pixel's middle. Shading comes after, once a pixel.
 * Screen coordinates are such that the middle of column c and row r is (c, r).
 */

import { Cutout } from './cutout.js';
import type { Material, Mesh } from './mesh.js';
import { type Lens, VERTEX } from './plane.js';
import type { Pose } from './pose.js';

/** Nearest distance that is drawn, metres. */
const NEAR = 0.1;

/** A unit vector towards the sun, in world coordinates. */
export type Direction = readonly [x: number, y: number, z: number];

export class Raster {
  /** Transformed vertices, `VERTEX` numbers each. */
  vertices = new Float64Array(VERTEX * 32768);
  /** Three vertices a triangle. */
  corners = new Int32Array(3 * 4096);
  materials: Material[] = [];
  labels = new Uint8Array(4096);
  /** What the triangle belongs to. */
  bodies = new Int32Array(4096);
  triangles = 0;
  /** Nearest triangle of each pixel, −1 without one. */
  readonly nearest: Int32Array;
  /** Its inverse depth, 1 / metre. */
  readonly inverseDepth: Float32Array;
  private vertexCount = 0;

  constructor(private readonly lens: Lens) {
    this.nearest = new Int32Array(lens.width * lens.height);
    this.inverseDepth = new Float32Array(lens.width * lens.height);
  }

  clear(): void {
    this.nearest.fill(-1);
    this.inverseDepth.fill(0);
    this.triangles = 0;
    this.vertexCount = 0;
    this.materials.length = 0;
  }

  /**
   * Draws a mesh.
   *
   * @param view model to view of this frame
   * @param before the same of the frame before
   * @param sun towards the sun, in the model's axes
   * @param up the world's up, in the model's axes
   */
  draw(mesh: Mesh, view: Pose, before: Pose, sun: Direction, up: Direction, body: number): void {
    const first = this.vertexCount;
    this.reserveVertices(first + mesh.vertices + 2 * mesh.indices.length);
    this.transform(mesh, view, before, sun, up);
    const { indices, looks, labels, materials } = mesh;
    for (let t = 0, i = 0; t < looks.length; t++, i += 3) {
      const a = first + indices[i];
      const b = first + indices[i + 1];
      const c = first + indices[i + 2];
      const v = this.vertices;
      const za = v[VERTEX * a + 2];
      const zb = v[VERTEX * b + 2];
      const zc = v[VERTEX * c + 2];
      if (za < NEAR && zb < NEAR && zc < NEAR) continue;
      // The mirror value is below 0 where a face is seen from behind.
      if (!mesh.doubleSided && v[VERTEX * a + 7] < 0 && v[VERTEX * b + 7] < 0 && v[VERTEX * c + 7] < 0)
        continue;
      const material = materials[looks[t]];
      if (za >= NEAR && zb >= NEAR && zc >= NEAR) this.fill(a, b, c, material, labels[t], body);
      else this.clipped(a, b, c, material, labels[t], body);
    }
  }

  private reserveVertices(count: number): void {
    if (VERTEX * count <= this.vertices.length) return;
    const grown = new Float64Array(VERTEX * 2 * count);
    grown.set(this.vertices);
    this.vertices = grown;
  }

  private reserveTriangle(): void {
    if (this.triangles < this.labels.length) return;
    const grow = <T extends Int32Array | Uint8Array>(old: T, grown: T): T => {
      grown.set(old);
      return grown;
    };
    this.corners = grow(this.corners, new Int32Array(2 * this.corners.length));
    this.labels = grow(this.labels, new Uint8Array(2 * this.labels.length));
    this.bodies = grow(this.bodies, new Int32Array(2 * this.bodies.length));
  }

  private transform(mesh: Mesh, m: Pose, p: Pose, sun: Direction, up: Direction): void {
    const { positions, normals, uvs, vertices: count, doubleSided } = mesh;
    const out = this.vertices;
    let o = VERTEX * this.vertexCount;
    for (let i = 0, j = 0; i < 3 * count; i += 3, j += 2, o += VERTEX) {
      const x = positions[i];
      const y = positions[i + 1];
      const z = positions[i + 2];
      const nx = normals[i];
      const ny = normals[i + 1];
      const nz = normals[i + 2];
      const vx = m[0] * x + m[1] * y + m[2] * z + m[3];
      const vy = m[4] * x + m[5] * y + m[6] * z + m[7];
      const vz = m[8] * x + m[9] * y + m[10] * z + m[11];
      out[o] = vx;
      out[o + 1] = vy;
      out[o + 2] = vz;
      out[o + 3] = uvs[j];
      out[o + 4] = uvs[j + 1];
      const towards = -(
        vx * (m[0] * nx + m[1] * ny + m[2] * nz) +
        vy * (m[4] * nx + m[5] * ny + m[6] * nz) +
        vz * (m[8] * nx + m[9] * ny + m[10] * nz)
      );
      let lit = sun[0] * nx + sun[1] * ny + sun[2] * nz;
      if (doubleSided) lit = 0.35 + 0.5 * Math.abs(lit);
      out[o + 5] = lit > 0 ? lit : 0;
      out[o + 6] = 0.72 + 0.28 * (up[0] * nx + up[1] * ny + up[2] * nz);
      const slant = 1 - Math.abs(towards) / Math.sqrt(vx * vx + vy * vy + vz * vz + 1e-9);
      out[o + 7] = towards < 0 ? -1e-3 : 0.25 + 0.75 * slant * slant * slant;
      out[o + 8] = p[0] * x + p[1] * y + p[2] * z + p[3];
      out[o + 9] = p[4] * x + p[5] * y + p[6] * z + p[7];
      out[o + 10] = p[8] * x + p[9] * y + p[10] * z + p[11];
    }
    this.vertexCount += count;
  }

  /** Cuts off what lies before the near plane. */
  private clipped(a: number, b: number, c: number, material: Material, label: number, body: number): void {
    const ring: number[] = [];
    const corners = [a, b, c];
    for (let i = 0; i < 3; i++) {
      const from = corners[i];
      const to = corners[(i + 1) % 3];
      const zf = this.vertices[VERTEX * from + 2];
      const zt = this.vertices[VERTEX * to + 2];
      if (zf >= NEAR) ring.push(from);
      if (zf >= NEAR !== zt >= NEAR) ring.push(this.between(from, to, (NEAR - zf) / (zt - zf)));
    }
    for (let i = 2; i < ring.length; i++) this.fill(ring[0], ring[i - 1], ring[i], material, label, body);
  }

  private between(from: number, to: number, share: number): number {
    const index = this.vertexCount++;
    this.reserveVertices(this.vertexCount);
    const v = this.vertices;
    for (let k = 0; k < VERTEX; k++) {
      const start = v[VERTEX * from + k];
      v[VERTEX * index + k] = start + share * (v[VERTEX * to + k] - start);
    }
    return index;
  }

  private fill(a: number, b: number, c: number, material: Material, label: number, body: number): void {
    const { width, height, focal, centreX, centreY } = this.lens;
    const v = this.vertices;
    const wa = 1 / v[VERTEX * a + 2];
    const wb = 1 / v[VERTEX * b + 2];
    const wc = 1 / v[VERTEX * c + 2];
    const xa = centreX + focal * v[VERTEX * a] * wa;
    const ya = centreY - focal * v[VERTEX * a + 1] * wa;
    const xb = centreX + focal * v[VERTEX * b] * wb;
    const yb = centreY - focal * v[VERTEX * b + 1] * wb;
    const xc = centreX + focal * v[VERTEX * c] * wc;
    const yc = centreY - focal * v[VERTEX * c + 1] * wc;
    const top = Math.max(0, Math.ceil(Math.min(ya, yb, yc)));
    const bottom = Math.min(height - 1, Math.floor(Math.max(ya, yb, yc)));
    if (top > bottom || Math.ceil(Math.min(xa, xb, xc)) > Math.floor(Math.max(xa, xb, xc))) return;
    const double = (xb - xa) * (yc - ya) - (xc - xa) * (yb - ya);
    if (Math.abs(double) < 1e-9) return;
    // Inverse depth is linear on the screen.
    const gx = ((wb - wa) * (yc - ya) - (wc - wa) * (yb - ya)) / double;
    const gy = ((wc - wa) * (xb - xa) - (wb - wa) * (xc - xa)) / double;
    const g0 = wa - gx * xa - gy * ya;
    const { nearest, inverseDepth } = this;
    const id = this.triangles;
    const holes = material.texture.cutout ? this.holes(a, b, c, double, material) : undefined;
    let seen = false;
    for (let row = top; row <= bottom; row++) {
      let left = -1e30;
      let right = 1e30;
      // Each edge that crosses the row bounds it on one side.
      if (ya <= row !== yb <= row) {
        const x = xa + ((row - ya) / (yb - ya)) * (xb - xa);
        left = right = x;
      }
      if (yb <= row !== yc <= row) {
        const x = xb + ((row - yb) / (yc - yb)) * (xc - xb);
        if (left < -1e29) left = right = x;
        else if (x < left) left = x;
        else right = x;
      }
      if (yc <= row !== ya <= row) {
        const x = xc + ((row - yc) / (ya - yc)) * (xa - xc);
        if (x < left) left = x;
        else if (x > right) right = x;
      }
      if (left < -1e29) continue;
      const first = left < 0 ? 0 : Math.ceil(left - 1e-7);
      const last = right > width - 1 ? width - 1 : Math.floor(right + 1e-7);
      let w = g0 + gy * row + gx * first;
      for (let i = row * width + first, end = row * width + last; i <= end; i++, w += gx) {
        if (w > inverseDepth[i] && (holes === undefined || holes.covers(i - row * width, row, w))) {
          inverseDepth[i] = w;
          nearest[i] = id;
          seen = true;
        }
      }
    }
    if (!seen) return;
    this.reserveTriangle();
    this.corners[3 * id] = a;
    this.corners[3 * id + 1] = b;
    this.corners[3 * id + 2] = c;
    this.materials.push(material);
    this.labels[id] = label;
    this.bodies[id] = body;
    this.triangles++;
  }

  private readonly cutout = new Cutout();

  private holes(a: number, b: number, c: number, double: number, material: Material): Cutout {
    this.cutout.prepare(this.vertices, a, b, c, double, material, this.lens);
    return this.cutout;
  }
}
