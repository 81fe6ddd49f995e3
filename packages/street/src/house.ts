/** Houses: walls with storeys of bays, gables, roofs, chimneys. */
import type { Draw } from './choice.js';
import type { FacadeStyle } from './facades.js';
import { KERB_HEIGHT } from './ground.js';
import { BUILDING } from './ids.js';
import type { Material, Point } from './mesh.js';
import type { Plot } from './plot.js';

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
