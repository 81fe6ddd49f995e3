/** Cars that come out of the streets beside the way: across it, or turning into it. */
import type { Draw } from './choice.js';
import {
  type Block,
  Centreline,
  curveBetween,
  forward,
  joined,
  laneOf,
  type Place,
  reversed,
  type Track,
} from './route.js';
import type { Site } from './site.js';

/** From the streets that the way does not follow. */
export function crossTraffic(site: Site, { line, arms }: Block, draw: Draw): void {
  const { profile, pool, nextBody } = site.town;
  const end = line.at(line.length);
  const middle = forward(end, profile.crossing);
  for (const arm of [-1, 1] as const) {
    if (!arms.includes(arm) || !draw.chance(0.65)) continue;
    const street = new Centreline({ ...middle, heading: end.heading + (arm * Math.PI) / 2 }, 1, 0);
    const inbound = (distance: number): Place => {
      const place = street.at(distance, profile.lane);
      return { ...place, heading: place.heading + Math.PI };
    };
    const mouth = inbound(profile.crossing);
    const entry = curveBetween(inbound(68), mouth);
    const ours = { ...line.at(line.length, profile.lane), heading: end.heading + Math.PI };
    const onward: Track[] =
      arms.includes(-arm as -1 | 1) && draw.chance(0.5)
        ? [curveBetween(mouth, inbound(-68))]
        : [curveBetween(mouth, ours), reversed(laneOf(line, profile.lane))];
    const vehicle = pool.vehicles.draw(draw);
    const speed = draw.between(4, 6.5);
    const track = joined([entry, ...onward]);
    // At the mouth when the camera is somewhere along the block.
    const start = entry.length - speed * (site.arrival + draw.between(0, line.length / 7));
    site.movers.push({
      parts: [vehicle.mesh],
      track,
      start,
      speed,
      height: 0,
      body: nextBody(),
      foot: [vehicle.length / 2, vehicle.width / 2],
    });
  }
}
