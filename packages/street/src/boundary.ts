/** Walls, railings, planks and hedges along pavements. */
import type { Draw } from './choice.js';
import { KERB_HEIGHT } from './ground.js';
import { FENCE, TREE } from './ids.js';
import type { Looks } from './looks.js';
import type { Plot } from './plot.js';

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

/** Railings at a kerb. */
export function railing(plot: Plot, s0: number, s1: number, aside: number, { fences }: Looks): void {
  for (const towards of [0, 99 * Math.sign(aside)])
    plot.wall(
      [s0, aside],
      [s1, aside],
      KERB_HEIGHT,
      KERB_HEIGHT + 1.05,
      FENCE,
      fences[0],
      [0, 0, Math.round((s1 - s0) / 0.9), 1],
      [s0, towards],
    );
}
