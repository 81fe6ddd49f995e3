/** The materials of one scene, but for facades. */
import { type Draw, drawFrom } from './choice.js';
import { drawFacadeStyle, type FacadeStyle } from './facades.js';
import type { Material } from './mesh.js';
import { type Colour, Painting } from './painting.js';
import { noiseAt, type Texture } from './texture.js';
import type { Weather } from './weather.js';

const WHITE: Colour = [1, 1, 1];

export interface Looks {
  readonly road: Material;
  readonly paving: Material;
  readonly kerb: Material;
  readonly grass: Material;
  readonly paint: Material;
  readonly bark: Material;
  readonly metal: Material;
  readonly hedge: Material;
  readonly leaves: readonly Material[];
  /** Branches without leaves, and the share of trees that are so. */
  readonly twigs: Material;
  readonly bare: number;
  readonly fences: readonly Material[];
  readonly brick: Material;
  readonly facades: readonly FacadeStyle[];
  /** Plain white with a little unevenness, to be tinted. */
  readonly plain: Texture;
}

export function makeLooks(seed: number, weather: Weather): Looks {
  const draw = drawFrom(seed, 11);
  const dry = 1 - 0.4 * weather.wetness;
  const gloss = 0.55 * weather.wetness;
  const tinted = (texture: Texture, k = 1, shine = 0): Material => ({
    texture,
    tint: [k, k, k],
    gloss: shine,
  });
  const grey = draw.between(78, 124);
  const asphalt = new Painting(8, 8, [grey, grey, grey * draw.between(0.96, 1.05)]);
  asphalt.weather(0.22, 1, seed & 63).weather(0.16, 0.25, seed & 31);
  for (let n = 0; n < 3; n++) {
    const [x, y] = [draw.between(0, 0.7), draw.between(0, 0.7)];
    if (draw.chance(0.5))
      asphalt.shade(x, y, x + draw.between(0.05, 0.3), y + draw.between(0.1, 0.3), draw.between(0.8, 1.12));
  }
  const stone = draw.between(128, 172);
  const paving = new Painting(7, 7, [stone, stone * draw.between(0.94, 1), stone * draw.between(0.86, 0.98)])
    .courses(4, Math.floor(draw.between(3, 7)), 0.78, 0.1, seed & 31, draw.pick([0, 0.5]))
    .weather(0.14, 2, seed & 63);
  const plain = new Painting(6, 6, [236, 236, 236]).weather(0.07, 0.25);
  return {
    road: tinted(asphalt.texture(), dry, gloss),
    paving: tinted(paving.texture(), dry, gloss * 0.7),
    kerb: tinted(new Painting(6, 6, [168, 166, 160]).weather(0.2, 1).texture(), dry),
    grass: tinted(grass(draw)),
    paint: tinted(new Painting(6, 6, [222, 222, 216]).weather(0.22, 3, 9).texture(), dry, gloss),
    bark: tinted(new Painting(6, 6, [96, 82, 68]).weather(0.5, 2, 3).texture()),
    metal: tinted(plain.texture(), draw.between(0.3, 0.62), 0.15),
    hedge: tinted(foliage(draw, 0.96), 0.9),
    leaves: [0, 1, 2].map(() => tinted(foliage(draw, draw.between(0.5, 0.68)))),
    twigs: tinted(twigs(draw)),
    bare: draw.pick([0, 0.1, 0.5, 0.9]),
    fences: [railings(draw), planks(draw), mesh(draw)],
    brick: {
      texture: new Painting(
        7,
        7,
        draw.pick<Colour>([
          [146, 92, 72],
          [168, 160, 146],
          [128, 106, 92],
        ]),
      )
        .courses(20, 8, 0.84, 0.2, 3)
        .weather(0.2, 1)
        .texture(),
      tint: WHITE,
    },
    facades: Array.from({ length: 6 }, () => drawFacadeStyle(draw)),
    plain: plain.texture(),
  };
}

function grass(draw: Draw): Texture {
  const g = draw.between(92, 124);
  return new Painting(7, 7, [g * draw.between(0.78, 0.95), g, g * 0.52])
    .weather(0.5, 3, 17)
    .weather(0.2, 0.5, 4)
    .texture();
}

/** Leaves with holes between them: a disc whose rim is frayed. */
function foliage(draw: Draw, density: number): Texture {
  const side = 128;
  const g = draw.between(78, 118);
  const base: Colour = [g * draw.between(0.66, 1.05), g, g * draw.between(0.36, 0.6)];
  const painting = new Painting(7, 7, base, 0);
  const shift = Math.floor(draw() * 250);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const coarse = noiseAt((x >> 1) + shift, (y >> 1) + shift * 3);
      const fine = noiseAt(x * 3 + shift, y * 3);
      const rim = density > 0.9 ? 0.5 : 1.15 - Math.hypot((2 * x) / side - 1, (2 * y) / side - 1);
      const solid = coarse * 0.5 + fine * 0.7 + rim * 1.4 > 1.5 - 1.5 * density;
      const light = 1 + 0.34 * coarse + 0.3 * fine - 0.12 * (y / side);
      painting.put(
        x,
        y,
        [base[0] * light, base[1] * light, base[2] * light].map((c) =>
          Math.max(0, Math.min(255, c)),
        ) as unknown as Colour,
        solid ? 255 : 0,
      );
    }
  }
  return painting.texture(true);
}

/** Twigs that fan out from below. */
function twigs(draw: Draw): Texture {
  const on = new Painting(7, 7, [92, 78, 66], 0);
  const grow = (x: number, y: number, angle: number, length: number, wide: number): void => {
    for (let n = 0; n < length; n++) {
      for (let k = 0; k < wide; k++) {
        const [px, py] = [Math.round(x + Math.sin(angle) * n) + k, Math.round(y - Math.cos(angle) * n)];
        const tone = 0.8 + 0.4 * draw();
        if (px >= 0 && py >= 0 && px < 128 && py < 128) on.put(px, py, [92 * tone, 80 * tone, 68 * tone]);
      }
    }
    if (length < 9) return;
    const [tipX, tipY] = [x + Math.sin(angle) * length, y - Math.cos(angle) * length];
    for (const bend of [-0.55, 0.1, 0.6])
      grow(
        tipX,
        tipY,
        angle + bend + draw.between(-0.25, 0.25),
        length * draw.between(0.6, 0.8),
        Math.max(1, wide - 1),
      );
  };
  for (const angle of [-0.9, -0.3, 0.3, 0.9]) grow(64, 126, angle, 34, 3);
  return on.texture(true);
}

function railings(draw: Draw): Material {
  const colour = draw.pick<Colour>([
    [40, 42, 44],
    [90, 94, 96],
    [200, 200, 196],
    [44, 66, 52],
  ]);
  const on = new Painting(6, 6, colour, 0);
  const bars = draw.pick([5, 7, 9]);
  for (let y = 0; y < 64; y++) {
    for (let x = 0; x < 64; x++) {
      const rail = (y > 5 && y < 11) || (y > 52 && y < 58);
      if (rail || (x * bars) / 64 - Math.floor((x * bars) / 64) < 0.36) on.put(x, y, colour);
    }
  }
  return { texture: on.texture(true), tint: WHITE };
}

function planks(draw: Draw): Material {
  const on = new Painting(
    7,
    6,
    draw.pick<Colour>([
      [132, 104, 76],
      [104, 88, 72],
      [150, 140, 124],
      [88, 96, 84],
    ]),
  );
  on.weather(0.2, 2, 5);
  for (let n = 0; n < 8; n++)
    on.shade(n / 8, 0, (n + 1) / 8, 1, 0.85 + 0.3 * draw()).shade(n / 8, 0, n / 8 + 0.014, 1, 0.45);
  on.shade(0, 0.12, 1, 0.16, 0.75).shade(0, 0.8, 1, 0.84, 0.75);
  return { texture: on.texture(), tint: WHITE };
}

function mesh(draw: Draw): Material {
  const colour = draw.pick<Colour>([
    [70, 90, 76],
    [120, 124, 126],
  ]);
  const on = new Painting(6, 6, colour, 0);
  for (let y = 0; y < 64; y++) {
    for (let x = 0; x < 64; x++) {
      const wire = (x + y) % 16 < 4 || (x - y + 64) % 16 < 4;
      if (wire || x < 6 || y < 6) on.put(x, y, colour);
    }
  }
  return { texture: on.texture(true), tint: WHITE };
}
