/** Triangles with their looks, as everything in the street is made of. */

import type { Colour } from './painting.js';
import type { Texture } from './texture.js';

/** Metres; x to the right, y up, z forward. */
export type Point = readonly [x: number, y: number, z: number];

export interface Material {
  readonly texture: Texture;
  /** What the texture's colours are multiplied by. */
  readonly tint: Colour;
  /** Share of the sky that it mirrors when seen straight on. */
  readonly gloss?: number;
  /** Light of its own, so that shade does not darken it: 0..1. */
  readonly glow?: number;
}

export interface Mesh {
  readonly vertices: number;
  /** x, y, z a vertex, relative to the body's origin. */
  readonly positions: Float32Array;
  readonly normals: Float32Array;
  /** Texture coordinates, one repetition a unit. */
  readonly uvs: Float32Array;
  /** Three vertices a triangle. */
  readonly indices: Uint16Array;
  readonly materials: readonly Material[];
  /** Index of `materials` for each triangle. */
  readonly looks: Uint8Array;
  /** Class id of each triangle. */
  readonly labels: Uint8Array;
  /** Both sides of every triangle are seen. */
  readonly doubleSided: boolean;
  readonly castsShadow: boolean;
  /** Middle and radius of a sphere around all vertices. */
  readonly centre: Point;
  readonly radius: number;
}

export interface MeshOptions {
  readonly doubleSided?: boolean;
  readonly castsShadow?: boolean;
}

/** Collects triangles; faces are counter-clockwise when seen from outside. */
export class MeshBuilder {
  private readonly positions: number[] = [];
  private readonly normals: number[] = [];
  private readonly uvs: number[] = [];
  private readonly indices: number[] = [];
  private readonly looks: number[] = [];
  private readonly labels: number[] = [];
  private readonly materials: Material[] = [];

  get vertices(): number {
    return this.positions.length / 3;
  }

  vertex([x, y, z]: Point, [nx, ny, nz]: Point, u: number, v: number): number {
    this.positions.push(x, y, z);
    this.normals.push(nx, ny, nz);
    this.uvs.push(u, v);
    return this.vertices - 1;
  }

  triangle(a: number, b: number, c: number, label: number, material: Material): void {
    let look = this.materials.indexOf(material);
    if (look < 0) look = this.materials.push(material) - 1;
    this.indices.push(a, b, c);
    this.looks.push(look);
    this.labels.push(label);
  }

  /**
   * A flat face of four corners in order around it, its normal from the first three (right-handed with the
   * corners clockwise seen from outside in our left-handed axes); texture from (u0, v0) at `a` to (u1, v1) at `c`.
   */
  quad(
    a: Point,
    b: Point,
    c: Point,
    d: Point,
    label: number,
    material: Material,
    uv: readonly [u0: number, v0: number, u1: number, v1: number] = [0, 0, 1, 1],
    normal: Point = normalOf(a, b, d),
  ): void {
    const [u0, v0, u1, v1] = uv;
    const first = this.vertex(a, normal, u0, v0);
    this.vertex(b, normal, u1, v0);
    this.vertex(c, normal, u1, v1);
    this.vertex(d, normal, u0, v1);
    this.triangle(first, first + 1, first + 2, label, material);
    this.triangle(first, first + 2, first + 3, label, material);
  }

  build({ doubleSided = false, castsShadow = true }: MeshOptions = {}): Mesh {
    const { positions } = this;
    const low = [Infinity, Infinity, Infinity];
    const high = [-Infinity, -Infinity, -Infinity];
    positions.forEach((value, i) => {
      low[i % 3] = Math.min(low[i % 3], value);
      high[i % 3] = Math.max(high[i % 3], value);
    });
    const empty = positions.length === 0;
    const centre: Point = empty
      ? [0, 0, 0]
      : ([0, 1, 2].map((i) => (low[i] + high[i]) / 2) as unknown as Point);
    return {
      vertices: this.vertices,
      positions: Float32Array.from(positions),
      normals: Float32Array.from(this.normals),
      uvs: Float32Array.from(this.uvs),
      indices: Uint16Array.from(this.indices),
      materials: this.materials,
      looks: Uint8Array.from(this.looks),
      labels: Uint8Array.from(this.labels),
      doubleSided,
      castsShadow,
      centre,
      radius: empty ? 0 : Math.hypot(...[0, 1, 2].map((i) => (high[i] - low[i]) / 2)),
    };
  }
}

/** The unit normal of a face whose corner `a` has the neighbours `b` and `d`; towards whom they turn clockwise. */
export function normalOf(a: Point, b: Point, d: Point): Point {
  const [ux, uy, uz] = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
  const [vx, vy, vz] = [d[0] - a[0], d[1] - a[1], d[2] - a[2]];
  const n = [uy * vz - uz * vy, uz * vx - ux * vz, ux * vy - uy * vx];
  const length = Math.hypot(n[0], n[1], n[2]) || 1;
  return [n[0] / length, n[1] / length, n[2] / length];
}
