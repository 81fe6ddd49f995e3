/** Parts of cars: the body as rings from rear to front, the cabin with its windows, wheels, lights. */
import type { Draw } from './choice.js';
import { CAR } from './ids.js';
import type { Looks } from './looks.js';
import type { Material, MeshBuilder, Point } from './mesh.js';
import type { Colour } from './painting.js';
import { tube } from './solids.js';

export interface CarShape {
  readonly length: number;
  readonly width: number;
  readonly height: number;
  /** Height of the bonnet's front, and of the windows' lower edge. */
  readonly nose: number;
  readonly belt: number;
  /** Where the cabin begins and ends, below and at the roof, metres from the middle. */
  readonly cabin: readonly [rearLow: number, rearHigh: number, frontHigh: number, frontLow: number];
}

const dark = (looks: Looks, k = 0.12): Material => ({ texture: looks.plain, tint: [k, k, k * 1.04] });
const scale = ([r, g, b]: Colour, k: number): Colour => [r * k, g * k, b * k];

/** What windows are made of. */
export const glass = (looks: Looks): Material => ({
  texture: looks.plain,
  tint: [0.13, 0.15, 0.17],
  gloss: 0.75,
});

/** Rings of the body's right side from the rear to the front, mirrored to the left. */
export function bodyOf(
  b: MeshBuilder,
  { length, width, nose, belt, cabin: [rear, , , front] }: CarShape,
  paint: Material,
  looks: Looks,
): void {
  const w = width / 2;
  const [r, f] = [-length / 2, length / 2];
  const ring = (z: number, k: number, top: number, sill = 0.2): Point[] => [
    [w * k * 0.93, sill, z],
    [w * k, 0.5, z],
    [w * k * 0.985, Math.min(0.72, top - 0.04), z],
    [w * k * 0.93, top, z],
  ];
  const rings = [
    ring(r, 0.86, belt - 0.12, 0.3),
    ring(r + 0.12, 0.96, belt - 0.02),
    ring(Math.min(rear + 0.2, 0), 1, belt),
    ring(Math.max(front - 0.1, 0), 1, belt),
    ring(f - 0.35, 0.97, nose + 0.06),
    ring(f - 0.06, 0.88, nose - 0.08),
    ring(f, 0.8, nose - 0.2, 0.3),
  ];
  const skirt = dark(looks, 0.2);
  for (let i = 0; i + 1 < rings.length; i++) {
    const [from, to] = [rings[i], rings[i + 1]];
    for (const side of [1, -1]) {
      const m = ([x, y, z]: Point): Point => [side * x, y, z];
      for (let k = 0; k < 3; k++) {
        const normal = outward(from[k], to[k], from[k + 1], side);
        b.quad(
          m(from[k + 1]),
          m(to[k + 1]),
          m(to[k]),
          m(from[k]),
          CAR,
          k === 0 ? { ...paint, tint: scale(paint.tint, 0.8) } : paint,
          [0, 0, 1, 1],
          normal,
        );
      }
    }
    const [a, c] = [from[3], to[3]];
    const slope = Math.hypot(c[2] - a[2], c[1] - a[1]) || 1;
    b.quad(
      [-a[0], a[1], a[2]],
      [a[0], a[1], a[2]],
      [c[0], c[1], c[2]],
      [-c[0], c[1], c[2]],
      CAR,
      paint,
      [0, 0, 1, 1],
      [0, (c[2] - a[2]) / slope, -(c[1] - a[1]) / slope],
    );
  }
  for (const [end, normal] of [
    [rings[0], [0, 0, -1]],
    [rings[rings.length - 1], [0, 0, 1]],
  ] as const) {
    for (let k = 0; k < 3; k++) {
      const [low, high] = [end[k], end[k + 1]];
      b.quad(
        [-high[0], high[1], high[2]],
        high,
        low,
        [-low[0], low[1], low[2]],
        CAR,
        k === 0 ? skirt : paint,
        [0, 0, 1, 1],
        normal,
      );
    }
  }
}

/** The normal of a face of the right side, mirrored for the left. */
function outward(a: Point, b: Point, up: Point, side: number): Point {
  const [ux, uy, uz] = [b[0] - a[0], b[1] - a[1], b[2] - a[2]];
  const [vx, vy, vz] = [up[0] - a[0], up[1] - a[1], up[2] - a[2]];
  const n = [vy * uz - vz * uy, vz * ux - vx * uz, vx * uy - vy * ux];
  const length = Math.hypot(n[0], n[1], n[2]) || 1;
  return [(side * n[0]) / length, n[1] / length, n[2] / length];
}

export function cabinOf(
  b: MeshBuilder,
  { width, height, belt, cabin: [rl, rh, fh, fl] }: CarShape,
  paint: Material,
  looks: Looks,
  blind: boolean,
): void {
  const w = width / 2;
  const [lw, hw] = [w * 0.93, w * 0.76];
  const low = belt - 0.02;
  const pane = glass(looks);
  const corner = (t: number, v: number, side: number, out = 0): Point => {
    const x = side * (lw + (hw - lw) * v + out);
    const zr = rl + (rh - rl) * v;
    const zf = fl + (fh - fl) * v;
    return [x, low + (height - low) * v, zr + (zf - zr) * t];
  };
  for (const side of [1, -1]) {
    const normal: Point = [side * 0.94, 0.33, 0];
    const patch = (t0: number, t1: number, v0: number, v1: number, material: Material, out: number): void =>
      b.quad(
        corner(t0, v1, side, out),
        corner(t1, v1, side, out),
        corner(t1, v0, side, out),
        corner(t0, v0, side, out),
        CAR,
        material,
        [0, 0, 1, 1],
        normal,
      );
    patch(0, 1, 0, 1, paint, 0);
    if (!blind) patch(0.05, 0.3, 0.14, 0.86, pane, 0.012);
    if (!blind) patch(0.34, 0.62, 0.1, 0.88, pane, 0.012);
    patch(0.66, 0.95, 0.1, 0.88, pane, 0.012);
  }
  const end = (t: number, towards: number, low0: number, high0: number): void => {
    const [bottom, top] = t === 0 ? [rl, rh] : [fl, fh];
    const slope = Math.hypot(bottom - top, height - low);
    const normal: Point = [0, (towards * (bottom - top)) / slope, (towards * (height - low)) / slope];
    const lift = 0.012 * towards;
    b.quad(
      corner(t, 1, -1),
      corner(t, 1, 1),
      corner(t, 0, 1),
      corner(t, 0, -1),
      CAR,
      paint,
      [0, 0, 1, 1],
      normal,
    );
    const inner = (v: number, side: number): Point => {
      const [x, y, z] = corner(t, v, side);
      return [x - side * 0.07, y, z + lift];
    };
    if (blind && t === 0) return;
    b.quad(
      inner(high0, -1),
      inner(high0, 1),
      inner(low0, 1),
      inner(low0, -1),
      CAR,
      pane,
      [0, 0, 1, 1],
      normal,
    );
  };
  end(0, -1, 0.12, 0.88);
  end(1, 1, 0.06, 0.92);
  b.quad(
    [-hw, height, rh],
    [hw, height, rh],
    [hw, height, fh],
    [-hw, height, fh],
    CAR,
    paint,
    [0, 0, 1, 1],
    [0, 1, 0],
  );
}

export function wheelsOf(
  b: MeshBuilder,
  { length, width }: Pick<CarShape, 'length' | 'width'>,
  looks: Looks,
): void {
  const tyre = dark(looks, 0.13);
  const hub: Material = { texture: looks.plain, tint: [0.5, 0.5, 0.52], gloss: 0.2 };
  const radius = 0.31;
  for (const z of [-length * 0.31, length * 0.32]) {
    for (const side of [1, -1]) {
      const x = (side * width) / 2;
      tube(b, [x - side * 0.24, radius, z], [x - side * 0.01, radius, z], radius, radius, 12, CAR, tyre);
      tube(
        b,
        [x - side * 0.05, radius, z],
        [x + side * 0.004, radius, z],
        radius * 0.62,
        radius * 0.58,
        9,
        CAR,
        hub,
      );
    }
    // Dark under the body.
    b.quad(
      [-width / 2.2, 0.2, z - 0.4],
      [width / 2.2, 0.2, z - 0.4],
      [width / 2.2, 0.2, z + 0.4],
      [-width / 2.2, 0.2, z + 0.4],
      CAR,
      tyre,
      [0, 0, 1, 1],
      [0, -1, 0],
    );
  }
}

export function lightsOf(
  b: MeshBuilder,
  { length, width, nose, belt }: CarShape,
  looks: Looks,
  draw: Draw,
): void {
  const w = width / 2;
  const [r, f] = [-length / 2 - 0.012, length / 2 + 0.012];
  const patch = (x0: number, x1: number, y0: number, y1: number, z: number, tint: Colour, glow = 0): void =>
    b.quad(
      [x0, y1, z],
      [x1, y1, z],
      [x1, y0, z],
      [x0, y0, z],
      CAR,
      { texture: looks.plain, tint, glow, gloss: 0.2 },
      [0, 0, 1, 1],
      [0, 0, Math.sign(z)],
    );
  const braking = draw.chance(0.3) ? 0.6 : 0.1;
  const lit = draw.chance(0.25) ? 0.9 : 0.2;
  for (const side of [1, -1]) {
    const [a, c] = [side * w * 0.5, side * w * 0.82];
    patch(Math.min(a, c), Math.max(a, c), belt - 0.36, belt - 0.15, r, [0.7, 0.1, 0.09], braking);
    const [g, h] = [side * w * 0.44, side * w * 0.76];
    patch(Math.min(g, h), Math.max(g, h), nose - 0.36, nose - 0.22, f, [0.95, 0.94, 0.88], lit);
  }
  patch(-0.26, 0.26, 0.48, 0.6, r, [0.9, 0.76, 0.2], 0.1);
  patch(-0.26, 0.26, 0.34, 0.45, f, [0.92, 0.92, 0.9], 0.1);
  patch(-w * 0.4, w * 0.4, nose - 0.36, nose - 0.24, f, [0.1, 0.1, 0.11]);
}
