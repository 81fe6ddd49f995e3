/** Boxes, tubes and balls, as parts of meshes. */
import type { Material, MeshBuilder, Point } from './mesh.js';

/** A box between two corners, its texture repeated `perMetre` times a metre. */
export function box(
  builder: MeshBuilder,
  [x0, y0, z0]: Point,
  [x1, y1, z1]: Point,
  label: number,
  material: Material,
  perMetre = 1,
): void {
  const w = (x1 - x0) * perMetre;
  const h = (y1 - y0) * perMetre;
  const d = (z1 - z0) * perMetre;
  const face = (a: Point, b: Point, c: Point, e: Point, u: number, v: number, normal: Point): void =>
    builder.quad(a, b, c, e, label, material, [0, 0, u, v], normal);
  face([x0, y1, z0], [x1, y1, z0], [x1, y0, z0], [x0, y0, z0], w, h, [0, 0, -1]);
  face([x1, y1, z1], [x0, y1, z1], [x0, y0, z1], [x1, y0, z1], w, h, [0, 0, 1]);
  face([x0, y1, z1], [x0, y1, z0], [x0, y0, z0], [x0, y0, z1], d, h, [-1, 0, 0]);
  face([x1, y1, z0], [x1, y1, z1], [x1, y0, z1], [x1, y0, z0], d, h, [1, 0, 0]);
  face([x0, y1, z1], [x1, y1, z1], [x1, y1, z0], [x0, y1, z0], w, d, [0, 1, 0]);
}

/** A tube from one point to another, its radius changing; rounded by its normals, closed at both ends. */
export function tube(
  builder: MeshBuilder,
  from: Point,
  to: Point,
  radiusFrom: number,
  radiusTo: number,
  sides: number,
  label: number,
  material: Material,
  flat = 1,
): void {
  const axis = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
  const length = Math.hypot(...axis) || 1;
  const [ax, ay, az] = axis.map((value) => value / length);
  // Any direction across the axis.
  const [px, py, pz] = Math.abs(ay) > 0.8 ? [1, 0, 0] : [0, 1, 0];
  const e1 = unit([ay * pz - az * py, az * px - ax * pz, ax * py - ay * px]);
  const e2 = unit([ay * e1[2] - az * e1[1], az * e1[0] - ax * e1[2], ax * e1[1] - ay * e1[0]]);
  let before = -1;
  const ends: number[][] = [[], []];
  for (let side = 0; side <= sides; side++) {
    const angle = (2 * Math.PI * side) / sides;
    const [c, s] = [Math.cos(angle), Math.sin(angle) * flat];
    const n = unit(
      [0, 1, 2].map((k) => e1[k] * Math.cos(angle) * flat + e2[k] * Math.sin(angle)) as unknown as Point,
    );
    const at = (origin: Point, radius: number): Point =>
      [0, 1, 2].map((k) => origin[k] + radius * (e1[k] * c + e2[k] * s)) as unknown as Point;
    const u = (side / sides) * 1;
    const first = builder.vertex(at(from, radiusFrom), n, u, 0);
    builder.vertex(at(to, radiusTo), n, u, length);
    ends[0].push(builder.vertex(at(from, radiusFrom), [-ax, -ay, -az], u, 0));
    ends[1].push(builder.vertex(at(to, radiusTo), [ax, ay, az], u, 0));
    if (before >= 0) {
      builder.triangle(before, before + 1, first + 1, label, material);
      builder.triangle(before, first + 1, first, label, material);
    }
    before = first;
  }
  for (const [end, radius] of [radiusFrom, radiusTo].entries()) {
    if (radius < 0.03) continue;
    for (let side = 1; side < sides - 1; side++)
      builder.triangle(ends[end][0], ends[end][side], ends[end][side + 1], label, material);
  }
}

/** An ellipsoid. */
export function ball(
  builder: MeshBuilder,
  [x, y, z]: Point,
  [rx, ry, rz]: Point,
  sides: number,
  label: number,
  material: Material,
): void {
  const rings = Math.max(3, sides >> 1);
  const rows: number[][] = [];
  for (let ring = 0; ring <= rings; ring++) {
    const polar = (Math.PI * ring) / rings;
    const row: number[] = [];
    for (let side = 0; side <= sides; side++) {
      const angle = (2 * Math.PI * side) / sides;
      const n: Point = [
        Math.sin(polar) * Math.cos(angle),
        Math.cos(polar),
        Math.sin(polar) * Math.sin(angle),
      ];
      row.push(builder.vertex([x + rx * n[0], y + ry * n[1], z + rz * n[2]], n, side / sides, ring / rings));
    }
    rows.push(row);
  }
  for (let ring = 0; ring < rings; ring++) {
    for (let side = 0; side < sides; side++) {
      const [a, b] = [rows[ring][side], rows[ring][side + 1]];
      const [c, d] = [rows[ring + 1][side], rows[ring + 1][side + 1]];
      if (ring > 0) builder.triangle(a, b, d, label, material);
      if (ring < rings - 1) builder.triangle(a, d, c, label, material);
    }
  }
}

function unit([x, y, z]: Point): Point {
  const length = Math.hypot(x, y, z) || 1;
  return [x / length, y / length, z / length];
}
