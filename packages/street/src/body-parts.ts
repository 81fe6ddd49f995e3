/** What people are made of: trunks, heads and limbs in clothes. */
import type { Draw } from './choice.js';
import type { Looks } from './looks.js';
import { type Material, type Mesh, MeshBuilder } from './mesh.js';
import type { Colour } from './painting.js';
import type { Pose } from './pose.js';
import { ball, box, tube } from './solids.js';

/** Something with parts that move against each other. */
export interface Figure {
  readonly parts: readonly Mesh[];
  /** Places of the parts in the figure's own axes after it has gone `distance` metres (and `time` seconds). */
  pose(distance: number, time: number): readonly Pose[];
}

export const CLOTHES: readonly Colour[] = [
  [0.14, 0.15, 0.2],
  [0.1, 0.1, 0.11],
  [0.24, 0.28, 0.4],
  [0.42, 0.18, 0.16],
  [0.5, 0.48, 0.42],
  [0.72, 0.7, 0.66],
  [0.2, 0.32, 0.26],
  [0.55, 0.36, 0.2],
  [0.3, 0.22, 0.18],
  [0.62, 0.2, 0.3],
  [0.2, 0.42, 0.6],
  [0.85, 0.75, 0.2],
  [0.35, 0.35, 0.38],
];
const SKINS: readonly Colour[] = [
  [0.86, 0.66, 0.54],
  [0.78, 0.58, 0.45],
  [0.58, 0.4, 0.28],
  [0.36, 0.24, 0.17],
];
const HAIRS: readonly Colour[] = [
  [0.1, 0.08, 0.07],
  [0.26, 0.17, 0.1],
  [0.55, 0.42, 0.24],
  [0.5, 0.48, 0.46],
];

export interface Dress {
  readonly top: Material;
  readonly legs: Material;
  readonly skin: Material;
  readonly hair: Material;
  readonly shoes: Material;
  readonly build: number;
}

export function dress(draw: Draw, looks: Looks): Dress {
  const of = (tint: Colour): Material => ({ texture: looks.plain, tint });
  return {
    top: of(draw.pick(CLOTHES)),
    legs: of(draw.pick(draw.chance(0.6) ? CLOTHES.slice(0, 4) : CLOTHES)),
    skin: of(draw.pick(SKINS)),
    hair: of(draw.pick(HAIRS)),
    shoes: of(
      draw.pick<Colour>([
        [0.1, 0.1, 0.1],
        [0.3, 0.2, 0.14],
        [0.8, 0.8, 0.8],
      ]),
    ),
    build: draw.between(0.86, 1.2),
  };
}

export const HIP = 0.92;
export const SHOULDER = 1.42;
export const THIGH = 0.43;
export const SHIN = 0.44;
export const UPPER_ARM = 0.29;

/** Trunk and head, with the hips at the origin. */
export function trunk(draw: Draw, d: Dress, label: number, helmet: boolean): Mesh {
  const b = new MeshBuilder();
  const k = d.build;
  const shoulder = SHOULDER - HIP;
  tube(b, [0, -0.06, 0], [0, 0.2, 0], 0.16 * k, 0.15 * k, 9, label, d.legs, 0.7);
  tube(b, [0, 0.1, 0], [0, shoulder - 0.06, 0], 0.155 * k, 0.2 * k, 9, label, d.top, 0.62);
  ball(b, [0, shoulder - 0.06, 0], [0.205 * k, 0.09, 0.12 * k], 9, label, d.top);
  tube(b, [0, shoulder - 0.02, 0], [0, shoulder + 0.12, 0.02], 0.055, 0.05, 6, label, d.skin);
  ball(b, [0, shoulder + 0.2, 0.02], [0.082, 0.12, 0.1], 9, label, d.skin);
  if (helmet) {
    const shell: Material = {
      texture: d.top.texture,
      tint: draw.pick<Colour>([
        [0.85, 0.85, 0.85],
        [0.7, 0.1, 0.1],
        [0.1, 0.1, 0.12],
        [0.1, 0.3, 0.6],
      ]),
      gloss: 0.2,
    };
    ball(b, [0, shoulder + 0.27, 0], [0.1, 0.085, 0.14], 9, label, shell);
  } else {
    ball(b, [0, shoulder + 0.235, -0.02], [0.09, 0.1, 0.1], 9, label, d.hair);
    if (draw.chance(0.35))
      tube(b, [0, shoulder + 0.24, -0.06], [0, shoulder - 0.04, -0.1], 0.08, 0.06, 7, label, d.hair);
  }
  if (draw.chance(0.3)) {
    const bag: Material = { texture: d.top.texture, tint: draw.pick(CLOTHES) };
    box(b, [-0.14, 0.12, -0.28], [0.14, 0.5, -0.1], label, bag);
  }
  return b.build();
}

function limb(
  from: number,
  to: number,
  length: number,
  label: number,
  material: Material,
  end?: (b: MeshBuilder) => void,
): Mesh {
  const b = new MeshBuilder();
  tube(b, [0, 0.02, 0], [0, -length - 0.01, 0], from, to, 7, label, material);
  end?.(b);
  return b.build();
}

/** Thigh, shin with foot, upper arm, forearm with hand. */
export function limbs(draw: Draw, d: Dress, label: number): Mesh[] {
  const k = d.build;
  const bare = draw.chance(0.2);
  const sleeves = draw.chance(0.25) ? d.skin : d.top;
  return [
    limb(0.088 * k, 0.062 * k, THIGH, label, d.legs),
    limb(0.06 * k, 0.044, SHIN, label, bare ? d.skin : d.legs, (b) =>
      box(b, [-0.045, -SHIN - 0.05, -0.07], [0.045, -SHIN + 0.03, 0.19], label, d.shoes),
    ),
    limb(0.052 * k, 0.042, UPPER_ARM, label, d.top),
    limb(0.042, 0.032, 0.26, label, sleeves, (b) =>
      ball(b, [0, -0.31, 0], [0.035, 0.06, 0.04], 6, label, d.skin),
    ),
  ];
}
