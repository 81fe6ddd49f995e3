/** A car: three convex solids (body, cabin, the box of its wheels) that rays meet, and the paint on their faces. */
import { CAMVID } from '../classes.js';
import { type Hit, setHit } from './hit.js';
import type { Colour, Figure } from './street.js';

const CAR = CAMVID.classes.indexOf('car');
const TYRE: Colour = [32, 32, 34];
const HUB: Colour = [112, 114, 116];
const GLASS: Colour = [50, 58, 66];

/** Half extents, metres. */
export const CAR_HALF_WIDTH = 0.88;
export const CAR_HALF_LENGTH = 2.1;
const WHEEL = { at: 1.32, radius: 0.32 };

/**
 * A convex solid as half spaces nx · across + ny · up + nz · along ≤ d, four numbers each. Car frame: across to
 * the driver's right, up from the ground, along towards the car's front; a car 1.5 m high.
 */
type Solid = Float64Array;

const BODY: Solid = Float64Array.of(
  ...[1, 0, 0, 0.88, -1, 0, 0, 0.88],
  ...[0, 0, 1, 2.1, 0, 0, -1, 2.1],
  ...[0, 1, 0, 0.92, 0, 1, 0.16, 1.06],
  ...[0, -1, 0, -0.2],
);
const WHEELS: Solid = Float64Array.of(
  ...[1, 0, 0, 0.86, -1, 0, 0, 0.86],
  ...[0, 0, 1, 1.6, 0, 0, -1, 1.6],
  ...[0, 1, 0, 0.4, 0, -1, 0, 0],
);
const ROOF = 1.47;
const cabin = (rear: number, rearSlope: number, front: number): Solid =>
  Float64Array.of(
    ...[1, 0.28, 0, 1.1, -1, 0.28, 0, 1.1],
    ...[0, 1.1, 1, front + 1, 0, rearSlope, -1, rear + 0.9 * rearSlope],
    ...[0, 1, 0, ROOF, 0, -1, 0, -0.9],
  );
/** Hatchback, saloon, estate. */
const CABINS: readonly Solid[] = [cabin(1.98, 0.55, 0.95), cabin(1.35, 1.2, 0.9), cabin(2.05, 0.25, 0.95)];

/** Faces in the order of the half spaces. */
const RIGHT = 0;
const LEFT = 1;
const FRONT = 2;
const REAR = 3;

/** Light on each face. */
const LIGHT = [0.74, 0.96, 0.9, 0.84, 1.18, 1.12, 0.4];

/** A ray in a car's frame: from `origin`, `direction` a metre of depth. */
export interface CarRay {
  /** across, up, along. */
  readonly origin: Float64Array;
  readonly direction: Float64Array;
}

/** What the last `enter` found. */
let face = 0;

/** Depth at which the ray enters the solid, or infinity; the face it enters by goes to `face`. */
function enter(solid: Solid, { origin, direction }: CarRay): number {
  let from = 0;
  let to = Number.POSITIVE_INFINITY;
  let through = -1;
  for (let i = 0; i < solid.length; i += 4) {
    const speed = solid[i] * direction[0] + solid[i + 1] * direction[1] + solid[i + 2] * direction[2];
    const gap = solid[i + 3] - solid[i] * origin[0] - solid[i + 1] * origin[1] - solid[i + 2] * origin[2];
    if (speed > 0) to = Math.min(to, gap / speed);
    else if (speed === 0) {
      if (gap < 0) return Number.POSITIVE_INFINITY;
    } else if (gap / speed > from) {
      from = gap / speed;
      through = i / 4;
    }
    if (from > to) return Number.POSITIVE_INFINITY;
  }
  face = through;
  return through < 0 ? Number.POSITIVE_INFINITY : from;
}

/** Paints what the ray meets of the car; false where it passes. */
export function traceCar(car: Figure, ray: CarRay, hit: Hit): boolean {
  const body = enter(BODY, ray);
  const bodyFace = face;
  const above = enter(CABINS[car.seed % CABINS.length], ray);
  const cabinFace = face;
  if (above < body) return paintCabin(car, ray, above, cabinFace, hit);
  if (body < Number.POSITIVE_INFINITY) return paintBody(car, ray, body, bodyFace, hit);
  const below = enter(WHEELS, ray);
  return below < Number.POSITIVE_INFINITY && paintWheels(ray, below, face, hit);
}

const at = ({ origin, direction }: CarRay, depth: number, axis: number): number =>
  origin[axis] + direction[axis] * depth;

function paint(hit: Hit, depth: number, [r, g, b]: Colour, shade: number): true {
  return setHit(hit, CAR, depth, r * shade, g * shade, b * shade);
}

function paintBody({ colour }: Figure, ray: CarRay, depth: number, side: number, hit: Hit): true {
  const across = Math.abs(at(ray, depth, 0));
  const up = at(ray, depth, 1);
  const along = at(ray, depth, 2);
  const light = LIGHT[side];
  if (side === RIGHT || side === LEFT) {
    if (tyre(along, up)) return paintTyre(hit, depth, along, up);
    const arch = wheelDistance(along, up) < WHEEL.radius + 0.06;
    const seam =
      Math.abs(along - 0.55) < 0.02 || Math.abs(along + 0.55) < 0.02 || Math.abs(up - 0.56) < 0.015;
    const lamp = up > 0.62 && up < 0.82 && (along > 1.9 || along < -1.94);
    if (lamp) return paint(hit, depth, along > 0 ? [222, 220, 206] : [166, 40, 36], 0.9);
    const shade = arch || up < 0.27 ? 0.35 : seam ? 0.7 : 0.78 + 0.32 * up;
    return paint(hit, depth, colour, light * shade);
  }
  if (side === FRONT) {
    if (up > 0.56 && up < 0.74 && across > 0.5 && across < 0.82) return paint(hit, depth, [230, 228, 214], 1);
    if (up > 0.54 && up < 0.72 && across < 0.46) return paint(hit, depth, TYRE, 1.3);
    if (up > 0.34 && up < 0.46 && across < 0.26) return paint(hit, depth, [216, 216, 210], 0.95);
  }
  if (side === REAR) {
    if (up > 0.58 && up < 0.84 && across > 0.6 && across < 0.85) return paint(hit, depth, [172, 38, 34], 1);
    if (up > 0.5 && up < 0.62 && across < 0.26) return paint(hit, depth, [206, 184, 74], 0.95);
    if (Math.abs(up - 0.86) < 0.01) return paint(hit, depth, colour, 0.5);
  }
  const bumper = side <= REAR && up < 0.46 ? (up < 0.28 ? 0.45 : 0.8) : 0.84 + 0.22 * up;
  return paint(hit, depth, colour, light * bumper);
}

function paintCabin({ colour }: Figure, ray: CarRay, depth: number, side: number, hit: Hit): true {
  const across = at(ray, depth, 0);
  const up = at(ray, depth, 1);
  const along = at(ray, depth, 2);
  const narrowing = 0.28 * (up - 0.9);
  const pane = up > 0.95 && up < 1.39;
  if (side === RIGHT || side === LEFT) {
    const pillar = Math.abs(along + 0.5) < 0.06 || along < -1.5 || along > 0.72 - 1.1 * (up - 0.9);
    if (pane && !pillar) return paint(hit, depth, GLASS, 0.85 + 0.5 * (up - 0.9));
  } else if (pane && (side === FRONT || side === REAR) && Math.abs(across) < 0.76 - narrowing) {
    return paint(hit, depth, GLASS, 0.8 + 0.9 * (up - 0.9) + 0.15 * across);
  }
  return paint(hit, depth, colour, LIGHT[side] * (side < 4 ? 1 : 1.04));
}

/** Below the body: tyres, and nothing between them. */
function paintWheels(ray: CarRay, depth: number, side: number, hit: Hit): boolean {
  const across = Math.abs(at(ray, depth, 0));
  const up = at(ray, depth, 1);
  if (side === FRONT || side === REAR) return across > 0.66 && paint(hit, depth, TYRE, 0.9);
  const along = at(ray, depth, 2);
  return side <= LEFT && tyre(along, up) && paintTyre(hit, depth, along, up);
}

const wheelDistance = (along: number, up: number): number =>
  Math.hypot(Math.abs(along) - WHEEL.at, up - WHEEL.radius);
const tyre = (along: number, up: number): boolean => wheelDistance(along, up) < WHEEL.radius;

function paintTyre(hit: Hit, depth: number, along: number, up: number): true {
  return paint(hit, depth, wheelDistance(along, up) < 0.18 ? HUB : TYRE, 1);
}
