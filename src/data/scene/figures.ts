/** The figures' looks: at a point of a figure's own frame, its label and colour, or nothing. */
import { CAMVID } from '../classes.js';
import type { Colour, Figure, FigureKind } from './street.js';
import type { Noise } from './texture.js';

const id = (name: string): number => CAMVID.classes.indexOf(name);

export interface Paint {
  label: number;
  r: number;
  g: number;
  b: number;
}

/** Half width of each figure's frame, metres. */
export const HALF_WIDTH: Readonly<Record<FigureKind, number>> = {
  car: 0.95,
  pedestrian: 0.5,
  bicyclist: 0.45,
  tree: 2.6,
  lamp: 1.1,
  sign: 0.35,
};

/** Paints the point `across` (metres from the figure's middle) and `up` (metres above the ground); false where it is empty. */
export type Look = (
  figure: Figure,
  across: number,
  up: number,
  time: number,
  noise: Noise,
  paint: Paint,
) => boolean;

export const LOOKS: Readonly<Record<FigureKind, Look>> = { car, pedestrian, bicyclist, tree, lamp, sign };

function put(paint: Paint, label: number, colour: Colour, shade: number): true {
  paint.label = label;
  paint.r = colour[0] * shade;
  paint.g = colour[1] * shade;
  paint.b = colour[2] * shade;
  return true;
}

const CAR = id('car');
const PEDESTRIAN = id('pedestrian');
const BICYCLIST = id('bicyclist');
const TREE = id('tree');
const POLE = id('pole');
const SIGN = id('sign');

const TYRE: Colour = [34, 34, 36];
const GLASS: Colour = [58, 66, 76];
const METAL: Colour = [96, 98, 100];
const SKIN: Colour = [178, 138, 116];
const BARK: Colour = [84, 72, 60];

function car(
  { colour, height, speedZ }: Figure,
  across: number,
  up: number,
  _time: number,
  _noise: Noise,
  paint: Paint,
): boolean {
  const a = Math.abs(across);
  const t = up / height;
  if (t < 0.14) return a > 0.52 && a < 0.86 && put(paint, CAR, TYRE, 1);
  const halfWidth = t < 0.58 ? 0.9 - 0.06 * Math.max(0, 0.25 - t) * 4 : 0.9 - (t - 0.58) * 0.75;
  if (a > halfWidth || t > 1) return false;
  if (t > 0.6 && t < 0.94 && a < halfWidth - 0.09)
    return put(paint, CAR, GLASS, 0.8 + 0.7 * (t - 0.6) + 0.2 * across);
  const comingTowardsUs = speedZ < 0;
  if (t > 0.38 && t < 0.54 && a > 0.58 && a < 0.86) {
    return put(paint, CAR, comingTowardsUs ? [232, 228, 206] : [176, 38, 34], 1);
  }
  if (t > 0.2 && t < 0.32 && a < 0.28)
    return put(paint, CAR, comingTowardsUs ? [218, 218, 210] : [208, 186, 74], 0.95);
  if (comingTowardsUs && t > 0.34 && t < 0.5 && a < 0.5) return put(paint, CAR, TYRE, 1.3);
  return put(paint, CAR, colour, t < 0.24 ? 0.55 : 0.82 + 0.3 * t);
}

function pedestrian(
  figure: Figure,
  across: number,
  up: number,
  time: number,
  _noise: Noise,
  paint: Paint,
): boolean {
  return person(figure, across, up, time * 6 + figure.phase, PEDESTRIAN, paint);
}

/** Head, trunk with swinging arms, and two legs that stride. */
function person(
  { colour, second, height }: Figure,
  across: number,
  up: number,
  stride: number,
  label: number,
  paint: Paint,
): boolean {
  const t = up / height;
  const swing = Math.sin(stride);
  if (t > 0.86) {
    const dx = across / 0.11;
    const dy = (t - 0.93) / 0.07;
    return dx * dx + dy * dy < 1 && put(paint, label, t > 0.95 ? [64, 50, 42] : SKIN, 0.95);
  }
  if (t > 0.47) {
    const halfWidth = 0.2 - 0.05 * Math.abs(t - 0.72);
    if (Math.abs(across) < halfWidth) return put(paint, label, colour, 0.85 + 0.4 * (t - 0.5) + 0.3 * across);
    const arm = 0.24 + 0.06 * swing * Math.sign(across) * (0.86 - t) * 3;
    return Math.abs(Math.abs(across) - arm) < 0.045 && put(paint, label, colour, 0.7);
  }
  const reach = (0.47 - t) * 0.62;
  for (const direction of [1, -1]) {
    const middle = direction * (0.07 + reach * swing * 0.55);
    if (Math.abs(across - middle) < 0.075) return put(paint, label, second, direction === 1 ? 0.9 : 0.7);
  }
  return false;
}

function bicyclist(
  figure: Figure,
  across: number,
  up: number,
  time: number,
  _noise: Noise,
  paint: Paint,
): boolean {
  if (up < 0.68 && Math.abs(across) < 0.04) return put(paint, BICYCLIST, TYRE, 1);
  if (up > 0.9 && up < 0.97 && Math.abs(across) < 0.28) return put(paint, BICYCLIST, METAL, 0.8);
  return up > 0.25 && person(figure, across, up - 0.05, time * 9 + figure.phase, BICYCLIST, paint);
}

function tree(
  { height, seed }: Figure,
  across: number,
  up: number,
  _time: number,
  noise: Noise,
  paint: Paint,
): boolean {
  const crownMiddle = height * 0.66;
  const ragged =
    1 + 0.22 * noise.at(across * 2.2 + seed, up * 2.2) + 0.12 * noise.at(across * 7 + seed, up * 7);
  const dx = across / (height * 0.3 * ragged);
  const dy = (up - crownMiddle) / (height * 0.34 * ragged);
  if (dx * dx + dy * dy < 1) {
    const leaf = noise.detail(across * 5 + seed, up * 5, 0.02);
    return put(paint, TREE, [70, 84, 48], 0.95 + 0.4 * leaf + 0.12 * dy - 0.1 * dx);
  }
  return (
    up < crownMiddle &&
    Math.abs(across) < 0.16 &&
    put(paint, TREE, BARK, 0.9 + 0.3 * noise.at(across * 20, up * 5))
  );
}

function lamp(
  { height, x }: Figure,
  across: number,
  up: number,
  _time: number,
  _noise: Noise,
  paint: Paint,
): boolean {
  const inwards = across * -Math.sign(x);
  const arm = up > height - 0.16 && up < height && inwards > -0.06 && inwards < 1;
  const post = Math.abs(across) < (up < 1 ? 0.1 : 0.07) && up < height;
  return (arm || post) && put(paint, POLE, METAL, arm ? 1.1 : 0.9 + 2 * across);
}

function sign(
  { height, seed }: Figure,
  across: number,
  up: number,
  _time: number,
  _noise: Noise,
  paint: Paint,
): boolean {
  const dy = up - (height - 0.32);
  const round = seed % 2 === 0;
  const inside = round ? across * across + dy * dy < 0.1 : Math.abs(across) < 0.3 && Math.abs(dy) < 0.3;
  if (inside) {
    const rim = round ? across * across + dy * dy > 0.06 : Math.max(Math.abs(across), Math.abs(dy)) > 0.25;
    return put(paint, SIGN, rim ? [168, 40, 38] : round ? [224, 222, 216] : [44, 78, 148], 1);
  }
  return Math.abs(across) < 0.04 && up < height - 0.3 && put(paint, POLE, METAL, 0.9);
}
