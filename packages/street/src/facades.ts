/** The looks of buildings: walls, windows, doors, shop fronts, painted on textures of two bays by one storey. */
import type { Draw } from './choice.js';
import type { Material } from './mesh.js';
import { type Colour, Painting } from './painting.js';

export interface FacadeStyle {
  /** Two bays of an upper storey. */
  readonly upper: Material;
  readonly ground: Material;
  /** The same wall without openings, one repetition in two bays. */
  readonly wall: Material;
  readonly roof: Material;
  /** Metres. */
  readonly bay: number;
  readonly storey: number;
  readonly storeys: readonly [least: number, most: number];
  /** Metres that the roof rises a metre; 0: flat. */
  readonly pitch: number;
}

const WALLS: readonly Colour[] = [
  [150, 96, 74],
  [126, 78, 62],
  [176, 132, 98],
  [186, 168, 140],
  [206, 198, 182],
  [164, 160, 152],
  [190, 160, 112],
  [138, 124, 108],
  [214, 206, 168],
  [170, 118, 104],
  [150, 158, 164],
];
const FRAMES: readonly Colour[] = [
  [226, 226, 222],
  [208, 204, 194],
  [70, 62, 56],
  [92, 98, 102],
  [40, 56, 50],
];
const TRIMS: readonly Colour[] = [
  [122, 30, 30],
  [30, 62, 50],
  [34, 44, 90],
  [48, 42, 38],
  [160, 134, 58],
  [196, 190, 180],
  [20, 24, 28],
  [170, 76, 28],
];
const ROOFS: readonly Colour[] = [
  [86, 82, 84],
  [112, 74, 60],
  [98, 92, 86],
  [64, 66, 72],
];

/** Light and dark of one tint. */
const shade = ([r, g, b]: Colour, k: number): Colour => [r * k, g * k, b * k];

export function drawFacadeStyle(draw: Draw): FacadeStyle {
  const modern = draw.chance(0.22);
  const brick = !modern && draw.chance(0.55);
  const colour = modern
    ? draw.pick<Colour>([
        [172, 174, 174],
        [120, 126, 132],
        [196, 192, 184],
      ])
    : draw.pick(WALLS);
  const frame = draw.pick(FRAMES);
  const shift = Math.floor(draw() * 200);
  const base = (): Painting => {
    const wall = new Painting(8, 7, colour);
    if (brick) wall.courses(24, 14, 0.82, 0.22, shift);
    else if (draw.chance(0.3)) wall.courses(5, 6, 0.86, 0.06, shift);
    return wall.weather(brick ? 0.14 : 0.1, 1, shift).weather(0.16, 0.25, shift + 5);
  };
  const gloss = modern ? 0.35 : 0.1;
  const white: Colour = [1, 1, 1];
  const wide = modern ? draw.between(0.3, 0.46) : draw.between(0.16, 0.28);
  const top = draw.between(0.12, 0.2);
  const bottom = modern ? draw.between(0.75, 0.95) : draw.between(0.62, 0.74);
  const upper = base();
  for (const centre of [0.25, 0.75]) window(upper, draw, centre, wide, top, bottom, frame, colour);
  if (draw.chance(0.4)) upper.shade(0, 0.96, 1, 1, 0.7);
  const ground = draw.chance(0.4) ? shopFront(base(), draw) : doorway(base(), draw, wide, top, frame, colour);
  const roof = new Painting(7, 7, draw.pick(ROOFS)).courses(16, 10, 0.72, 0.25, shift).weather(0.2, 1, shift);
  return {
    upper: { texture: upper.texture(), tint: white, gloss },
    ground: { texture: ground.texture(), tint: white, gloss: 0.12 },
    wall: { texture: base().texture(), tint: white },
    roof: { texture: roof.texture(), tint: white },
    bay: modern ? draw.between(2.6, 3.8) : draw.between(1.9, 3),
    storey: draw.between(2.7, 3.5),
    storeys: modern ? [3, 7] : draw.chance(0.35) ? [2, 2] : [2, 4],
    pitch: modern || draw.chance(0.3) ? 0 : draw.between(0.5, 1),
  };
}

/** A window with its frame, sill and what can be seen behind the glass. */
function window(
  on: Painting,
  draw: Draw,
  centre: number,
  wide: number,
  top: number,
  bottom: number,
  frame: Colour,
  wall: Colour,
): void {
  const half = wide / 2;
  const [l, r] = [centre - half, centre + half];
  on.rect(l - 0.02, top - 0.04, r + 0.02, top, shade(wall, 0.8));
  on.rect(l - 0.015, bottom, r + 0.015, bottom + 0.04, shade(wall, 1.15));
  on.shade(l, bottom + 0.04, r, bottom + 0.07, 0.75);
  on.rect(l, top, r, bottom, frame);
  const dark = draw.between(28, 66);
  const glass: Colour = [dark * 0.92, dark, dark * 1.1];
  const [pl, pr] = [l + 0.013, r - 0.013];
  on.rect(pl, top + 0.03, pr, bottom - 0.03, glass);
  // The sky in the upper part.
  on.shade(pl, top + 0.03, pr, top + (bottom - top) * 0.55, draw.between(1.2, 2.2), 1);
  if (draw.chance(0.55)) {
    const cloth = draw.pick<Colour>([
      [206, 202, 190],
      [170, 160, 150],
      [190, 170, 150],
      [150, 156, 164],
    ]);
    const width = draw.between(0.15, 0.35) * wide;
    on.rect(pl, top + 0.03, pl + width, bottom - 0.03, shade(cloth, 0.8));
    on.rect(pr - width, top + 0.03, pr, bottom - 0.03, shade(cloth, 0.74));
  }
  if (draw.chance(0.7)) on.rect(centre - 0.006, top, centre + 0.006, bottom, frame);
  if (draw.chance(0.7)) {
    const middle = top + (bottom - top) * draw.between(0.35, 0.55);
    on.rect(l, middle - 0.012, r, middle + 0.012, frame);
  }
  on.shade(l, top, r, top + 0.035, 0.6);
}

function doorway(on: Painting, draw: Draw, wide: number, top: number, frame: Colour, wall: Colour): Painting {
  const door = draw.pick(TRIMS);
  const left = draw.between(0.1, 0.2);
  on.rect(left - 0.015, 0.16, left + 0.175, 1, shade(frame, 0.95));
  on.rect(left, 0.2, left + 0.16, 1, door);
  on.rect(left + 0.03, 0.45, left + 0.13, 0.65, shade(door, 0.75));
  on.rect(left + 0.03, 0.72, left + 0.13, 0.93, shade(door, 0.75));
  on.rect(left + 0.03, 0.25, left + 0.13, 0.38, [52, 58, 66]);
  on.rect(left + 0.14, 0.58, left + 0.148, 0.62, [220, 200, 120]);
  window(on, draw, 0.7, Math.max(wide, 0.24) * draw.between(1, 1.5), top, 0.68, frame, wall);
  if (draw.chance(0.5)) on.rect(0, 0.9, 1, 1, shade(wall, 0.62)).shade(0, 0.9, 1, 1, 1, 0.85);
  return on;
}

function shopFront(on: Painting, draw: Draw): Painting {
  const trim = draw.pick(TRIMS);
  on.rect(0, 0.04, 1, 0.24, trim);
  // Something like letters.
  const letters = Math.floor(draw.between(5, 14));
  const ink: Colour = trim[0] + trim[1] + trim[2] > 380 ? [50, 44, 40] : [232, 226, 206];
  const start = draw.between(0.08, 0.3);
  for (let n = 0; n < letters; n++) {
    const x = start + n * 0.045;
    if (draw.chance(0.85) && x < 0.92)
      on.rect(x, 0.09, x + 0.026, 0.19, ink).rect(x + 0.009, 0.12, x + 0.017, 0.15, trim);
  }
  on.rect(0, 0.24, 1, 1, shade(trim, 0.8));
  const door = draw.chance(0.5) ? 0.06 : 0.8;
  for (const [l, r] of [
    [0.03, 0.27],
    [0.29, 0.5],
    [0.52, 0.74],
    [0.76, 0.97],
  ]) {
    const bottom = l < door && door < r ? 0.97 : 0.82;
    const dark = draw.between(34, 84);
    on.rect(l, 0.29, r, bottom, [dark, dark, dark * 0.98]);
    on.shade(l, 0.29, r, 0.55, draw.between(1.1, 1.7), 1);
    for (let n = 0; n < 5; n++) {
      const x = draw.between(l, r - 0.05);
      const y = draw.between(0.45, bottom - 0.1);
      on.rect(x, y, x + draw.between(0.02, 0.06), bottom - 0.01, [draw() * 190, draw() * 170, draw() * 150]);
    }
  }
  return on.shade(0, 0.24, 1, 0.29, 0.55);
}
