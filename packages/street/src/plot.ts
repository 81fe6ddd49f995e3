/** A piece of a street's mesh, drawn by places along the street and aside of its middle line. */
import { type Material, MeshBuilder, type Point } from './mesh.js';
import type { Centreline, Place } from './route.js';

/** Points along a street, relative to where its mesh stands. */
export class Plot {
  readonly builder = new MeshBuilder();

  constructor(
    readonly line: Centreline,
    readonly origin: Place,
  ) {}

  at(along: number, aside: number, up: number): Point {
    const { x, z } = this.line.at(along, aside);
    return [x - this.origin.x, up, z - this.origin.z];
  }

  /** Horizontal ground between two places along and aside. */
  ground(
    s0: number,
    s1: number,
    a0: number,
    a1: number,
    up: number,
    label: number,
    material: Material,
    perMetre: number,
  ): void {
    const [low, high] = [Math.min(a0, a1), Math.max(a0, a1)];
    this.builder.quad(
      this.at(s1, low, up),
      this.at(s1, high, up),
      this.at(s0, high, up),
      this.at(s0, low, up),
      label,
      material,
      [low * perMetre, s1 * perMetre, high * perMetre, s0 * perMetre],
      [0, 1, 0],
    );
  }

  /** An upright wall from one place to another; its normal points to the side on which (s, a) = `from` → `to` has its left. */
  wall(
    from: readonly [along: number, aside: number],
    to: readonly [along: number, aside: number],
    low: number,
    high: number,
    label: number,
    material: Material,
    uv: readonly [number, number, number, number],
    normalTowards: readonly [along: number, aside: number],
  ): void {
    const [a, b] = [this.at(...from, high), this.at(...to, high)];
    const [c, d] = [this.at(...to, low), this.at(...from, low)];
    const [dx, dz] = [b[0] - a[0], b[2] - a[2]];
    const length = Math.hypot(dx, dz) || 1;
    const aim = this.at(...normalTowards, 0);
    const side = dz * (aim[0] - a[0]) - dx * (aim[2] - a[2]) > 0 ? 1 : -1;
    this.builder.quad(a, b, c, d, label, material, uv, [(side * dz) / length, 0, (-side * dx) / length]);
  }
}
