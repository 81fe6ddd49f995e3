/**
 * Who else uses the camera's way: cars ahead, cars and cyclists that come towards it, cyclists that it overtakes.
 * Streams without end and without memory: a member's place follows from its number and the time.
 */

import type { Figure } from './body-parts.js';
import { type Draw, drawFrom } from './choice.js';
import type { Drive } from './drive.js';
import type { Mesh } from './mesh.js';
import { type Pose, placed, times } from './pose.js';
import type { TownContext } from './site.js';

/** Something that moves. */
export interface Actor {
  readonly parts: readonly Mesh[];
  readonly body: number;
  /** Half its length and width, for the shade under it. */
  readonly foot: readonly [length: number, width: number];
  /** Undefined where it is not there. */
  readonly at: (time: number, cameraDistance: number) => Stance | undefined;
}

/** Where it stands and how: the first pose is its place on the ground, then one for each part. */
export interface Stance {
  readonly x: number;
  readonly z: number;
  readonly ground: Pose;
  readonly parts: readonly Pose[];
}

export function stance(
  { x, z, heading }: { x: number; z: number; heading: number },
  height: number,
  figure: Figure | undefined,
  distance: number,
  time: number,
): Stance {
  const ground = placed(x, height, z, heading);
  const parts = figure ? figure.pose(distance, time).map((pose) => times(ground, pose)) : [ground];
  return { x, z, ground, parts };
}

interface Stream {
  readonly kind: 'car' | 'cyclist';
  /** Metres a second along the way; negative for those who come towards the camera. */
  readonly speed: number;
  readonly aside: number;
  readonly spacing: number;
  /** Share of the places in the stream that are taken. */
  readonly density: number;
}

/** Metres behind and ahead of the camera. */
const BEHIND = 18;
const AHEAD = 190;
/** Keeps numbers of members above 0, and their bodies' numbers apart from those of blocks. */
const OFFSET = 1 << 20;

export class WayTraffic {
  private readonly streams: readonly Stream[];
  private readonly leaders: readonly Actor[];

  constructor(
    private readonly town: TownContext,
    private readonly drive: Drive,
  ) {
    const draw = drawFrom(town.seed, 64);
    const { lane, roadHalf, parking } = town.profile;
    const edge = parking ? lane + 1.15 : roadHalf - 0.55;
    const busy = draw.between(0.1, 0.9);
    this.streams = [
      { kind: 'car', speed: -draw.between(5, 10), aside: lane, spacing: draw.between(18, 40), density: busy },
      {
        kind: 'cyclist',
        speed: draw.between(2.4, 3.6),
        aside: -edge,
        spacing: draw.between(14, 34),
        density: draw.between(0.1, 0.75),
      },
      {
        kind: 'cyclist',
        speed: -draw.between(3, 5),
        aside: edge,
        spacing: draw.between(16, 40),
        density: draw.between(0.1, 0.6),
      },
    ];
    this.leaders = drawLeaders(draw, town, drive);
  }

  /** Who is near the camera, who has driven `distance` metres by `time`. */
  *actors(distance: number, time: number): Generator<Actor> {
    yield* this.leaders;
    for (const [index, stream] of this.streams.entries()) {
      const { speed, spacing } = stream;
      const first = Math.ceil((distance - BEHIND - speed * time) / spacing);
      const last = Math.floor((distance + AHEAD - speed * time) / spacing);
      for (let n = first; n <= last; n++) {
        const actor = this.member(stream, index, n);
        if (actor) yield actor;
      }
    }
  }

  private member(
    { kind, speed, aside, spacing, density }: Stream,
    index: number,
    n: number,
  ): Actor | undefined {
    const { pool, seed } = this.town;
    const draw = drawFrom(seed, 65, index, n + OFFSET);
    if (!draw.chance(density)) return undefined;
    const body = -(1 + index + this.streams.length * (n + OFFSET));
    const at = n * spacing + draw.between(0, spacing - 12);
    const sideways = aside + (kind === 'cyclist' ? draw.pick([-0.25, 0, 0.25]) : 0);
    const vehicle = kind === 'car' ? pool.vehicles.draw(draw) : undefined;
    const figure = kind === 'cyclist' ? pool.cyclists.draw(draw) : undefined;
    return {
      parts: vehicle ? [vehicle.mesh] : (figure?.parts ?? []),
      body,
      foot: vehicle ? [vehicle.length / 2, vehicle.width / 2] : [0.8, 0.22],
      at: (time) => {
        const place = this.drive.place(at + speed * time, sideways);
        const heading = place.heading + (speed < 0 ? Math.PI : 0);
        return stance({ ...place, heading }, 0, figure, Math.abs(speed) * time, time);
      },
    };
  }
}

/** Cars before the camera, at gaps that breathe. */
function drawLeaders(draw: Draw, { pool, nextBody }: TownContext, drive: Drive): Actor[] {
  const leaders: Actor[] = [];
  let gap = draw.between(8, 32);
  for (let n = draw.chance(0.55) ? (draw.chance(0.4) ? 2 : 1) : 0; n > 0; n--) {
    const vehicle = pool.vehicles.draw(draw);
    const [own, phase] = [gap + vehicle.length / 2, draw() * 6.28];
    leaders.push({
      parts: [vehicle.mesh],
      body: nextBody(),
      foot: [vehicle.length / 2, vehicle.width / 2],
      at: (time, distance) =>
        stance(
          drive.place(distance + own * (1 + 0.15 * Math.sin(distance / 31 + phase))),
          0,
          undefined,
          0,
          time,
        ),
    });
    gap += vehicle.length * 1.4 + draw.between(8, 18);
  }
  return leaders;
}
