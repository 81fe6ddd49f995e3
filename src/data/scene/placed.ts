/** Draws one figure, where it is, over the street: cars ray by ray, all else facing the camera. */
import type { Camera } from './camera.js';
import { CAR_HALF_LENGTH, CAR_HALF_WIDTH, type CarRay, traceCar } from './car.js';
import { type FlatKind, HALF_WIDTH, LOOKS } from './figures.js';
import type { Film } from './film.js';
import type { Shadow } from './ground.js';
import { setHit } from './hit.js';
import type { Figure } from './street.js';
import type { Noise } from './texture.js';

/** Nothing nearer to the camera is drawn, metres. */
const NEAR = 0.6;
const CAR_HEIGHT = 1.5;

export function drawFigure(figure: Figure, camera: Camera, noise: Noise, film: Film): void {
  if (figure.kind === 'car') drawCar(figure, camera, film);
  else drawFlat(figure, figure.kind, camera, noise, film);
}

/** The shadow of what is low and wide enough to have one below it. */
export function shadowOf({ kind, x, z, heading }: Figure): Shadow | undefined {
  if (kind === 'car') return { x, z, heading, halfWidth: 1.12, halfLength: 2.4 };
  if (kind === 'pedestrian' || kind === 'bicyclist')
    return { x, z, heading, halfWidth: 0.36, halfLength: 0.5 };
  return undefined;
}

function drawFlat(figure: Figure, kind: FlatKind, camera: Camera, noise: Noise, film: Film): void {
  const { view, width, height } = camera;
  const depth = figure.z - view.z;
  if (depth < 2 * NEAR) return;
  const scale = camera.focal / depth;
  const middle = camera.centre + (figure.x - view.x) * scale;
  const ground = camera.horizon + view.height * scale;
  const halfWidth = HALF_WIDTH[kind] * scale;
  const left = Math.max(0, Math.floor(middle - halfWidth));
  const right = Math.min(width - 1, Math.ceil(middle + halfWidth));
  const top = Math.max(0, Math.floor(ground - figure.height * 1.1 * scale));
  const bottom = Math.min(height - 1, Math.floor(ground - 0.5));
  const look = LOOKS[kind];
  const paint = { label: 0, r: 0, g: 0, b: 0 };
  for (let row = top; row <= bottom; row++) {
    const up = (ground - row - 0.5) / scale;
    for (let column = left, i = row * width + left; column <= right; column++, i++) {
      if (!film.sees(i, depth)) continue;
      if (!look(figure, (column + 0.5 - middle) / scale, up, view.time, noise, paint)) continue;
      setHit(film.hit, paint.label, depth, paint.r, paint.g, paint.b);
      film.expose(i);
    }
  }
}

function drawCar(car: Figure, camera: Camera, film: Film): void {
  const box = carBox(car, camera);
  if (!box) return;
  const { view } = camera;
  const sin = Math.sin(car.heading);
  const cos = Math.cos(car.heading);
  const stretch = CAR_HEIGHT / car.height;
  const dx = view.x - car.x;
  const dz = view.z - car.z;
  const ray: CarRay = {
    origin: Float64Array.of(dx * cos - dz * sin, view.height * stretch, dx * sin + dz * cos),
    direction: new Float64Array(3),
  };
  for (let row = box.top; row <= box.bottom; row++) {
    ray.direction[1] = -camera.down(row) * stretch;
    for (let column = box.left; column <= box.right; column++) {
      const across = camera.across(column);
      ray.direction[0] = across * cos - sin;
      ray.direction[2] = across * sin + cos;
      if (traceCar(car, ray, film.hit)) film.expose(row * camera.width + column);
    }
  }
}

/** The pixels that a car may cover; nothing where it is beside or behind the camera. */
function carBox(
  { x, z, heading, height }: Figure,
  { view, focal, centre, horizon, width, height: rows }: Camera,
): { left: number; right: number; top: number; bottom: number } | undefined {
  const box = { left: width, right: -1, top: rows, bottom: -1 };
  const sin = Math.sin(heading);
  const cos = Math.cos(heading);
  let ahead = false;
  for (const along of [-CAR_HALF_LENGTH, CAR_HALF_LENGTH]) {
    for (const across of [-CAR_HALF_WIDTH, CAR_HALF_WIDTH]) {
      const depth = z + along * cos - across * sin - view.z;
      ahead ||= depth > NEAR;
      const scale = focal / Math.max(depth, NEAR);
      const column = centre + (x + across * cos + along * sin - view.x) * scale;
      box.left = Math.min(box.left, column);
      box.right = Math.max(box.right, column);
      box.top = Math.min(box.top, horizon + (view.height - height) * scale);
      box.bottom = Math.max(box.bottom, horizon + view.height * scale);
    }
  }
  if (!ahead) return undefined;
  return {
    left: Math.max(0, Math.floor(box.left)),
    right: Math.min(width - 1, Math.ceil(box.right)),
    top: Math.max(0, Math.floor(box.top)),
    bottom: Math.min(rows - 1, Math.ceil(box.bottom)),
  };
}
