/** The square where streets meet. */
import type { Draw } from './choice.js';
import { KERB_HEIGHT } from './ground.js';
import { PAVEMENT, ROAD } from './ids.js';
import { closeSide } from './line-side.js';
import { Plot } from './plot.js';
import { type Block, Centreline } from './route.js';
import type { Site } from './site.js';

/** The square where streets meet. */
export function layCrossing(site: Site, line: Centreline, { turn, arms }: Block, draw: Draw): void {
  const { profile, looks } = site.town;
  const { crossing: c, roadHalf: r } = profile;
  const plot = new Plot(line, line.at(0));
  plot.ground(0, 2 * c, -c, c, 0, ROAD, looks.road, 0.22);
  const pave = (s0: number, s1: number, a0: number, a1: number): void => {
    plot.ground(s0, s1, a0, a1, KERB_HEIGHT, PAVEMENT, looks.paving, 0.5);
    const [low, high] = [Math.min(a0, a1), Math.max(a0, a1)];
    const mid: readonly [number, number] = [c, 0];
    for (const s of [s0, s1])
      plot.wall([s, low], [s, high], 0, KERB_HEIGHT, PAVEMENT, looks.kerb, [0, 0, 1, 0.2], mid);
    for (const a of [low, high])
      plot.wall([s0, a], [s1, a], 0, KERB_HEIGHT, PAVEMENT, looks.kerb, [0, 0, 1, 0.2], mid);
  };
  const open = (arm: number): boolean => arm === turn || (arms as readonly number[]).includes(arm);
  for (const hand of [-1, 1]) {
    pave(0, c - r, hand * r, hand * c);
    pave(c + r, 2 * c, hand * r, hand * c);
    if (open(hand)) continue;
    pave(c - r, c + r, hand * r, hand * c);
    closeSide(site, line, hand, draw);
  }
  if (!open(0)) {
    pave(c + r, 2 * c, -r, r);
    const across = new Centreline(
      { ...line.at(2 * c, -c), heading: line.start.heading + Math.PI / 2 },
      2 * c,
      0,
    );
    closeSide(site, across, -1, draw, 0);
  }
  site.plot(plot);
}
