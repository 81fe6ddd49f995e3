/** The camera's drive: along the left lane, braking before turns, swaying as a car does. */
import { drawFrom } from './choice.js';
import { cameraPose, type Pose } from './pose.js';
import {
  type Block,
  curveBetween,
  forward,
  laneOf,
  type Place,
  type Profile,
  Route,
  type Track,
} from './route.js';

/** Steps of the drive a second, whatever the frame rate. */
const STEPS = 60;
/** Metres a second squared. */
const BRAKE = 2.2;
const ACCELERATE = 1.3;
/** How far ahead the driver sees, metres. */
const SIGHT = 60;

/** Of a camera that hangs over a street: metres above it, share of its half width from the middle, radians. */
const MOUNT = { height: 5, aside: 0.1, turn: -0.06, pitch: -0.16 };

/** A part of the way: along a block, or over the crossing at its end. */
interface Leg {
  readonly start: number;
  /** Metres along the camera's lane. */
  readonly length: number;
  readonly limit: number;
  readonly block: Block;
  /** The parallel line so many metres right of the middle. */
  readonly beside: (aside: number) => Track;
}

export interface CameraState {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly heading: number;
  readonly pose: Pose;
  /** Metres driven. */
  readonly distance: number;
}

export class Drive {
  private readonly route: Route;
  private readonly cruise: number;
  private readonly turning: number;
  private readonly height: number;
  private readonly tilt: number;
  private readonly shake: number;
  private readonly phases: readonly number[];
  private legs: Leg[] = [];
  private ahead: Block;
  private end = 0;
  /** Steps done, and distance and speed then and a step before. */
  private step = 0;
  private readonly origin: number;
  private distance: number;
  private distanceBefore: number;
  private speed: number;

  constructor(
    seed: number,
    private readonly profile: Profile,
  ) {
    const draw = drawFrom(seed, 51);
    this.route = new Route(seed, profile);
    this.cruise = draw.between(4, 11.5);
    this.turning = Math.min(this.cruise, draw.between(3.2, 4.8));
    this.height = draw.between(1.2, 1.65);
    this.tilt = draw.between(-0.03, 0.02);
    this.shake = draw.between(0.3, 1.3);
    this.phases = Array.from({ length: 8 }, () => draw() * 6.28);
    this.ahead = this.route.advance();
    this.extend();
    this.origin = draw.between(2, this.end * 0.7);
    this.distance = this.origin;
    this.distanceBefore = this.origin;
    this.speed = this.cruise * draw.between(0.6, 1);
  }

  /** Blocks within reach of the camera, the farthest last; those it has left behind are forgotten. */
  blocks(): readonly { readonly block: Block; readonly start: number }[] {
    const list: { block: Block; start: number }[] = [];
    for (const { block, start } of this.legs) {
      if (list.length === 0 || list[list.length - 1].block !== block) list.push({ block, start });
    }
    return list;
  }

  /** About when the camera is `distance` metres along its way, seconds after its start. */
  arrival(distance: number): number {
    return (distance - this.origin) / (this.cruise * 0.85);
  }

  /** The camera at `time` seconds; times may not go back by more than a step. */
  at(time: number): CameraState {
    const wanted = time * STEPS;
    while (this.step < wanted) this.advance();
    const share = wanted - (this.step - 1);
    const distance = this.distanceBefore + (this.distance - this.distanceBefore) * share;
    const place = this.place(distance);
    const [p, q] = [this.phases, this.shake];
    const wave = (k: number, rate: number): number => Math.sin(time * rate * 6.28 + p[k]);
    const y = this.height + q * (0.008 * wave(0, 1.7) + 0.004 * wave(1, 5.3));
    const pitch = this.tilt + q * (0.0035 * wave(2, 1.6) + 0.0018 * wave(3, 4.9) + 0.0009 * wave(4, 9.1));
    const roll = q * (0.004 * wave(5, 0.9) + 0.0015 * wave(6, 3.7));
    const heading = place.heading + 0.006 * wave(7, 0.31) + q * 0.0012 * wave(1, 2.3);
    const { x, z } = forward({ ...place, heading: place.heading + Math.PI / 2 }, 0.08 * wave(4, 0.13));
    return { x, y, z, heading, distance, pose: cameraPose(x, y, z, heading, pitch, roll) };
  }

  /** A camera that hangs over the road where the drive is at `time` seconds: it looks along the street, and nothing moves it. */
  mounted(time: number): CameraState {
    const { distance } = this.at(time);
    const { x, z, heading } = this.place(distance, MOUNT.aside * this.profile.roadHalf);
    const towards = heading + MOUNT.turn;
    return {
      ...{ x, y: MOUNT.height, z, heading: towards, distance },
      pose: cameraPose(x, MOUNT.height, z, towards, MOUNT.pitch, 0),
    };
  }

  /** A place on the way, as far along it as the camera's lane is, `aside` metres right of the middle. */
  place(distance: number, aside = -this.profile.lane): Place {
    const { legs } = this;
    const leg = legs.find(({ start, length }) => distance < start + length) ?? legs[legs.length - 1];
    const track = leg.beside(aside);
    return track.at(((distance - leg.start) / leg.length) * track.length);
  }

  private advance(): void {
    this.step++;
    let limit = this.cruise;
    for (const leg of this.legs) {
      const gap = Math.max(0, leg.start - this.distance);
      if (leg.start + leg.length < this.distance) continue;
      limit = Math.min(limit, Math.sqrt(leg.limit ** 2 + 2 * BRAKE * gap));
    }
    const change = limit - this.speed;
    this.speed += Math.max(-1.5 * BRAKE, Math.min(ACCELERATE, change * STEPS)) / STEPS;
    this.distanceBefore = this.distance;
    this.distance += this.speed / STEPS;
    this.extend();
  }

  /** Adds legs ahead and drops those far behind. */
  private extend(): void {
    while (this.end < (this.distance || 0) + 4 * SIGHT) {
      const block = this.ahead;
      this.ahead = this.route.advance();
      const next = this.ahead;
      this.add((aside) => laneOf(block.line, aside), this.cruise, block);
      this.add(
        (aside) => {
          const lane = laneOf(block.line, aside);
          return curveBetween(lane.at(lane.length), laneOf(next.line, aside).at(0));
        },
        block.turn === 0 ? this.cruise : this.turning,
        block,
      );
    }
    while (this.legs.length > 2 && this.legs[1].start + this.legs[1].length < this.distance - SIGHT)
      this.legs.splice(0, 2);
  }

  private add(make: (aside: number) => Track, limit: number, block: Block): void {
    const known = new Map<number, Track>();
    const beside = (aside: number): Track => {
      let track = known.get(aside);
      if (track === undefined) {
        track = make(aside);
        known.set(aside, track);
      }
      return track;
    };
    const { length } = beside(-this.profile.lane);
    this.legs.push({ start: this.end, length, limit, block, beside });
    this.end += length;
  }
}
