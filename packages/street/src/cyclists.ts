/** People on bicycles: legs follow the pedals, arms reach for the bars. */
import {
  CLOTHES,
  dress,
  type Figure,
  HIP,
  limbs,
  SHIN,
  SHOULDER,
  THIGH,
  trunk,
  UPPER_ARM,
} from './body-parts.js';
import type { Draw } from './choice.js';
import { BICYCLIST } from './ids.js';
import type { Looks } from './looks.js';
import { type Material, type Mesh, MeshBuilder } from './mesh.js';
import { hinged, type Pose, times } from './pose.js';
import { box, tube } from './solids.js';

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
