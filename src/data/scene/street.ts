/** A random street: what stands along it and what moves in it. Metres; x to the right, z along the street. */
import { type Random, seededRandom } from '../random.js';

export type Colour = readonly [r: number, g: number, b: number];

/** A stretch along one side. */
export interface Frontage {
  /** A garden has a fence and a hedge; a street joins from the side. */
  readonly kind: 'building' | 'garden' | 'street';
  readonly start: number;
  readonly end: number;
  /** Height of the wall at the street; 0 without a building. */
  readonly height: number;
  /** Metres that the roof rises a metre; 0: flat. */
  readonly pitch: number;
  readonly colour: Colour;
  /** Colour of doors and shop fronts. */
  readonly trim: Colour;
  readonly shop: boolean;
  /** Width of a window's bay, metres. */
  readonly bay: number;
  /** Which bay has the door. */
  readonly door: number;
}

export type FigureKind = 'car' | 'pedestrian' | 'bicyclist' | 'tree' | 'lamp' | 'sign';

/** Where something is, and which way it faces: radians, 0 away from the camera, −π/2 to the left. */
export interface Place {
  readonly x: number;
  readonly z: number;
  readonly heading: number;
}

/** Something that stands or moves in the street. */
export interface Figure extends Place {
  readonly kind: FigureKind;
  /** Metres a second. */
  readonly speedX: number;
  readonly speedZ: number;
  /** Where it is after some seconds, for what does not go straight. */
  readonly path?: (time: number) => Place;
  readonly colour: Colour;
  readonly second: Colour;
  readonly height: number;
  readonly phase: number;
  readonly seed: number;
}

export interface Street {
  /** Left and right frontages, in order along the street. */
  readonly sides: readonly [readonly Frontage[], readonly Frontage[]];
  readonly figures: readonly Figure[];
}

/** Distances from the middle of the road, metres. */
export const KERB = 3.9;
export const FENCE = 6.6;
export const FACADE = 7.4;

/** The side streets, one on either side. */
const JUNCTION = { start: 36, end: 43 };
const STREET_BEGINS = -20;

/** Speed of the camera and of the car that it follows, metres a second. */
export const CAMERA_SPEED = 6;

/** A street of `length` metres; a longer one of the same seed begins with the shorter one. */
export function makeStreet(seed: number, length: number): Street {
  const stream = (index: number): Random => seededRandom(seed, 92 + index);
  return {
    sides: [frontages(length, stream(0)), frontages(length, stream(1))],
    figures: [...roadside(length, stream(2)), ...traffic(length, stream(3))],
  };
}

const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)];
const between = (random: Random, low: number, high: number): number => low + (high - low) * random();

const FACADES: readonly Colour[] = [
  [142, 98, 78],
  [168, 148, 122],
  [196, 188, 172],
  [116, 80, 68],
  [150, 146, 140],
  [176, 152, 108],
  [128, 112, 96],
];
const TRIMS: readonly Colour[] = [
  [112, 34, 32],
  [34, 58, 48],
  [40, 48, 84],
  [52, 46, 42],
  [150, 128, 66],
];
const PAINTS: readonly Colour[] = [
  [164, 168, 174],
  [54, 58, 66],
  [124, 32, 32],
  [42, 60, 104],
  [186, 186, 180],
  [50, 76, 62],
  [30, 32, 36],
];
const CLOTHES: readonly Colour[] = [
  [54, 58, 70],
  [120, 60, 52],
  [70, 84, 110],
  [96, 92, 84],
  [150, 140, 120],
  [38, 38, 42],
];

/** Ends lie on half metres, so that a table finds a place's frontage. */
function frontages(length: number, random: Random): Frontage[] {
  const list: Frontage[] = [];
  for (let start = STREET_BEGINS; start < length; ) {
    const junction = start === JUNCTION.start;
    const atCorner = start > JUNCTION.start - 16 && start < JUNCTION.end + 2;
    const garden = random() < 0.25 && !atCorner;
    const wanted = start + Math.round(2 * between(random, 6, 16)) / 2;
    const end = junction
      ? JUNCTION.end
      : start < JUNCTION.start && wanted > JUNCTION.start - 4
        ? JUNCTION.start
        : wanted;
    const kind = junction ? 'street' : garden ? 'garden' : 'building';
    const bays = Math.max(1, Math.round((end - start) / between(random, 2.2, 3.4)));
    const storeys = 2 + Math.floor(2.4 * random());
    list.push({
      kind,
      start,
      end,
      height: kind === 'building' ? 0.7 + 2.9 * storeys : 0,
      pitch: random() < 0.6 ? between(random, 0.6, 0.9) : 0,
      colour: pick(random, FACADES),
      trim: pick(random, TRIMS),
      shop: random() < 0.5,
      bay: (end - start) / bays,
      door: Math.floor(random() * bays),
    });
    start = end;
  }
  return list;
}

type Add = (kind: FigureKind, x: number, z: number, more?: Partial<Figure>) => void;

function adder(list: Figure[], random: Random): Add {
  return (kind, x, z, more = {}) => {
    list.push({
      kind,
      x,
      z,
      heading: 0,
      speedX: 0,
      speedZ: 0,
      colour: pick(random, kind === 'car' ? PAINTS : CLOTHES),
      second: pick(random, CLOTHES),
      height: 1,
      phase: random() * 6.28,
      seed: Math.floor(random() * 1e6),
      ...more,
    });
  };
}

/** What stands and walks along both kerbs, away from the junction. */
function roadside(length: number, random: Random): Figure[] {
  const list: Figure[] = [];
  const add = adder(list, random);
  for (let z = 8; z < length - 60; z += between(random, 9, 15)) {
    const side = random() < 0.5 ? -1 : 1;
    add('lamp', side * (KERB + 0.5), z, { height: between(random, 5.5, 7) });
    if (random() < 0.5) add('sign', -side * (KERB + 0.45), z + 3, { height: between(random, 2.3, 2.8) });
    if (random() < 0.55)
      add('tree', side * (FENCE - between(random, 0.2, 1.2)), z + 5, { height: between(random, 5, 8.5) });
    // Parked cars stand on the right: the camera drives close to the left kerb.
    if (random() < 0.6) {
      const heading = random() < 0.7 ? Math.PI : 0;
      add('car', KERB - 0.75, z + between(random, 2, 6), { heading, height: between(random, 1.4, 1.6) });
    }
    const walking = random() < 0.5 ? 1.3 : -1.3;
    if (random() < 0.6) {
      add('pedestrian', side * between(random, KERB + 0.7, FENCE - 0.5), z + 6, {
        speedZ: walking,
        height: between(random, 1.6, 1.85),
      });
    }
  }
  return list.filter(({ z, speedZ }) => speedZ !== 0 || z < JUNCTION.start - 1 || z > JUNCTION.end + 1);
}

/** A car ahead, one that turns in from the side street, some that come towards us, a cyclist, people who cross. */
function traffic(length: number, random: Random): Figure[] {
  const list: Figure[] = [];
  const add = adder(list, random);
  add('car', -1.8, 15, { speedZ: CAMERA_SPEED, height: 1.5 });
  add('car', 0, 0, { height: 1.48, path: turningCar });
  add('bicyclist', -3.2, 13, { speedZ: 4.5, height: 1.75 });
  add('pedestrian', -4.7, 9, { speedZ: 1.3, height: 1.78 });
  add('pedestrian', -5.3, 30, { speedZ: -1.2, height: 1.66 });
  add('pedestrian', 4.8, 24, { speedZ: -1.3, height: 1.72 });
  add('pedestrian', 0.2, 31, { speedX: 1.4, height: 1.75 });
  add('pedestrian', 6.2, 45, { speedX: -0.9, height: 1.68 });
  for (let z = 27; z < length; z += between(random, 45, 70)) {
    add('car', 1.1, z, { speedZ: -8, heading: Math.PI, height: between(random, 1.4, 1.6) });
  }
  return list;
}

const TURN_RADIUS = 3.9;
const TURN_SPEED = 4;

/** Out of the right side street, a quarter circle to the right, then along our lane. */
function turningCar(time: number): Place {
  const middle = { x: -1.8 + TURN_RADIUS, z: 38 + TURN_RADIUS };
  const straight = 7.4 / TURN_SPEED;
  const angle = ((time - straight) * TURN_SPEED) / TURN_RADIUS;
  if (angle < 0) return { x: middle.x + (straight - time) * TURN_SPEED, z: 38, heading: -Math.PI / 2 };
  const turned = Math.min(angle, Math.PI / 2);
  const after = time - straight - (TURN_RADIUS * Math.PI) / 2 / TURN_SPEED;
  return {
    x: middle.x - TURN_RADIUS * Math.sin(turned),
    z: middle.z - TURN_RADIUS * Math.cos(turned) + Math.max(0, after) * (CAMERA_SPEED + 1),
    heading: turned - Math.PI / 2,
  };
}

/** Finds the frontage at a place along one side. */
export class FrontageTable {
  private readonly indices: Int16Array;

  constructor(readonly frontages: readonly Frontage[]) {
    const end = frontages[frontages.length - 1].end;
    this.indices = new Int16Array(2 * (end - STREET_BEGINS));
    frontages.forEach((frontage, index) => {
      this.indices.fill(index, 2 * (frontage.start - STREET_BEGINS), 2 * (frontage.end - STREET_BEGINS));
    });
  }

  /** Its index; −1 beyond the street's ends. */
  indexAt(z: number): number {
    const i = Math.floor(2 * (z - STREET_BEGINS));
    return i >= 0 && i < this.indices.length ? this.indices[i] : -1;
  }
}
