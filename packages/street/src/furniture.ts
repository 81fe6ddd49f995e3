/** What stands in streets: trees, lamps, signs, traffic lights. Own axes: y up from the ground, z along the street. */
import type { Draw } from './choice.js';
import { POLE, SIGN, TREE } from './ids.js';
import type { Looks } from './looks.js';
import { type Material, type Mesh, MeshBuilder, type Point } from './mesh.js';
import type { Colour } from './painting.js';
import { box, tube } from './solids.js';

/** A trunk, branches, and cards of leaves turned every way. */
export function makeTree(draw: Draw, looks: Looks): Mesh {
  const b = new MeshBuilder();
  const height = draw.between(4.5, 11);
  const trunk = Math.max(2.1, height * draw.between(0.25, 0.42));
  const radius = 0.06 + height * draw.between(0.012, 0.022);
  const lean: Point = [draw.between(-0.3, 0.3), trunk, draw.between(-0.3, 0.3)];
  tube(b, [0, -0.1, 0], lean, radius * 1.2, radius * 0.8, 8, TREE, looks.bark);
  const crown = height - trunk;
  const wide = crown * draw.between(0.34, 0.6);
  const cone = draw.chance(0.2);
  const bare = draw.chance(looks.bare);
  for (let n = 0; n < (bare ? 9 : 5); n++) {
    const angle = draw() * 6.28;
    const to: Point = [
      lean[0] + Math.cos(angle) * wide * 0.6,
      trunk + crown * draw.between(0.2, 0.7),
      lean[2] + Math.sin(angle) * wide * 0.6,
    ];
    tube(b, [lean[0], trunk * 0.95, lean[2]], to, radius * 0.6, 0.03, 5, TREE, looks.bark);
  }
  const leaf = bare ? looks.twigs : draw.pick(looks.leaves);
  const shade = draw.between(0.8, 1.25);
  const tones = [0.72, 0.86, 1, 1.14].map(
    (k): Material => ({ ...leaf, tint: [k * shade, k * shade, k * shade] }),
  );
  const cards = Math.floor(draw.between(18, 34));
  for (let n = 0; n < cards; n++) {
    const level = 0.12 + (0.88 * (n + draw())) / cards;
    const spread = cone ? 1.05 - level : Math.sqrt(Math.max(0.1, 1 - (2 * level - 0.9) ** 2));
    const [angle, off] = [draw() * 6.28, Math.sqrt(draw()) * wide * spread];
    const centre: Point = [
      lean[0] + Math.cos(angle) * off,
      trunk + crown * level * 0.95,
      lean[2] + Math.sin(angle) * off,
    ];
    const tone = tones[Math.min(3, Math.floor(level * 2.4 + draw() * 1.8))];
    card(b, draw, centre, wide * draw.between(0.42, 0.7) * (cone ? 0.6 + 0.5 * spread : 1), tone);
  }
  return b.build({ doubleSided: true });
}

function card(b: MeshBuilder, draw: Draw, [x, y, z]: Point, size: number, material: Material): void {
  const [turn, tilt] = [draw() * 6.28, draw.between(-0.9, 0.9)];
  const right: Point = [Math.cos(turn) * size, 0, Math.sin(turn) * size];
  const up: Point = [
    -Math.sin(turn) * Math.sin(tilt) * size,
    Math.cos(tilt) * size,
    Math.cos(turn) * Math.sin(tilt) * size,
  ];
  const corner = (s: number, t: number): Point => [
    x + s * right[0] + t * up[0],
    y + s * right[1] + t * up[1],
    z + s * right[2] + t * up[2],
  ];
  b.quad(
    corner(-1, 1),
    corner(1, 1),
    corner(1, -1),
    corner(-1, -1),
    TREE,
    material,
    [0, 0, 1, 1],
    [0, 0.9, 0.43],
  );
}

/** A lamp post; its arm reaches to +x. */
export function makeLamp(draw: Draw, looks: Looks): Mesh {
  const b = new MeshBuilder();
  const height = draw.between(4.5, 8.5);
  const r = draw.between(0.06, 0.11);
  tube(b, [0, 0, 0], [0, 1.1, 0], r * 1.5, r * 1.4, 8, POLE, looks.metal);
  tube(b, [0, 1.1, 0], [0, height, 0], r, r * 0.7, 8, POLE, looks.metal);
  const head: Material = { texture: looks.plain, tint: [0.7, 0.7, 0.68] };
  if (draw.chance(0.65)) {
    const reach = draw.between(0.8, 2);
    tube(b, [0, height - 0.03, 0], [reach, height + 0.15, 0], r * 0.6, r * 0.5, 6, POLE, looks.metal);
    box(b, [reach - 0.1, height + 0.06, -0.12], [reach + 0.5, height + 0.2, 0.12], POLE, head);
  } else {
    tube(b, [0, height, 0], [0, height + 0.45, 0], 0.12, 0.2, 8, POLE, head);
  }
  return b.build();
}

const disc = (
  b: MeshBuilder,
  y: number,
  r: number,
  sides: number,
  z: number,
  material: Material,
  turn = 0,
  label = SIGN,
): void => {
  const middle = b.vertex([0, y, z], [0, 0, Math.sign(z) || -1], 0.5, 0.5);
  let last = -1;
  for (let n = 0; n <= sides; n++) {
    const angle = turn + (n * 2 * Math.PI) / sides;
    const v = b.vertex(
      [r * Math.sin(angle), y + r * Math.cos(angle), z],
      [0, 0, Math.sign(z) || -1],
      0.5 + 0.5 * Math.sin(angle),
      0.5 - 0.5 * Math.cos(angle),
    );
    if (last >= 0) b.triangle(middle, last, v, label, material);
    last = v;
  }
};

/** A traffic sign on its post, facing −z. */
export function makeSign(draw: Draw, looks: Looks): Mesh {
  const b = new MeshBuilder();
  const y = draw.between(2.05, 2.9);
  const of = (tint: Colour): Material => ({ texture: looks.plain, tint, gloss: 0.05 });
  const [red, white, blue, green, yellow, black] = [
    of([0.75, 0.09, 0.1]),
    of([0.94, 0.94, 0.92]),
    of([0.08, 0.22, 0.6]),
    of([0.06, 0.35, 0.22]),
    of([0.92, 0.76, 0.1]),
    of([0.08, 0.08, 0.09]),
  ];
  const back = of([0.45, 0.46, 0.47]);
  tube(
    b,
    [0, 0, 0.03],
    [0, y + 0.3, 0.03],
    0.036,
    0.036,
    6,
    POLE,
    draw.chance(0.3) ? of([0.3, 0.3, 0.32]) : looks.metal,
  );
  const kind = Math.floor(draw() * 7);
  const r = draw.between(0.3, 0.42);
  const plate = (w: number, h: number, face: Material, mark: Material, bars: number): void => {
    b.quad(
      [-w, y + h, -0.03],
      [w, y + h, -0.03],
      [w, y - h, -0.03],
      [-w, y - h, -0.03],
      SIGN,
      mark,
      [0, 0, 1, 1],
      [0, 0, -1],
    );
    b.quad(
      [-w * 0.93, y + h * 0.93, -0.034],
      [w * 0.93, y + h * 0.93, -0.034],
      [w * 0.93, y - h * 0.93, -0.034],
      [-w * 0.93, y - h * 0.93, -0.034],
      SIGN,
      face,
      [0, 0, 1, 1],
      [0, 0, -1],
    );
    for (let n = 0; n < bars; n++) {
      const top = y + h * (0.7 - (1.5 * n) / bars);
      b.quad(
        [-w * 0.8, top, -0.038],
        [w * draw.between(0.1, 0.8), top, -0.038],
        [w * 0.5, top - (0.8 * h) / bars, -0.038],
        [-w * 0.8, top - (0.8 * h) / bars, -0.038],
        SIGN,
        mark,
        [0, 0, 1, 1],
        [0, 0, -1],
      );
    }
    b.quad(
      [-w, y + h, 0.0],
      [w, y + h, 0.0],
      [w, y - h, 0.0],
      [-w, y - h, 0.0],
      SIGN,
      back,
      [0, 0, 1, 1],
      [0, 0, 1],
    );
  };
  if (kind <= 1) {
    // A red ring around white, or blue.
    disc(b, y, r, 18, -0.03, kind === 0 || draw.chance(0.5) ? red : blue);
    disc(b, y, r * 0.76, 18, -0.034, draw.chance(0.7) ? white : blue);
    b.quad(
      [-r * 0.35, y + r * 0.4, -0.038],
      [r * 0.3, y + r * 0.4, -0.038],
      [r * 0.3, y - r * 0.4, -0.038],
      [-r * 0.35, y - r * 0.4, -0.038],
      SIGN,
      black,
      [0, 0, 1, 1],
      [0, 0, -1],
    );
    disc(b, y, r, 12, 0.0, back);
  } else if (kind === 2) {
    disc(b, y, r * 1.15, 3, -0.03, red, draw.chance(0.5) ? Math.PI : 0);
    disc(b, y, r * 0.74, 3, -0.034, white);
    disc(b, y, r * 1.15, 3, 0.0, back);
  } else if (kind === 3) {
    disc(b, y, r, 8, -0.03, red, Math.PI / 8);
    b.quad(
      [-r * 0.7, y + 0.1, -0.034],
      [r * 0.7, y + 0.1, -0.034],
      [r * 0.7, y - 0.1, -0.034],
      [-r * 0.7, y - 0.1, -0.034],
      SIGN,
      white,
      [0, 0, 1, 1],
      [0, 0, -1],
    );
    disc(b, y, r, 8, 0.0, back, Math.PI / 8);
  } else if (kind === 4)
    plate(
      draw.between(0.5, 1),
      draw.between(0.3, 0.55),
      draw.pick([green, blue, white]),
      draw.pick([white, black]),
      3,
    );
  else if (kind === 5) plate(r, r, blue, white, 1);
  else plate(r * 0.8, r * 1.2, draw.pick([white, yellow, blue]), black, 4);
  return b.build();
}

/** Traffic lights, facing −z. */
export function makeTrafficLight(draw: Draw, looks: Looks): Mesh {
  const b = new MeshBuilder();
  const of = (tint: Colour, glow = 0): Material => ({ texture: looks.plain, tint, glow });
  const y = draw.between(2.2, 2.9);
  tube(b, [0, 0, 0.1], [0, y + 0.9, 0.1], 0.055, 0.055, 8, POLE, looks.metal);
  if (draw.chance(0.5)) {
    box(b, [-0.24, y - 0.1, 0.02], [0.24, y + 1.05, 0.04], SIGN, of([0.06, 0.06, 0.06]));
  }
  box(b, [-0.15, y, -0.14], [0.15, y + 0.95, 0.1], SIGN, of([0.09, 0.1, 0.1]));
  const state = Math.floor(draw() * 3);
  const lamps: Colour[] = [
    [0.95, 0.12, 0.1],
    [0.95, 0.6, 0.1],
    [0.1, 0.8, 0.4],
  ];
  lamps.forEach(([red, green, blue], n) => {
    const on = n === state;
    const k = on ? 1 : 0.22;
    disc(b, y + 0.79 - 0.31 * n, 0.1, 12, -0.15, of([red * k, green * k, blue * k], on ? 0.9 : 0));
  });
  return b.build();
}

/** A bollard or a post at the kerb. */
export function makePost(draw: Draw, looks: Looks): Mesh {
  const b = new MeshBuilder();
  const height = draw.between(0.8, 1.15);
  const material: Material = {
    texture: looks.plain,
    tint: draw.pick<Colour>([
      [0.12, 0.12, 0.13],
      [0.5, 0.5, 0.5],
      [0.3, 0.22, 0.16],
    ]),
  };
  tube(b, [0, 0, 0], [0, height, 0], 0.07, 0.06, 8, POLE, material);
  tube(b, [0, height - 0.18, 0], [0, height - 0.08, 0], 0.072, 0.07, 8, POLE, {
    texture: looks.plain,
    tint: [0.9, 0.9, 0.9],
  });
  return b.build();
}
