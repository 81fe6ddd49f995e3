/** What stands along the kerbs: lamps, trees, signs, lights, posts, parked cars. */
import type { Draw } from './choice.js';
import { KERB_HEIGHT, zebra } from './ground.js';
import type { Mesh } from './mesh.js';
import { Plot } from './plot.js';
import type { Centreline } from './route.js';
import type { Character, Site } from './site.js';

/** Lamps, trees, signs, lights and posts along the kerbs. */
export function furnish(site: Site, line: Centreline, character: Character, draw: Draw, side: boolean): void {
  const { profile, pool } = site.town;
  const { roadHalf, pavement } = profile;
  const kerb = roadHalf + 0.45;
  const stand = (mesh: Mesh, s: number, aside: number, turn: number): void => {
    const place = line.at(s, aside);
    site.still(mesh, { ...place, heading: place.heading + turn }, KERB_HEIGHT - 0.01);
  };
  // Arms reach over the road, faces look at who comes.
  const inwards = (hand: number): number => (hand < 0 ? 0 : Math.PI);
  const spacing = draw.between(9, 24);
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
    for (let s = draw.between(3, 14); s < line.length; s += draw.between(5, 17)) {
      const facing = row < 0 ? 0 : Math.PI;
      stand(
        pool.signs.draw(draw),
        s,
        row * (kerb - 0.05 + draw.between(0, 0.3)),
        facing + draw.between(-0.15, 0.15) + (draw.chance(0.15) ? Math.PI : 0),
      );
    }
    if (draw.chance(0.45)) {
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
export function park(site: Site, line: Centreline, draw: Draw): void {
  const { profile, pool } = site.town;
  if (!profile.parking) return;
  for (const hand of [-1, 1]) {
    const density = draw.between(0.05, 0.85);
    for (let s = draw.between(3, 10); s < line.length - 6; ) {
      const vehicle = pool.vehicles.draw(draw);
      if (draw.chance(density) && vehicle.length < 6.5) {
        const place = line.at(
          s + vehicle.length / 2,
          hand * (profile.roadHalf - 0.15 - vehicle.width / 2 + draw.between(-0.06, 0.06)),
        );
        site.still(
          vehicle.mesh,
          {
            ...place,
            heading: place.heading + (draw.chance(hand < 0 ? 0.85 : 0.3) ? 0 : Math.PI),
          },
          0,
          [vehicle.length / 2, vehicle.width / 2],
        );
        s += vehicle.length + draw.between(0.6, 1.6);
      } else s += draw.between(3, 9);
    }
  }
}
