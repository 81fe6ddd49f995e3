/** What lines a street: ground, houses, gardens behind fences and hedges. */
import type { Draw } from './choice.js';
import type { FacadeStyle } from './facades.js';
import { BUILDING, FENCE, PAVEMENT, ROAD, TREE } from './ids.js';
import type { Looks } from './looks.js';
import { type Material, MeshBuilder, type Point } from './mesh.js';
import type { Centreline, Place, Profile } from './route.js';

/** Height of the pavement over the road, metres. */
export const KERB_HEIGHT = 0.12;

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

/** Road, kerbs and pavements between two places along. */
export function layGround(
  plot: Plot,
  s0: number,
  s1: number,
  profile: Profile,
  looks: Looks,
  beyond: number,
): void {
  const { roadHalf, pavement } = profile;
  const edge = roadHalf + pavement;
  plot.ground(s0, s1, -roadHalf, roadHalf, 0, ROAD, looks.road, 0.22);
  for (const side of [-1, 1]) {
    plot.wall(
      [s0, side * roadHalf],
      [s1, side * roadHalf],
      0,
      KERB_HEIGHT,
      PAVEMENT,
      looks.kerb,
      [s0, 0, s1, 0.2],
      [s0, 0],
    );
    plot.ground(s0, s1, side * roadHalf, side * (roadHalf + 0.16), KERB_HEIGHT, PAVEMENT, looks.kerb, 1);
    plot.ground(s0, s1, side * (roadHalf + 0.16), side * edge, KERB_HEIGHT, PAVEMENT, looks.paving, 0.5);
    plot.ground(s0, s1, side * edge, side * (edge + beyond), KERB_HEIGHT - 0.01, TREE, looks.grass, 0.5);
  }
}

/** Marks along the road: the middle line and, sometimes, yellow lines at the kerbs. */
export function markLanes(
  plot: Plot,
  s0: number,
  s1: number,
  profile: Profile,
  looks: Looks,
  style: { dash: number; gap: number; kerb: boolean },
): void {
  const lift = 0.006;
  const { dash, gap } = style;
  for (let s = Math.ceil(s0 / (dash + gap)) * (dash + gap); s < s1; s += dash + gap)
    plot.ground(s, Math.min(s1, s + dash), -0.06, 0.06, lift, ROAD, looks.paint, 1);
  if (!style.kerb) return;
  const yellow: Material = { ...looks.paint, tint: [0.95, 0.8, 0.3] };
  for (const side of [-1, 1])
    for (const a of [0.25, 0.45])
      plot.ground(
        s0,
        s1,
        side * (profile.roadHalf - a),
        side * (profile.roadHalf - a - 0.09),
        lift,
        ROAD,
        yellow,
        1,
      );
}

/** Stripes across the road. */
export function zebra(plot: Plot, s: number, profile: Profile, looks: Looks): void {
  for (let a = -profile.roadHalf + 0.3; a < profile.roadHalf - 0.4; a += 1.05)
    plot.ground(s, s + 2.6, a, a + 0.55, 0.007, ROAD, looks.paint, 1);
}

export interface House {
  readonly s0: number;
  readonly s1: number;
  readonly side: number;
  /** Distance of its front from the middle line. */
  readonly front: number;
  readonly depth: number;
  readonly style: FacadeStyle;
  readonly storeys: number;
}

export function buildHouse(
  plot: Plot,
  { s0, s1, side, front, depth, style, storeys }: House,
  draw: Draw,
): void {
  const bays = Math.max(1, Math.round((s1 - s0) / style.bay));
  const repeats = bays / 2;
  const { storey } = style;
  const k = draw.between(0.9, 1.08);
  const own = (material: Material): Material => ({
    ...material,
    tint: [k, k * draw.between(0.97, 1.02), k * draw.between(0.94, 1.02)],
  });
  const [upper, ground, wall] = [own(style.upper), own(style.ground), own(style.wall)];
  const a = side * front;
  const back = side * (front + depth);
  const toStreet: readonly [number, number] = [(s0 + s1) / 2, 0];
  const base = KERB_HEIGHT - 0.02;
  for (let n = 0; n < storeys; n++) {
    const [low, high] = [base + n * storey, base + (n + 1) * storey];
    plot.wall([s0, a], [s1, a], low, high, BUILDING, n === 0 ? ground : upper, [0, 0, repeats, 1], toStreet);
  }
  const top = base + storeys * storey;
  const eaves = top + (style.pitch > 0 ? 0.12 : draw.between(0.4, 1));
  plot.wall([s0, a], [s1, a], top, eaves, BUILDING, wall, [0, 0, repeats, 0.2], toStreet);
  const middle = side * (front + depth / 2);
  for (const [s, away] of [
    [s0, s0 - 50],
    [s1, s1 + 50],
  ] as const) {
    const v = storeys + 0.3;
    plot.wall(
      [s, a],
      [s, back],
      base,
      eaves,
      BUILDING,
      wall,
      [0, 0, depth / (2 * style.bay), v],
      [away, middle],
    );
    if (style.pitch === 0) continue;
    const ridge = eaves + (style.pitch * depth) / 2;
    const b = plot.builder;
    const [p, q, r] = [plot.at(s, a, eaves), plot.at(s, middle, ridge), plot.at(s, back, eaves)];
    const out = plot.at(s + Math.sign(away - s), a, eaves);
    const normal: Point = [out[0] - p[0], 0, out[2] - p[2]];
    const first = b.vertex(p, normal, 0, 1);
    b.vertex(q, normal, depth / (4 * style.bay), 0);
    b.vertex(r, normal, depth / (2 * style.bay), 1);
    b.triangle(first, first + 1, first + 2, BUILDING, wall);
  }
  roof(plot, { s0, s1, a, back, middle, eaves }, style, draw);
}

function roof(
  plot: Plot,
  {
    s0,
    s1,
    a,
    back,
    middle,
    eaves,
  }: { s0: number; s1: number; a: number; back: number; middle: number; eaves: number },
  style: FacadeStyle,
  draw: Draw,
): void {
  const b = plot.builder;
  const wide = (s1 - s0) / 4;
  if (style.pitch === 0) {
    b.quad(
      plot.at(s0, a, eaves),
      plot.at(s1, a, eaves),
      plot.at(s1, back, eaves),
      plot.at(s0, back, eaves),
      BUILDING,
      style.roof,
      [0, 0, wide, 3],
      [0, 1, 0],
    );
    return;
  }
  const half = Math.abs(back - a) / 2;
  const ridge = eaves + style.pitch * half;
  for (const foot of [a, back]) {
    const over = foot + Math.sign(foot - middle) * 0.3;
    const low = eaves - 0.3 * style.pitch;
    const [p, q] = [plot.at(s0, over, low), plot.at(s0, middle, ridge)];
    const [dx, dz] = [p[0] - q[0], p[2] - q[2]];
    const flat = Math.hypot(dx, dz);
    const slope = Math.hypot(1, style.pitch);
    const normal: Point = [
      ((dx / flat) * style.pitch) / slope,
      1 / slope,
      ((dz / flat) * style.pitch) / slope,
    ];
    b.quad(
      q,
      plot.at(s1, middle, ridge),
      plot.at(s1, over, low),
      p,
      BUILDING,
      style.roof,
      [0, 0, wide, half / 2.5],
      normal,
    );
  }
  if (draw.chance(0.6)) {
    const s = draw.between(s0 + 0.8, s1 - 0.8);
    const [low, high] = [ridge - 0.6, ridge + draw.between(0.7, 1.3)];
    const corners = [
      [s - 0.4, middle - 0.4],
      [s + 0.4, middle - 0.4],
      [s + 0.4, middle + 0.4],
      [s - 0.4, middle + 0.4],
    ] as const;
    corners.forEach((from, n) => {
      const to = corners[(n + 1) % 4];
      const away = [
        2 * ((from[0] + to[0]) / 2 - s) + s,
        2 * ((from[1] + to[1]) / 2 - middle) + middle,
      ] as const;
      plot.wall(from, to, low, high, BUILDING, style.wall, [0, 0, 0.15, 0.5], away);
    });
  }
}

/** A wall, railings, planks or a hedge along the pavement's edge. */
export function boundary(plot: Plot, s0: number, s1: number, aside: number, looks: Looks, draw: Draw): void {
  const kind = draw();
  const height = draw.between(0.8, kind < 0.25 ? 2 : 1.5);
  const base = KERB_HEIGHT - 0.02;
  if (kind < 0.25) {
    // A hedge is a box of leaves.
    const b = plot.builder;
    const inner = aside + Math.sign(aside) * 0.6;
    const uv = [0, 0, (s1 - s0) / 1.4, height / 1.4] as const;
    plot.wall([s0, aside], [s1, aside], base, base + height, TREE, looks.hedge, uv, [s0, 0]);
    for (const [s, away] of [
      [s0, s0 - 9],
      [s1, s1 + 9],
    ] as const)
      plot.wall(
        [s, aside],
        [s, inner],
        base,
        base + height,
        TREE,
        looks.hedge,
        [0, 0, 0.4, height / 1.4],
        [away, aside],
      );
    b.quad(
      plot.at(s0, aside, base + height),
      plot.at(s1, aside, base + height),
      plot.at(s1, inner, base + height),
      plot.at(s0, inner, base + height),
      TREE,
      looks.hedge,
      [0, 0, (s1 - s0) / 1.4, 0.4],
      [0, 1, 0],
    );
    return;
  }
  const low = kind < 0.6 ? draw.between(0.2, 0.6) : 0;
  const material = kind < 0.42 ? looks.brick : draw.pick(looks.fences);
  if (material === looks.brick) {
    for (const [a, towards] of [
      [aside, 0],
      [aside + Math.sign(aside) * 0.2, 99 * Math.sign(aside)],
    ] as const)
      plot.wall(
        [s0, a],
        [s1, a],
        base,
        base + height,
        FENCE,
        material,
        [0, 0, (s1 - s0) / 1.8, height / 1.5],
        [s0, towards],
      );
    plot.ground(s0, s1, aside, aside + Math.sign(aside) * 0.2, base + height, FENCE, looks.kerb, 1);
    return;
  }
  if (low > 0)
    plot.wall(
      [s0, aside],
      [s1, aside],
      base,
      base + low,
      FENCE,
      looks.brick,
      [0, 0, (s1 - s0) / 1.8, low / 1.5],
      [s0, 0],
    );
  const high = Math.max(height, low + 0.5);
  for (const towards of [0, 99 * Math.sign(aside)])
    plot.wall(
      [s0, aside],
      [s1, aside],
      base + low,
      base + high,
      FENCE,
      material,
      [0, 0, Math.round((s1 - s0) / 0.9), 1],
      [s0, towards],
    );
}
