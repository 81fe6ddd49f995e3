/** Roads, kerbs, pavements and what is painted on roads. */
import { PAVEMENT, ROAD, TREE } from './ids.js';
import type { Looks } from './looks.js';
import type { Material } from './mesh.js';
import type { Plot } from './plot.js';
import type { Profile } from './route.js';

/** Height of the pavement over the road, metres. */
export const KERB_HEIGHT = 0.12;

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
