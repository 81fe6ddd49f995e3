/** Builds a block of street and the crossing at its end: everything that stands there and moves there. */
import { type Draw, drawFrom } from './choice.js';
import { boundary, buildHouse, KERB_HEIGHT, layGround, markLanes, Plot, zebra } from './frontages.js';
import { PAVEMENT, ROAD, TREE } from './ids.js';
import type { Looks } from './looks.js';
import type { Mesh } from './mesh.js';
import type { Figure } from './people.js';
import type { Pool } from './pool.js';
import {
  type Block,
  Centreline,
  curveBetween,
  forward,
  joined,
  laneOf,
  type Place,
  type Profile,
  reversed,
  type Track,
} from './route.js';

/** Something that does not move. */
export interface Still {
  readonly mesh: Mesh;
  readonly place: Place;
  readonly height: number;
  readonly body: number;
}

/** Something that goes along a track at an even speed. */
export interface Mover {
  readonly parts: readonly Mesh[];
  readonly figure?: Figure;
  readonly track: Track;
  /** Metres along the track at time 0, and metres a second. */
  readonly start: number;
  readonly speed: number;
  readonly height: number;
  readonly body: number;
  /** Half its length and width, for the shade under it. */
  readonly foot: readonly [length: number, width: number];
}

export interface BuiltBlock {
  readonly block: Block;
  readonly stills: readonly Still[];
  readonly movers: readonly Mover[];
}

export interface TownContext {
  readonly seed: number;
  readonly profile: Profile;
  readonly looks: Looks;
  readonly pool: Pool;
  /** Gives a number that no other body has. */
  readonly nextBody: () => number;
}

/** Length of the pieces that a street's mesh is cut into, metres. */
const PIECE = 24;
/** Length of streets that the way does not follow. */
const SIDE_STREET = 70;

type Character = 'terrace' | 'suburb' | 'centre' | 'park';

/**
 * @param arrival about when the camera gets to the block's start, seconds: what moves is timed by it
 */
export function buildBlock(block: Block, arrival: number, town: TownContext): BuiltBlock {
  const stills: Still[] = [];
  const movers: Mover[] = [];
  const draw = drawFrom(town.seed, 41, block.index);
  const site = new Site(town, stills, movers, arrival);
  const { line } = block;
  baseGround(site, line, block.index);
  site.street(line, draw, false);
  const end = line.at(line.length);
  const crossing = new Centreline(end, 2 * town.profile.crossing, 0);
  layCrossing(site, crossing, block, draw);
  for (const arm of [...block.arms]) {
    const middle = forward(end, town.profile.crossing);
    const start = forward({ ...middle, heading: end.heading + (arm * Math.PI) / 2 }, town.profile.crossing);
    site.street(new Centreline(start, SIDE_STREET, 0), draw, true);
  }
  traffic(site, block, draw);
  return { block, stills, movers };
}

/** What is being built. */
class Site {
  constructor(
    readonly town: TownContext,
    readonly stills: Still[],
    readonly movers: Mover[],
    readonly arrival: number,
  ) {}

  still(mesh: Mesh, place: Place, height = 0): void {
    this.stills.push({ mesh, place, height, body: this.town.nextBody() });
  }

  plot(plot: Plot): void {
    if (plot.builder.vertices > 0) this.still(plot.builder.build(), { ...plot.origin, heading: 0 });
  }

  street(line: Centreline, draw: Draw, side: boolean): void {
    const { profile, looks } = this.town;
    const character = draw.pick<Character>(['terrace', 'terrace', 'suburb', 'centre', 'park']);
    const style = { dash: draw.pick([2, 3, 4]), gap: draw.pick([2, 4, 6]), kerb: draw.chance(0.4) };
    for (let s = 0; s < line.length; s += PIECE) {
      const plot = new Plot(line, line.at(s));
      const end = Math.min(line.length, s + PIECE);
      for (let p = s; p < end; p += PIECE / 4)
        layGround(plot, p, Math.min(end, p + PIECE / 4), profile, looks, 14);
      markLanes(plot, s, end, profile, looks, style);
      this.plot(plot);
    }
    for (const hand of [-1, 1]) lineSide(this, line, hand, character, draw);
    furnish(this, line, character, draw, side);
    park(this, line, draw);
    people(this, line, character, draw, side);
  }
}

function baseGround(site: Site, line: Centreline, index: number): void {
  const plot = new Plot(new Centreline({ ...line.at(line.length / 2), heading: 0 }, 1, 0), line.at(0));
  plot.ground(-260, 260, -260, 260, -0.12 - 0.02 * (index % 3), TREE, site.town.looks.grass, 0.25);
  site.plot(plot);
}

/** Houses, gardens and gaps along one side. */
function lineSide(site: Site, line: Centreline, side: number, character: Character, draw: Draw): void {
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

function railing(plot: Plot, s0: number, s1: number, aside: number, looks: Looks): void {
  const draw: Draw = Object.assign(() => 0.9, {
    between: (low: number) => low,
    pick: <T>(list: readonly T[]): T => list[0],
    chance: () => false,
  });
  boundary(plot, s0, s1, aside, looks, draw);
}

/** Lamps, trees, signs, lights and posts along the kerbs. */
function furnish(site: Site, line: Centreline, character: Character, draw: Draw, side: boolean): void {
  const { profile, pool } = site.town;
  const { roadHalf, pavement } = profile;
  const kerb = roadHalf + 0.45;
  const stand = (mesh: Mesh, s: number, aside: number, turn: number): void => {
    const place = line.at(s, aside);
    site.still(mesh, { ...place, heading: place.heading + turn }, KERB_HEIGHT - 0.01);
  };
  // Arms reach over the road, faces look at who comes.
  const inwards = (hand: number): number => (hand < 0 ? 0 : Math.PI);
  const spacing = draw.between(14, 30);
  let hand = draw.chance(0.5) ? 1 : -1;
  const lamp = pool.lamps.draw(draw);
  for (let s = draw.between(2, spacing); s < line.length; s += spacing) {
    stand(lamp, s, hand * kerb, inwards(hand));
    hand = -hand;
  }
  const avenue = pavement > 2.2 && draw.chance(character === 'centre' ? 0.35 : 0.5);
  for (const row of [-1, 1]) {
    if (avenue)
      for (let s = draw.between(4, 10); s < line.length - 3; s += draw.between(8, 16))
        stand(pool.trees.draw(draw), s, row * (kerb + 0.3), draw() * 6.28);
    for (let s = draw.between(3, 14); s < line.length; s += draw.between(7, 26)) {
      const facing = row < 0 ? 0 : Math.PI;
      stand(
        pool.signs.draw(draw),
        s,
        row * (kerb - 0.05 + draw.between(0, 0.3)),
        facing + draw.between(-0.15, 0.15) + (draw.chance(0.15) ? Math.PI : 0),
      );
    }
    if (draw.chance(0.3)) {
      const [from, to] = [draw.between(0, line.length * 0.6), draw.between(line.length * 0.3, line.length)];
      const post = pool.posts.draw(draw);
      for (let s = from; s < to; s += 2.2) stand(post, s, row * (roadHalf + 0.35), 0);
    }
  }
  if (side) return;
  if (draw.chance(0.5)) {
    for (const row of [-1, 1])
      stand(pool.trafficLights.draw(draw), line.length - 1, row * kerb, draw.between(-0.2, 0.2));
    if (draw.chance(0.5))
      stand(pool.trafficLights.draw(draw), line.length + 2 * roadHalf + 2, -kerb, draw.between(-0.2, 0.2));
  }
  if (draw.chance(0.35)) {
    const plot = new Plot(line, line.at(line.length));
    zebra(plot, line.length - 4, profile, site.town.looks);
    site.plot(plot);
  }
}

/** Cars at the kerbs. */
function park(site: Site, line: Centreline, draw: Draw): void {
  const { profile, pool } = site.town;
  if (!profile.parking) return;
  for (const hand of [-1, 1]) {
    const density = draw.between(0, 0.9);
    for (let s = draw.between(3, 10); s < line.length - 6; ) {
      const vehicle = pool.vehicles.draw(draw);
      if (draw.chance(density) && vehicle.length < 6.5) {
        const place = line.at(
          s + vehicle.length / 2,
          hand * (profile.roadHalf - 0.15 - vehicle.width / 2 + draw.between(-0.06, 0.06)),
        );
        site.still(vehicle.mesh, {
          ...place,
          heading: place.heading + (draw.chance(hand < 0 ? 0.85 : 0.3) ? 0 : Math.PI),
        });
        s += vehicle.length + draw.between(0.6, 1.6);
      } else s += draw.between(3, 9);
    }
  }
}

/** People on the pavements, some across the road. */
function people(site: Site, line: Centreline, character: Character, draw: Draw, side: boolean): void {
  const { profile } = site.town;
  const count = Math.round(
    (line.length / 100) * (character === 'centre' ? draw.between(8, 24) : draw.between(3, 13)),
  );
  for (let n = 0; n < count; n++) {
    const hand = draw.chance(0.55) ? -1 : 1;
    const aside = hand * (profile.roadHalf + draw.between(0.7, Math.max(0.9, profile.pavement - 0.4)));
    const track = laneOf(line, aside);
    walk(
      site,
      draw.chance(0.5) ? track : reversed(track),
      draw.between(0, track.length),
      draw.chance(0.12) ? 0 : draw.between(0.9, 1.7),
      draw,
    );
    // Some go in twos.
    if (draw.chance(0.3)) {
      const other = laneOf(line, aside + 0.6);
      walk(site, other, draw.between(0, other.length), draw.between(1.1, 1.5), draw);
    }
  }
  if (side) return;
  for (let n = 0; n < 3; n++) {
    if (!draw.chance(0.5)) continue;
    const s = draw.chance(0.5) ? line.length - 2.7 : draw.between(10, line.length);
    const [from, to] = [line.at(s, -profile.crossing), line.at(s + draw.between(-1, 1), profile.crossing)];
    const heading = Math.atan2(to.x - from.x, to.z - from.z);
    const across = new Centreline({ ...from, heading }, 2 * profile.crossing, 0);
    const track = laneOf(across, 0);
    walk(
      site,
      draw.chance(0.5) ? track : reversed(track),
      draw.between(-6, profile.crossing),
      draw.between(1, 1.6),
      draw,
      -0.0,
    );
  }
}

function walk(site: Site, track: Track, at: number, speed: number, draw: Draw, height = KERB_HEIGHT): void {
  const figure = site.town.pool.pedestrians.draw(draw);
  // They are where they were drawn about when the camera is half way there.
  site.movers.push({
    parts: figure.parts,
    figure,
    track,
    start: at - speed * (site.arrival + 3),
    speed,
    height,
    body: site.town.nextBody(),
    foot: [0.3, 0.3],
  });
}

/** Cars and cyclists that drive through the block. */
function traffic(site: Site, { line, turn }: Block, draw: Draw): void {
  const { profile, pool, nextBody } = site.town;
  const drive = (track: Track, at: number, speed: number): void => {
    const vehicle = pool.vehicles.draw(draw);
    site.movers.push({
      parts: [vehicle.mesh],
      track,
      start: at - speed * site.arrival,
      speed,
      height: 0,
      body: nextBody(),
      foot: [vehicle.length / 2, vehicle.width / 2],
    });
  };
  const ride = (track: Track, at: number, speed: number): void => {
    const figure = pool.cyclists.draw(draw);
    site.movers.push({
      parts: figure.parts,
      figure,
      track,
      start: at - speed * site.arrival,
      speed,
      height: 0,
      body: nextBody(),
      foot: [0.8, 0.25],
    });
  };
  const oncoming = reversed(laneOf(line, profile.lane));
  for (let at = -draw.between(0, 40); at > -220; at -= draw.between(14, 70))
    drive(oncoming, at, draw.between(6, 10));
  const edge = profile.parking ? profile.lane + 1.25 : profile.roadHalf - 0.6;
  for (let n = Math.floor(draw() * 3.6); n > 0; n--) {
    if (draw.chance(0.6))
      ride(laneOf(line, -edge), draw.between(6, line.length * 0.8), draw.between(2.6, 4.6));
    else ride(reversed(laneOf(line, edge)), draw.between(-40, line.length * 0.6), draw.between(3, 5.5));
  }
  // From the side street across or into ours.
  const end = line.at(line.length);
  const middle = forward(end, profile.crossing);
  for (const arm of [-1, 1] as const) {
    if (!draw.chance(0.6)) continue;
    const street = { ...middle, heading: end.heading + (arm * Math.PI) / 2 };
    const lane = (distance: number, aside: number, back: boolean): Place => {
      const place = new Centreline(street, 1, 0).at(distance, aside);
      return back ? { ...place, heading: place.heading + Math.PI } : place;
    };
    const inbound = [lane(60, profile.lane, true), lane(profile.crossing, profile.lane, true)];
    const straight = lane(-60, profile.lane, true);
    const ours = { ...line.at(line.length, profile.lane), heading: end.heading + Math.PI };
    const entry = curveBetween(inbound[0], inbound[1]);
    const track = draw.chance(0.5)
      ? joined([entry, curveBetween(inbound[1], ours), reversed(laneOf(line, profile.lane))])
      : joined([entry, curveBetween(inbound[1], straight)]);
    const arrive = line.length / 7;
    drive(
      track,
      draw.between(0, 60) - draw.between(4, 7) * (turn === 0 ? arrive * 0.8 : arrive * 0.6),
      draw.between(4, 6.5),
    );
  }
}

/** The square where streets meet. */
function layCrossing(site: Site, line: Centreline, { turn, arms }: Block, draw: Draw): void {
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

/** A house or a fence where no street goes on. */
function closeSide(
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
