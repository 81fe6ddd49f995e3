/** What lines a street: houses, gardens and gaps, one side at a time. */
import { boundary, railing } from './boundary.js';
import type { Draw } from './choice.js';
import { KERB_HEIGHT } from './ground.js';
import { buildHouse } from './house.js';
import { Plot } from './plot.js';
import type { Centreline } from './route.js';
import type { Character, Site } from './site.js';

/** Houses, gardens and gaps along one side. */
export function lineSide(site: Site, line: Centreline, side: number, character: Character, draw: Draw): void {
  const { profile, looks } = site.town;
  const edge = profile.roadHalf + profile.pavement;
  const styles = [draw.pick(looks.facades), draw.pick(looks.facades), draw.pick(looks.facades)];
  const setback =
    character === 'suburb'
      ? draw.between(3, 7)
      : character === 'terrace' && draw.chance(0.5)
        ? draw.between(1.2, 3)
        : 0;
  let s = 0.5;
  while (s < line.length - 3) {
    const plot = new Plot(line, line.at(s));
    const style = draw.pick(styles);
    const wanted = character === 'centre' ? draw.between(9, 22) : draw.between(5.5, 14);
    const end = Math.min(line.length - 0.5, s + wanted);
    const gap = draw() < (character === 'park' ? 0.75 : character === 'suburb' ? 0.22 : 0.08);
    if (gap) {
      if (draw.chance(0.9)) boundary(plot, s, end, side * (edge - 0.05), looks, draw);
      for (let n = draw.between(1, 4); n > 0; n--) {
        const place = line.at(draw.between(s, end), side * (edge + draw.between(1.5, 9)));
        site.still(site.town.pool.trees.draw(draw), { ...place, heading: draw() * 6.28 }, KERB_HEIGHT - 0.05);
      }
    } else {
      const [least, most] = style.storeys;
      const storeys = least + Math.floor(draw() * (most - least + 1)) + (character === 'centre' ? 1 : 0);
      const apart = character === 'suburb' ? draw.between(0.6, 2.5) : 0;
      const depth = draw.between(7, 11);
      buildHouse(
        plot,
        {
          s0: s + apart,
          s1: Math.max(s + apart + 3, end - apart),
          side,
          front: edge + setback,
          depth,
          style,
          storeys,
        },
        draw,
      );
      if (setback > 0.9) boundary(plot, s, end, side * (edge - 0.05), looks, draw);
      else if (setback === 0 && profile.pavement > 2 && draw.chance(0.06))
        railing(plot, s, end, side * (profile.roadHalf + 0.3), looks);
      if (setback > 2.5 && draw.chance(0.4))
        site.still(
          site.town.pool.trees.draw(draw),
          line.at(draw.between(s, end), side * (edge + setback * 0.4)),
          KERB_HEIGHT - 0.05,
        );
    }
    site.plot(plot);
    s = end;
  }
}

/** A house or a fence where no street goes on. */
export function closeSide(
  site: Site,
  line: Centreline,
  side: number,
  draw: Draw,
  front = site.town.profile.crossing,
): void {
  const { looks } = site.town;
  const plot = new Plot(line, line.at(0));
  const style = draw.pick(looks.facades);
  if (draw.chance(0.7)) {
    buildHouse(
      plot,
      { s0: 0.2, s1: line.length - 0.2, side, front, depth: 9, style, storeys: style.storeys[0] },
      draw,
    );
  } else {
    boundary(plot, 0, line.length, side * (front + 0.02), looks, draw);
    for (let s = 2; s < line.length; s += 4)
      site.still(
        site.town.pool.trees.draw(draw),
        line.at(s, side * (front + draw.between(2, 6))),
        KERB_HEIGHT,
      );
  }
  site.plot(plot);
}
