/** Builds a block of street and the crossing at its end: everything that stands there and moves there. */
import { type Draw, drawFrom } from './choice.js';
import { crossTraffic } from './cross-traffic.js';
import { layCrossing } from './crossing.js';
import { furnish, park } from './furnish.js';
import { layGround, markLanes } from './ground.js';
import { TREE } from './ids.js';
import { lineSide } from './line-side.js';
import { peopleAlong } from './people-along.js';
import { Plot } from './plot.js';
import { type Block, Centreline, forward } from './route.js';
import { type Character, type Mover, Site, type Still, type TownContext } from './site.js';

export interface BuiltBlock {
  readonly block: Block;
  readonly stills: readonly Still[];
  readonly movers: readonly Mover[];
}

/** Length of the pieces that a street's mesh is cut into, metres. */
const PIECE = 24;
/** Length of streets that the way does not follow. */
const SIDE_STREET = 70;

/** @param arrival about when the camera gets to the block's start, seconds */
export function buildBlock(block: Block, arrival: number, town: TownContext): BuiltBlock {
  const draw = drawFrom(town.seed, 41, block.index);
  const site = new Site(town, arrival);
  const { line } = block;
  baseGround(site, line, block.index);
  buildStreet(site, line, draw, false);
  const end = line.at(line.length);
  layCrossing(site, new Centreline(end, 2 * town.profile.crossing, 0), block, draw);
  for (const arm of block.arms) {
    const middle = forward(end, town.profile.crossing);
    const start = forward({ ...middle, heading: end.heading + (arm * Math.PI) / 2 }, town.profile.crossing);
    buildStreet(site, new Centreline(start, SIDE_STREET, 0), draw, true);
  }
  crossTraffic(site, block, draw);
  return { block, stills: site.stills, movers: site.movers };
}

function buildStreet(site: Site, line: Centreline, draw: Draw, side: boolean): void {
  const { profile, looks } = site.town;
  const character = draw.pick<Character>(['terrace', 'terrace', 'suburb', 'centre', 'park']);
  const style = { dash: draw.pick([2, 3, 4]), gap: draw.pick([2, 4, 6]), kerb: draw.chance(0.4) };
  for (let s = 0; s < line.length; s += PIECE) {
    const plot = new Plot(line, line.at(s));
    const end = Math.min(line.length, s + PIECE);
    for (let p = s; p < end; p += PIECE / 4)
      layGround(plot, p, Math.min(end, p + PIECE / 4), profile, looks, 14);
    markLanes(plot, s, end, profile, looks, style);
    site.plot(plot);
  }
  for (const hand of [-1, 1]) lineSide(site, line, hand, character, draw);
  furnish(site, line, character, draw, side);
  park(site, line, draw);
  peopleAlong(site, line, character, draw, side);
}

/** Grass under everything, for where nothing else lies. */
function baseGround(site: Site, line: Centreline, index: number): void {
  const plot = new Plot(new Centreline({ ...line.at(line.length / 2), heading: 0 }, 1, 0), line.at(0));
  plot.ground(-260, 260, -260, 260, -0.12 - 0.02 * (index % 3), TREE, site.town.looks.grass, 0.25);
  site.plot(plot);
}
