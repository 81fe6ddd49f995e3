/** People on foot and on bicycles: rigid parts on joints that swing. */
import type { Draw } from './choice.js';
import { BICYCLIST, PEDESTRIAN } from './ids.js';
import type { Looks } from './looks.js';
import { type Material, type Mesh, MeshBuilder } from './mesh.js';
import type { Colour } from './painting.js';
import { hinged, type Pose, times } from './pose.js';
import { ball, box, tube } from './solids.js';

/** Something with parts that move against each other. */
export interface Figure {
  readonly parts: readonly Mesh[];
  /** Places of the parts in the figure's own axes after it has gone `distance` metres (and `time` seconds). */
  pose(distance: number, time: number): readonly Pose[];
}

const CLOTHES: readonly Colour[] = [
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

interface Dress {
  readonly top: Material;
  readonly legs: Material;
  readonly skin: Material;
  readonly hair: Material;
  readonly shoes: Material;
  readonly build: number;
}

function dress(draw: Draw, looks: Looks): Dress {
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

const HIP = 0.92;
const SHOULDER = 1.42;
const THIGH = 0.43;
const SHIN = 0.44;
const UPPER_ARM = 0.29;

/** Trunk and head, with the hips at the origin. */
function trunk(draw: Draw, d: Dress, label: number, helmet: boolean): Mesh {
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
function limbs(draw: Draw, d: Dress, label: number): Mesh[] {
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

export function makePedestrian(draw: Draw, looks: Looks): Figure {
  const d = dress(draw, looks);
  const [thigh, shin, arm, hand] = limbs(draw, d, PEDESTRIAN);
  const body = trunk(draw, d, PEDESTRIAN, false);
  const skirt = draw.chance(0.18) ? coat(d, draw) : undefined;
  const size = draw.chance(0.1) ? draw.between(0.62, 0.8) : draw.between(0.91, 1.08);
  const phase = draw() * 6.28;
  const stride = draw.between(0.62, 0.78) * size;
  const lively = draw.between(0.8, 1.2);
  const parts = [body, ...(skirt ? [skirt] : []), thigh, shin, thigh, shin, arm, hand, arm, hand];
  const pose = (distance: number): Pose[] => {
    const gait = phase + (distance / stride) * Math.PI;
    const root = Float64Array.of(
      size,
      0,
      0,
      0,
      0,
      size,
      0,
      size * (HIP + 0.025 * Math.cos(2 * gait)),
      0,
      0,
      size,
      0,
    );
    const out: Pose[] = [times(root, hinged(0, 0, 0, 0.04))];
    if (skirt) out.push(times(root, hinged(0, 0, 0, 0.06 * Math.sin(gait))));
    for (const side of [0, 1]) {
      const swing = Math.sin(gait + side * Math.PI);
      const leg = times(root, hinged(side ? 0.09 : -0.09, 0, 0, -0.45 * lively * swing));
      const bend = 0.12 + 0.75 * Math.max(0, Math.cos(gait + side * Math.PI));
      out.push(leg, times(leg, hinged(0, -THIGH, 0, bend)));
    }
    for (const side of [0, 1]) {
      const swing = Math.sin(gait + side * Math.PI);
      const x = (side ? 0.21 : -0.21) * d.build;
      const shoulder = times(
        root,
        hinged(x, SHOULDER - HIP - 0.04, 0, 0.4 * lively * swing, side ? 0.1 : -0.1),
      );
      out.push(shoulder, times(shoulder, hinged(0, -UPPER_ARM, 0, -0.25 - 0.2 * Math.max(0, -swing))));
    }
    return out;
  };
  return { parts, pose };
}

/** A skirt or a long coat around the thighs. */
function coat(d: Dress, draw: Draw): Mesh {
  const b = new MeshBuilder();
  tube(
    b,
    [0, 0.12, 0],
    [0, -draw.between(0.3, 0.55), 0],
    0.15 * d.build,
    0.24 * d.build,
    9,
    PEDESTRIAN,
    draw.chance(0.5) ? d.top : d.legs,
    0.8,
  );
  return b.build();
}

const WHEEL = 0.34;
const CRANK = { y: 0.3, z: 0.02, radius: 0.17 };
const SADDLE = { y: 0.94, z: -0.22 };
const GRIP = { y: 1.02, z: 0.36, x: 0.22 };

export function makeCyclist(draw: Draw, looks: Looks): Figure {
  const d = dress(draw, looks);
  const [thigh, shin, arm, hand] = limbs(draw, d, BICYCLIST);
  const body = trunk(draw, d, BICYCLIST, draw.chance(0.5));
  const bike = bicycle(draw, looks);
  const lean = draw.between(0.3, 0.75);
  const size = draw.between(0.95, 1.05);
  const phase = draw() * 6.28;
  const gear = draw.between(1.6, 2.4);
  const reach = reachOf(lean);
  const pose = (distance: number, time: number): Pose[] => {
    const sway = 0.03 * Math.sin(2.1 * time + phase);
    const root = times(
      Float64Array.of(size, 0, 0, 0, 0, size, 0, 0, 0, 0, size, 0),
      hinged(0, 0, 0, 0, sway),
    );
    // Joints turn forwards by negative angles.
    const hips = times(root, hinged(0, SADDLE.y, SADDLE.z, 0));
    const out: Pose[] = [root, times(hips, hinged(0, 0, 0, lean))];
    for (const side of [0, 1]) {
      const angle = phase + distance / (WHEEL * gear) + side * Math.PI;
      const y = CRANK.y + CRANK.radius * Math.cos(angle) - SADDLE.y + 0.06;
      const z = CRANK.z + CRANK.radius * Math.sin(angle) - SADDLE.z - 0.06;
      const [first, second] = twoLinks(y, z, THIGH, SHIN, 1);
      const leg = times(hips, hinged(side ? 0.1 : -0.1, 0, 0, first));
      out.push(leg, times(leg, hinged(0, -THIGH, 0, second)));
    }
    for (const side of [0, 1]) {
      const x = (side ? 1 : -1) * GRIP.x * 0.9;
      const [first, second] = twoLinks(GRIP.y - reach.y, GRIP.z - reach.z, UPPER_ARM, 0.3, -1);
      const shoulder = times(root, hinged(x, reach.y, reach.z, first));
      out.push(shoulder, times(shoulder, hinged(0, -UPPER_ARM, 0, second)));
    }
    return out;
  };
  return { parts: [bike, body, thigh, shin, thigh, shin, arm, hand, arm, hand], pose };
}

/** Where the shoulders are when the trunk leans. */
function reachOf(lean: number): { y: number; z: number } {
  const up = SHOULDER - HIP - 0.06;
  return { y: SADDLE.y + up * Math.cos(lean), z: SADDLE.z + up * Math.sin(lean) };
}

/** Angles of two links that hang from the origin and end at (y, z); `knee` says which way the joint bends. */
function twoLinks(y: number, z: number, a: number, b: number, knee: 1 | -1): [number, number] {
  const distance = Math.min(Math.hypot(y, z), a + b - 1e-3);
  const direction = Math.atan2(-z, -y);
  const open = Math.acos(
    Math.max(-1, Math.min(1, (a * a + distance * distance - b * b) / (2 * a * distance))),
  );
  const joint =
    Math.PI - Math.acos(Math.max(-1, Math.min(1, (a * a + b * b - distance * distance) / (2 * a * b))));
  return [direction - knee * open, knee * joint];
}

function bicycle(draw: Draw, looks: Looks): Mesh {
  const b = new MeshBuilder();
  const paint: Material = { texture: looks.plain, tint: draw.pick(CLOTHES), gloss: 0.2 };
  const black: Material = { texture: looks.plain, tint: [0.1, 0.1, 0.1] };
  const label = BICYCLIST;
  for (const z of [-0.52, 0.52]) {
    for (let n = 0; n < 14; n++) {
      const [a, c] = [(n * Math.PI) / 7, ((n + 1) * Math.PI) / 7];
      const at = (angle: number): [number, number, number] => [
        0,
        WHEEL + WHEEL * Math.sin(angle),
        z + WHEEL * Math.cos(angle),
      ];
      tube(b, at(a), at(c), 0.022, 0.022, 4, label, black);
      if (n % 2 === 0) tube(b, [0, WHEEL, z], at(a), 0.005, 0.005, 3, label, paint);
    }
  }
  const joints = {
    rear: [0, WHEEL, -0.52],
    crank: [0, CRANK.y, CRANK.z],
    seat: [0, 0.82, -0.18],
    head: [0, 0.86, 0.36],
    front: [0, WHEEL, 0.52],
  } as const;
  const bar = (
    from: readonly [number, number, number],
    to: readonly [number, number, number],
    r = 0.02,
  ): void => tube(b, from, to, r, r, 5, label, paint);
  bar(joints.rear, joints.crank, 0.014);
  bar(joints.rear, joints.seat, 0.014);
  bar(joints.crank, joints.seat);
  bar(joints.crank, joints.head);
  bar(joints.seat, joints.head);
  bar(joints.head, joints.front);
  bar(joints.head, [0, GRIP.y, 0.34]);
  tube(b, [-0.26, GRIP.y, 0.36], [0.26, GRIP.y, 0.36], 0.015, 0.015, 5, label, black);
  box(b, [-0.07, 0.84, -0.34], [0.07, 0.9, -0.08], label, black);
  return b.build();
}
