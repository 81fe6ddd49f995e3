/** Cars, vans and buses of varied shapes. A vehicle's own axes: x to its right, y up, z ahead, on the ground. */

import { makeBus } from './bus.js';
import { bodyOf, type CarShape, cabinOf, lightsOf, wheelsOf } from './car-parts.js';
import type { Draw } from './choice.js';
import type { Looks } from './looks.js';
import { type Material, type Mesh, MeshBuilder } from './mesh.js';
import type { Colour } from './painting.js';

export interface Vehicle {
  readonly mesh: Mesh;
  readonly length: number;
  readonly width: number;
}

const PAINTS: readonly Colour[] = [
  [0.78, 0.79, 0.81],
  [0.6, 0.62, 0.65],
  [0.2, 0.21, 0.24],
  [0.1, 0.1, 0.12],
  [0.9, 0.9, 0.88],
  [0.55, 0.1, 0.1],
  [0.14, 0.22, 0.45],
  [0.1, 0.28, 0.2],
  [0.36, 0.4, 0.46],
  [0.72, 0.66, 0.5],
  [0.75, 0.5, 0.1],
  [0.3, 0.42, 0.6],
];

function drawShape(draw: Draw): CarShape {
  const kind = draw();
  const width = draw.between(1.66, 1.86);
  if (kind < 0.4) {
    const length = draw.between(3.6, 4.2);
    const h = draw.between(1.4, 1.55);
    const r = -length / 2;
    return {
      length,
      width,
      height: h,
      nose: draw.between(0.66, 0.76),
      belt: 0.92,
      cabin: [r + 0.12, r + draw.between(0.3, 0.6), draw.between(0.1, 0.4), draw.between(0.75, 1)],
    };
  }
  if (kind < 0.66) {
    const length = draw.between(4.2, 4.9);
    const r = -length / 2;
    return {
      length,
      width,
      height: draw.between(1.38, 1.48),
      nose: 0.68,
      belt: 0.9,
      cabin: [r + 0.75, r + 1.35, 0.25, 0.95],
    };
  }
  if (kind < 0.84) {
    const length = draw.between(4.2, 4.8);
    const r = -length / 2;
    return {
      length,
      width: width + 0.05,
      height: draw.between(1.5, 1.82),
      nose: draw.between(0.76, 0.95),
      belt: 1.02,
      cabin: [r + 0.06, r + draw.between(0.16, 0.35), 0.3, 1],
    };
  }
  const length = draw.between(4.6, 6);
  const r = -length / 2;
  return {
    length,
    width: width + 0.15,
    height: draw.between(1.9, 2.5),
    nose: 1.05,
    belt: 1.2,
    cabin: [r + 0.02, r + 0.06, length / 2 - 1.3, length / 2 - 0.55],
  };
}

export function makeVehicle(draw: Draw, looks: Looks): Vehicle {
  if (draw.chance(0.05)) return makeBus(draw, looks);
  const shape = drawShape(draw);
  const paint: Material = { texture: looks.plain, tint: draw.pick(PAINTS), gloss: draw.between(0.2, 0.5) };
  const builder = new MeshBuilder();
  const van = shape.height > 1.85;
  bodyOf(builder, shape, paint, looks);
  cabinOf(builder, shape, paint, looks, van && draw.chance(0.6));
  wheelsOf(builder, shape, looks);
  lightsOf(builder, shape, looks, draw);
  return { mesh: builder.build(), length: shape.length, width: shape.width };
}
