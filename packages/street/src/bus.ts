/** Buses of one deck or two. */
import { glass, wheelsOf } from './car-parts.js';
import type { Draw } from './choice.js';
import { CAR } from './ids.js';
import type { Looks } from './looks.js';
import { type Material, MeshBuilder } from './mesh.js';
import type { Colour } from './painting.js';
import type { Vehicle } from './vehicles.js';

export function makeBus(draw: Draw, looks: Looks): Vehicle {
  const b = new MeshBuilder();
  const paint: Material = {
    texture: looks.plain,
    tint: draw.pick<Colour>([
      [0.7, 0.1, 0.1],
      [0.85, 0.84, 0.8],
      [0.1, 0.35, 0.5],
      [0.2, 0.45, 0.2],
    ]),
    gloss: 0.25,
  };
  const [length, w, h] = [draw.between(8, 10.5), 1.24, draw.chance(0.35) ? 4.1 : 2.95];
  const pane = glass(looks);
  const z = length / 2;
  for (const side of [1, -1]) {
    const wall = (z0: number, z1: number, y0: number, y1: number, material: Material, out = 0): void =>
      b.quad(
        [side * (w + out), y1, z0],
        [side * (w + out), y1, z1],
        [side * (w + out), y0, z1],
        [side * (w + out), y0, z0],
        CAR,
        material,
        [0, 0, 1, 1],
        [side, 0, 0],
      );
    wall(-z, z, 0.3, h, paint);
    for (let y = 1.25; y + 1 < h; y += 1.75) {
      for (let p = -z + 0.3; p + 1.2 < z; p += 1.45) wall(p, p + 1.3, y, y + 0.95, pane, 0.01);
    }
    const end = (y0: number, y1: number, inset: number, material: Material, out = 0): void =>
      b.quad(
        [-w + inset, y1, side * (z + out)],
        [w - inset, y1, side * (z + out)],
        [w - inset, y0, side * (z + out)],
        [-w + inset, y0, side * (z + out)],
        CAR,
        material,
        [0, 0, 1, 1],
        [0, 0, side],
      );
    end(0.3, h, 0, paint);
    end(1.1, 2.35, 0.12, pane, 0.01);
    if (h > 3.5) end(2.9, 3.8, 0.12, pane, 0.01);
    end(0.5, 0.7, 0.9, { texture: looks.plain, tint: [0.9, 0.8, 0.4] }, 0.012);
  }
  b.quad([-w, h, -z], [w, h, -z], [w, h, z], [-w, h, z], CAR, paint, [0, 0, 1, 1], [0, 1, 0]);
  wheelsOf(b, { length, width: 2 * w }, looks);
  return { mesh: b.build(), length, width: 2 * w };
}
