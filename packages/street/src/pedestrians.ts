/** People on foot: legs and arms swing with the steps. */
import {
  type Dress,
  dress,
  type Figure,
  HIP,
  limbs,
  SHOULDER,
  THIGH,
  trunk,
  UPPER_ARM,
} from './body-parts.js';
import type { Draw } from './choice.js';
import { PEDESTRIAN } from './ids.js';
import type { Looks } from './looks.js';
import { type Mesh, MeshBuilder } from './mesh.js';
import { hinged, type Pose, times } from './pose.js';
import { tube } from './solids.js';

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
