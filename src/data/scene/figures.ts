/** The looks of what is drawn facing the camera: at a point of a figure's own frame, its label and colour, or nothing. */
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

/** All but cars, which are solid. */
export type FlatKind = Exclude<FigureKind, 'car'>;

/** Half width of each figure's frame, metres. */
export const HALF_WIDTH: Readonly<Record<FlatKind, number>> = {
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

export const LOOKS: Readonly<Record<FlatKind, Look>> = { pedestrian, bicyclist, tree, lamp, sign };

function put(paint: Paint, label: number, colour: Colour, shade: number): true {
  paint.label = label;
  paint.r = colour[0] * shade;
  paint.g = colour[1] * shade;
  paint.b = colour[2] * shade;
  return true;
}

const PEDESTRIAN = id('pedestrian');
const BICYCLIST = id('bicyclist');
const TREE = id('tree');
const POLE = id('pole');
const SIGN = id('sign');

const TYRE: Colour = [34, 34, 36];
const METAL: Colour = [96, 98, 100];
const SKIN: Colour = [178, 138, 116];
const BARK: Colour = [84, 72, 60];
const LEAF: Colour = [66, 80, 46];

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
  { colour, second, height, seed }: Figure,
  across: number,
  up: number,
  stride: number,
  label: number,
  paint: Paint,
): boolean {
  const t = up / height;
  const swing = Math.sin(stride);
  if (t > 0.845) {
    const dx = across / 0.095;
    const dy = (t - 0.925) / 0.072;
    if (dx * dx + dy * dy < 1) {
      return put(paint, label, t > 0.955 - 0.06 * (seed % 2) ? [58, 46, 38] : SKIN, 0.95 + across);
    }
    return Math.abs(across) < 0.05 && t < 0.88 && put(paint, label, SKIN, 0.8);
  }
  if (t > 0.46) {
    // Shoulders slope, the waist is narrower; the light comes from the left.
    const halfWidth = Math.min(0.2, (0.86 - t) * 6 + 0.06, 0.15 + 0.2 * Math.abs(t - 0.6));
    const shade = 0.82 + 0.35 * (t - 0.5) - 0.7 * across;
    if (Math.abs(across) < halfWidth) return put(paint, label, colour, shade);
    const arm = 0.2 + (0.82 - t) * (0.12 + 0.12 * swing * Math.sign(across));
    if (t > 0.815 || Math.abs(Math.abs(across) - arm) > 0.045) return false;
    return put(paint, label, t < 0.5 ? SKIN : colour, 0.72);
  }
  const reach = (0.46 - t) * 0.6;
  for (const direction of [1, -1]) {
    const middle = direction * (0.07 + reach * swing * 0.5);
    const halfWidth = 0.05 + 0.075 * t;
    if (t < 0.04 && Math.abs(across - middle) < 0.085) return put(paint, label, [40, 36, 34], 1);
    if (Math.abs(across - middle) < halfWidth) {
      return put(paint, label, second, direction === 1 ? 0.92 : 0.72);
    }
  }
  return false;
}

/** From behind or in front: wheel, handlebar, pedalling legs, a rider. */
function bicyclist(
  figure: Figure,
  across: number,
  up: number,
  time: number,
  _noise: Noise,
  paint: Paint,
): boolean {
  const turn = 7 * time + figure.phase;
  if (up < 0.68 && Math.abs(across) < 0.035) return put(paint, BICYCLIST, TYRE, 1.1);
  if (up > 0.55 && up < 0.62 && Math.abs(across) < 0.07) return put(paint, BICYCLIST, [170, 40, 36], 1);
  if (up < 0.95) {
    const foot = 0.32 + 0.16 * Math.sin(across > 0 ? turn : turn + Math.PI);
    const middle = 0.1 + 0.05 * (0.95 - up);
    const leg = up > foot && Math.abs(Math.abs(across) - middle) < 0.07;
    return leg && put(paint, BICYCLIST, up < foot + 0.07 ? TYRE : figure.second, 0.85);
  }
  if (up < 1.02 && Math.abs(Math.abs(across) - 0.26) < 0.06) return put(paint, BICYCLIST, METAL, 0.7);
  // The trunk leans forward: shorter than a walker's.
  const trunk = figure.height * (0.46 + ((up - 0.93) / (figure.height - 0.93)) * 0.54);
  return person(figure, across, trunk, 0, BICYCLIST, paint);
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
  const twigs = noise.at(across * 7 + seed, up * 7) + 0.7 * noise.at(across * 17 + seed, up * 17);
  const ragged = 1 + 0.22 * noise.at(across * 1.6 + seed, up * 1.6) + 0.13 * twigs;
  const dx = across / (height * 0.3 * ragged);
  const dy = (up - crownMiddle) / (height * 0.34 * ragged);
  const inside = dx * dx + dy * dy;
  // Towards the crown's edge the sky shows between the leaves.
  if (inside < 1 && (inside < 0.45 || twigs > -0.75 - (1 - inside))) {
    const leaf = noise.detail(across * 6 + seed, up * 6, 0.02) + 0.4 * noise.at(across * 43 + seed, up * 43);
    const clump = noise.at(across * 1.9 + seed, up * 1.9 + 5);
    return put(paint, TREE, LEAF, 0.96 + 0.45 * leaf + 0.3 * clump + 0.22 * dy - 0.14 * dx);
  }
  const trunk = 0.13 + 0.12 * Math.exp(-4 * up);
  const shade = 0.9 - 1.2 * across + 0.3 * noise.at(across * 20, up * 5);
  return up < crownMiddle && Math.abs(across) < trunk && put(paint, TREE, BARK, shade);
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
