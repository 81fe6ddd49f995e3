/** The way through the town: blocks of street, straight or bent, joined at crossings. */
import { type Draw, drawFrom } from './choice.js';

export interface Place {
  readonly x: number;
  readonly z: number;
  /** Radians; 0 along z, positive to the right. */
  readonly heading: number;
}

/** A stretch of street by its middle line. */
export class Centreline {
  constructor(
    readonly start: Place,
    readonly length: number,
    /** Radians a metre, positive to the right. */
    readonly curvature: number,
  ) {}

  /** `along` metres from its start, `aside` metres to the right. */
  at(along: number, aside = 0): Place {
    const { x, z, heading } = this.start;
    const turned = heading + this.curvature * along;
    let [px, pz] = [x + Math.sin(heading) * along, z + Math.cos(heading) * along];
    if (this.curvature !== 0) {
      px = x + (Math.cos(heading) - Math.cos(turned)) / this.curvature;
      pz = z + (Math.sin(turned) - Math.sin(heading)) / this.curvature;
    }
    return { x: px + Math.cos(turned) * aside, z: pz - Math.sin(turned) * aside, heading: turned };
  }
}

/** Widths of a scene's streets, metres. */
export interface Profile {
  readonly roadHalf: number;
  readonly pavement: number;
  /** Where vehicles drive, from the middle line. */
  readonly lane: number;
  /** Whether cars stand at the kerbs. */
  readonly parking: boolean;
  /** Half the side of a crossing's square. */
  readonly crossing: number;
}

/** Arms of a crossing as seen by who arrives: −1 left, 0 ahead, 1 right. */
export type Arm = -1 | 0 | 1;

export interface Block {
  readonly index: number;
  readonly line: Centreline;
  /** Where the way goes at the block's end. */
  readonly turn: Arm;
  /** Other streets that begin there. */
  readonly arms: readonly Arm[];
}

export function drawProfile(seed: number): Profile {
  const draw = drawFrom(seed, 21);
  const parking = draw.chance(0.55);
  const lane = draw.between(1.5, 1.9);
  const roadHalf = lane + 1.3 + (parking ? 2.1 : draw.between(0, 0.7));
  const pavement = draw.between(1.7, 4.2);
  return { roadHalf, pavement, lane, parking, crossing: roadHalf + pavement };
}

/** Blocks one after another; turns alternate, so that the way never meets itself. */
export class Route {
  private next: Place = { x: 0, z: 0, heading: 0 };
  private lastTurn: Arm = 0;
  private count = 0;

  constructor(
    private readonly seed: number,
    private readonly profile: Profile,
  ) {}

  advance(): Block {
    const index = this.count++;
    const draw = drawFrom(this.seed, 22, index);
    const bent = draw.chance(0.45);
    const curvature = bent ? (draw.chance(0.5) ? 1 : -1) / draw.between(90, 300) : 0;
    const length = index === 0 ? draw.between(55, 110) : draw.between(70, 130);
    const line = new Centreline(this.next, length, curvature);
    const turn = this.drawTurn(draw);
    const arms = ([-1, 0, 1] as const).filter((arm) => arm !== turn && draw.chance(arm === 0 ? 0.6 : 0.65));
    const end = line.at(length);
    const middle = forward(end, this.profile.crossing);
    this.next = forward({ ...middle, heading: end.heading + (turn * Math.PI) / 2 }, this.profile.crossing);
    if (turn !== 0) this.lastTurn = turn;
    return { index, line, turn, arms };
  }

  private drawTurn(draw: Draw): Arm {
    if (draw.chance(0.4)) return 0;
    if (this.lastTurn !== 0) return -this.lastTurn as Arm;
    return draw.chance(0.5) ? 1 : -1;
  }
}

export function forward({ x, z, heading }: Place, distance: number): Place {
  return { x: x + Math.sin(heading) * distance, z: z + Math.cos(heading) * distance, heading };
}

/** A line that something drives along: places by distance. */
export interface Track {
  readonly length: number;
  at(distance: number): Place;
}

/** Along a block `aside` metres right of its middle. */
export function laneOf(line: Centreline, aside: number): Track {
  // Off the middle of a bend, a metre of the middle line is more or less than one.
  const stretch = 1 - line.curvature * aside;
  const length = line.length * stretch;
  return { length, at: (distance) => line.at(distance / stretch, aside) };
}

/** A smooth line from one place to another (a cubic in Hermite's form), by its length. */
export function curveBetween(from: Place, to: Place): Track {
  const reach = Math.hypot(to.x - from.x, to.z - from.z);
  const pull = reach * (1 + 0.18 * Math.abs(Math.sin((to.heading - from.heading) / 2)));
  const [ax, az] = [Math.sin(from.heading) * pull, Math.cos(from.heading) * pull];
  const [bx, bz] = [Math.sin(to.heading) * pull, Math.cos(to.heading) * pull];
  const point = (t: number): Place => {
    const [h0, h1, h2, h3] = [
      2 * t ** 3 - 3 * t * t + 1,
      t ** 3 - 2 * t * t + t,
      3 * t * t - 2 * t ** 3,
      t ** 3 - t * t,
    ];
    const [d0, d1, d2, d3] = [6 * t * t - 6 * t, 3 * t * t - 4 * t + 1, 6 * t - 6 * t * t, 3 * t * t - 2 * t];
    const dx = d0 * from.x + d1 * ax + d2 * to.x + d3 * bx;
    const dz = d0 * from.z + d1 * az + d2 * to.z + d3 * bz;
    return {
      x: h0 * from.x + h1 * ax + h2 * to.x + h3 * bx,
      z: h0 * from.z + h1 * az + h2 * to.z + h3 * bz,
      heading: from.heading + wrapped(Math.atan2(dx, dz) - from.heading),
    };
  };
  const STEPS = 48;
  const lengths = new Float64Array(STEPS + 1);
  let last = point(0);
  for (let n = 1; n <= STEPS; n++) {
    const place = point(n / STEPS);
    lengths[n] = lengths[n - 1] + Math.hypot(place.x - last.x, place.z - last.z);
    last = place;
  }
  return {
    length: lengths[STEPS],
    at(distance) {
      if (distance <= 0) return forward(from, distance);
      if (distance >= lengths[STEPS]) return forward(to, distance - lengths[STEPS]);
      let n = 1;
      while (lengths[n] < distance) n++;
      return point((n - 1 + (distance - lengths[n - 1]) / (lengths[n] - lengths[n - 1])) / STEPS);
    },
  };
}

function wrapped(angle: number): number {
  return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
}

/** Tracks one after another; straight on before the first and after the last. */
export function joined(tracks: readonly Track[]): Track {
  const length = tracks.reduce((sum, track) => sum + track.length, 0);
  return {
    length,
    at(distance) {
      if (distance < 0) return forward(tracks[0].at(0), distance);
      let rest = distance;
      for (const track of tracks) {
        if (rest <= track.length) return track.at(rest);
        rest -= track.length;
      }
      return forward(tracks[tracks.length - 1].at(tracks[tracks.length - 1].length), rest);
    },
  };
}

/** The same line the other way. */
export function reversed(track: Track): Track {
  return {
    length: track.length,
    at: (distance) => {
      const { x, z, heading } =
        distance > track.length
          ? forward(track.at(0), track.length - distance)
          : track.at(track.length - distance);
      return { x, z, heading: heading + Math.PI };
    },
  };
}
