/** A random street: what stands along it and what moves in it. Metres; x to the right, z along the street. */
import { type Random, seededRandom } from '../random.js';

export type Colour = readonly [r: number, g: number, b: number];

/** A stretch along one side: a facade, or a gap closed by a fence. */
export interface Frontage {
  readonly start: number;
  readonly end: number;
  /** Metres; 0 for a gap. */
  readonly height: number;
  readonly colour: Colour;
  /** Width of a window's bay, metres. */
  readonly bay: number;
}

export type FigureKind = 'car' | 'pedestrian' | 'bicyclist' | 'tree' | 'lamp' | 'sign';

/** Something that stands or moves in the street and is drawn facing the camera. */
export interface Figure {
  readonly kind: FigureKind;
  readonly x: number;
  readonly z: number;
  /** Metres a second. */
  readonly speedX: number;
  readonly speedZ: number;
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

const LENGTH = 320;

export function makeStreet(seed: number): Street {
  const random = seededRandom(seed, 92);
  return { sides: [frontages(random), frontages(random)], figures: figures(random) };
}

const pick = <T>(random: Random, list: readonly T[]): T => list[Math.floor(random() * list.length)];
const between = (random: Random, low: number, high: number): number => low + (high - low) * random();

const FACADES: readonly Colour[] = [
  [142, 98, 78],
  [160, 140, 118],
  [186, 176, 158],
  [120, 82, 70],
  [150, 146, 140],
  [128, 112, 96],
];
const PAINTS: readonly Colour[] = [
  [170, 172, 176],
  [60, 64, 72],
  [128, 36, 34],
  [44, 62, 104],
  [188, 186, 176],
  [62, 84, 70],
];
const CLOTHES: readonly Colour[] = [
  [54, 58, 70],
  [120, 60, 52],
  [70, 84, 110],
  [96, 92, 84],
  [150, 140, 120],
];

function frontages(random: Random): Frontage[] {
  const list: Frontage[] = [];
  for (let start = -20; start < LENGTH; ) {
    const gap = random() < 0.25;
    const end = start + (gap ? between(random, 6, 16) : between(random, 6, 15));
    const height = gap ? 0 : between(random, 6, 12);
    list.push({ start, end, height, colour: pick(random, FACADES), bay: between(random, 2.2, 3.4) });
    start = end;
  }
  return list;
}

function figures(random: Random): Figure[] {
  const list: Figure[] = [];
  const add = (kind: FigureKind, x: number, z: number, more: Partial<Figure> = {}): void => {
    const moving = kind === 'pedestrian' || kind === 'bicyclist';
    list.push({
      kind,
      x,
      z,
      speedX: 0,
      speedZ: 0,
      colour: pick(random, moving ? CLOTHES : PAINTS),
      second: pick(random, CLOTHES),
      height: 1,
      phase: random() * 6.28,
      seed: Math.floor(random() * 1e6),
      ...more,
    });
  };
  for (let z = 8; z < LENGTH - 60; z += between(random, 9, 16)) {
    const side = random() < 0.5 ? -1 : 1;
    add('lamp', side * (KERB + 0.5), z, { height: between(random, 5.5, 7) });
    if (random() < 0.5) add('sign', -side * (KERB + 0.45), z + 3, { height: between(random, 2.3, 2.8) });
    if (random() < 0.55)
      add('tree', side * (FENCE - between(random, 0.2, 1.2)), z + 5, { height: between(random, 5, 8.5) });
    if (random() < 0.4)
      add('car', side * (KERB - 1), z + between(random, 2, 8), { height: between(random, 1.4, 1.6) });
    const walking = random() < 0.5 ? 1.3 : -1.3;
    if (random() < 0.6) {
      add('pedestrian', side * between(random, KERB + 0.7, FENCE - 0.5), z + 6, {
        speedZ: walking,
        height: between(random, 1.6, 1.85),
      });
    }
  }
  // Traffic: one ahead on our side, some that come towards us, a cyclist, and people who cross.
  add('car', -1.9, 17, { speedZ: 6.5, height: 1.5 });
  for (let z = 40; z < 200; z += between(random, 22, 40))
    add('car', 1.9, z, { speedZ: -8, height: between(random, 1.4, 1.7) });
  add('bicyclist', -3.1, 13, { speedZ: 4.5, height: 1.75 });
  add('pedestrian', -5, 21, { speedX: 1.4, height: 1.75 });
  add('pedestrian', 6, 33, { speedX: -1.2, height: 1.68 });
  return list;
}
