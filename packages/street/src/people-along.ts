/** People on the pavements of a street, and some who cross it. */
import type { Draw } from './choice.js';
import { KERB_HEIGHT } from './ground.js';
import { Centreline, laneOf, reversed, type Track } from './route.js';
import type { Character, Site } from './site.js';

/** People on the pavements, some across the road. */
export function peopleAlong(
  site: Site,
  line: Centreline,
  character: Character,
  draw: Draw,
  side: boolean,
): void {
  const { profile } = site.town;
  const count = Math.round(
    (line.length / 100) * (character === 'centre' ? draw.between(24, 60) : draw.between(10, 34)),
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
  for (let n = 0; n < 5; n++) {
    if (!draw.chance(0.6)) continue;
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
