/** The ground: asphalt with its markings, pavement of slabs behind a kerb, side streets, grass; shadows on it. */
import { CAMVID } from '../classes.js';
import { type Hit, setHit, type View } from './hit.js';
import { FENCE, type FrontageTable, KERB } from './street.js';
import type { Noise } from './texture.js';

const ROAD = CAMVID.classes.indexOf('road');
const PAVEMENT = CAMVID.classes.indexOf('pavement');
/** CamVid's 11 classes count grass among the trees. */
const GRASS = CAMVID.classes.indexOf('tree');

/** No shadow reaches further from its centre, metres. */
export const SHADOW_REACH = 3;

/** Width of the pavement along a side street, metres. */
const SIDE_PAVEMENT = 1.3;

/** A dark blob below a car: its centre, half sizes (metres) and heading (radians). */
export interface Shadow {
  readonly x: number;
  readonly z: number;
  readonly halfWidth: number;
  readonly halfLength: number;
  readonly heading: number;
}

export class Ground {
  constructor(
    private readonly tables: readonly [FrontageTable, FrontageTable],
    private readonly noise: Noise,
  ) {}

  paint(view: View, across: number, depth: number, shadows: readonly Shadow[], hit: Hit): true {
    const x = view.x + across * depth;
    const z = view.z + depth;
    const off = Math.abs(x);
    const footprint = depth * view.pixel;
    const grain = this.noise.detail(x * 5, z * 5, footprint * 5) + 0.5 * this.noise.at(x * 0.7, z * 0.25);
    const shade = shadows.length > 0 ? shadowAt(x, z, shadows) : 1;
    const table = this.tables[x < 0 ? 0 : 1];
    const frontage = table.frontages[table.indexAt(z)];
    const crossing = frontage?.kind === 'street';
    if (off < KERB) return this.asphalt(off, z, depth, grain, shade, !crossing, hit);
    if (crossing && z > frontage.start + SIDE_PAVEMENT && z < frontage.end - SIDE_PAVEMENT) {
      return this.asphalt(off, z, depth, grain, shade, false, hit);
    }
    if (frontage?.kind === 'garden' && off > FENCE) {
      const blade = this.noise.detail(x * 9, z * 9, footprint * 9);
      return setHit(hit, GRASS, depth, 84 + 20 * blade, 98 + 22 * blade, 56 + 16 * blade);
    }
    const joint = footprint < 0.025 && (within(z * 1.2, 0.05) || within(off * 1.4, 0.05));
    const kerb = off < KERB + 0.18;
    const gutter = off < KERB + 0.05 ? 0.7 : 1;
    const value = ((kerb ? 158 : 132) + 12 * grain - (joint ? 24 : 0)) * shade * gutter;
    return setHit(hit, PAVEMENT, depth, value, value - 3, value - 8);
  }

  private asphalt(
    off: number,
    z: number,
    depth: number,
    grain: number,
    shade: number,
    marked: boolean,
    hit: Hit,
  ): true {
    const dash = off < 0.07 && within(z * 0.17, 0.5);
    const edge = Math.abs(off - (KERB - 0.3)) < 0.045;
    const worn = 1 - 0.12 * Math.exp(-((Math.abs(off - 1.9) - 0.75) ** 2) * 6);
    const patch = this.noise.at(z * 0.06 + 9, off * 0.2) > 0.45 ? 0.88 : 1;
    const value = shade * (marked && (dash || edge) ? 178 + 14 * grain : (90 + 12 * grain) * worn * patch);
    return setHit(hit, ROAD, depth, value, value, value + 3);
  }
}

const within = (value: number, share: number): boolean => value - Math.floor(value) < share;

/** 1 in the light, darker towards the middle of a shadow. */
function shadowAt(x: number, z: number, shadows: readonly Shadow[]): number {
  let light = 1;
  for (const shadow of shadows) {
    const dx = x - shadow.x;
    const dz = z - shadow.z;
    if (dx * dx + dz * dz > SHADOW_REACH ** 2) continue;
    const sin = Math.sin(shadow.heading);
    const cos = Math.cos(shadow.heading);
    const across = (dx * cos - dz * sin) / shadow.halfWidth;
    const along = (dx * sin + dz * cos) / shadow.halfLength;
    const inside = across * across + along * along;
    if (inside < 1) light *= Math.min(1, 0.3 + 0.7 * inside * inside);
  }
  return light;
}
