/** What a ray through the street meets of all that stands still: ground, buildings, gardens, sky. */
import { CAMVID } from '../classes.js';
import { Buildings } from './buildings.js';
import { Ground, type Shadow } from './ground.js';
import { type Hit, setHit, type View } from './hit.js';
import { FACADE, FENCE, FrontageTable, type Street } from './street.js';
import type { Noise } from './texture.js';

const SKY = CAMVID.classes.indexOf('sky');
const FENCED = CAMVID.classes.indexOf('fence');
const TREE = CAMVID.classes.indexOf('tree');

const FENCE_HEIGHT = 1.3;
/** Distances behind the facade, metres: a building's ridge and back, a garden's hedge, a side street's end. */
const RIDGE = 4.5;
const BACK = 2 * RIDGE;
const HEDGE = 4;
const SIDE_STREET = 22;
/** How far in front of the camera trees close the street. */
const FAR = 260;

/** What closes a side street. */
const TERRACE = {
  kind: 'building',
  start: 0,
  end: 0,
  height: 6.5,
  pitch: 0.7,
  colour: [150, 128, 108],
  trim: [70, 50, 46],
  shop: false,
  bay: 2.8,
  door: 1,
} as const;

export class Surfaces {
  private readonly tables: readonly [FrontageTable, FrontageTable];
  private readonly buildings: Buildings;
  private readonly ground: Ground;

  constructor(
    street: Street,
    private readonly noise: Noise,
  ) {
    this.tables = [new FrontageTable(street.sides[0]), new FrontageTable(street.sides[1])];
    this.buildings = new Buildings(noise);
    this.ground = new Ground(this.tables, noise);
  }

  /** Follows the ray (across, down, 1) from the camera. */
  trace(view: View, across: number, down: number, shadows: readonly Shadow[], hit: Hit): void {
    const ground = down > 1e-4 ? view.height / down : Number.POSITIVE_INFINITY;
    const end = Math.min(ground, FAR);
    if (this.fence(view, across, down, end, hit)) return;
    if (this.frontage(view, across, down, end, hit)) return;
    if (ground < FAR) this.ground.paint(view, across, ground, shadows, hit);
    else if (view.height - down * FAR < 9 + 4 * this.noise.at(across * 90, 3)) this.leaves(hit, FAR, 0.2);
    else this.sky(view, across, down, hit);
  }

  /** Depth at which the ray is `distance` metres off the street's middle. */
  private depthAt(view: View, across: number, distance: number): number {
    if (Math.abs(across) < 1e-5) return Number.POSITIVE_INFINITY;
    return (Math.sign(across) * distance - view.x) / across;
  }

  private fence(view: View, across: number, down: number, end: number, hit: Hit): boolean {
    const depth = this.depthAt(view, across, FENCE);
    const above = view.height - down * depth;
    if (depth >= end || above > FENCE_HEIGHT) return false;
    const table = this.tables[across < 0 ? 0 : 1];
    const z = view.z + depth;
    if (table.frontages[table.indexAt(z)]?.kind !== 'garden') return false;
    const bar = z * 7 - Math.floor(z * 7) < 0.35 || above > 1.15 || above < 0.18;
    const value = bar ? 62 : 88 + 22 * this.noise.detail(z * 9, above * 9, depth * view.pixel * 9);
    return setHit(hit, FENCED, depth, value, value + 3, value - 2);
  }

  /**
   * Walks the ray from where it passes the line of facades from one frontage to the next: each may stop it
   * with its facade, its roof or what closes it at the back, and the next one with its end wall.
   */
  private frontage(view: View, across: number, down: number, end: number, hit: Hit): boolean {
    let depth = this.depthAt(view, across, FACADE);
    if (depth >= end) return false;
    const side = across < 0 ? 0 : 1;
    const { frontages } = this.tables[side];
    let index = this.tables[side].indexAt(view.z + depth);
    if (index < 0) return false;
    const steep = Math.abs(across);
    const behind = -Math.abs(depth * steep); // the ray is steep · t + behind metres behind the facade
    const first = frontages[index];
    const above = view.height - down * depth;
    if (above < first.height)
      return this.buildings.facade(view, first, side, view.z + depth, above, depth, hit);
    const back = Math.min(end, this.depthAt(view, across, FACADE + SIDE_STREET));
    while (depth < back) {
      const exit = Math.min(back, frontages[index].end - view.z);
      if (this.inside(view, index, side, down, steep, behind, depth, exit, hit)) return true;
      if (exit >= back || ++index >= frontages.length) break;
      depth = exit;
      const next = frontages[index];
      const far = steep * depth + behind;
      const up = view.height - down * depth;
      const top = next.height + next.pitch * Math.min(far, BACK - far);
      if (next.kind === 'building' && far < BACK && up < top)
        return this.buildings.gable(view, next, far, up, depth, hit);
    }
    return false;
  }

  /** What the ray meets behind one frontage's facade, between two depths. */
  private inside(
    view: View,
    index: number,
    side: number,
    down: number,
    steep: number,
    behind: number,
    from: number,
    to: number,
    hit: Hit,
  ): boolean {
    const frontage = this.tables[side].frontages[index];
    if (frontage.kind === 'building') {
      const { pitch, height } = frontage;
      const depth = (view.height - height - pitch * behind) / (down + pitch * steep);
      const far = steep * depth + behind;
      if (pitch === 0 || depth < from || depth > to || far < 0 || far > RIDGE) return false;
      return this.buildings.roof(view, frontage, view.z + depth, far / RIDGE, depth, hit);
    }
    const depth = ((frontage.kind === 'garden' ? HEDGE : SIDE_STREET - 0.1) - behind) / steep;
    if (depth < from || depth > to) return false;
    const above = view.height - down * depth;
    const z = view.z + depth;
    if (frontage.kind === 'street')
      return above < TERRACE.height && this.buildings.facade(view, TERRACE, 0, z, above, depth, hit);
    const top = 3.6 + 1.1 * this.noise.at(z * 0.6, 7) + 0.5 * this.noise.at(z * 3, 17);
    if (above > top) return false;
    return this.leaves(hit, depth, this.noise.detail(z * 4, above * 4, depth * view.pixel * 4));
  }

  private leaves(hit: Hit, depth: number, leaf: number): true {
    return setHit(hit, TREE, depth, 64 + 34 * leaf, 76 + 36 * leaf, 46 + 26 * leaf);
  }

  private sky(view: View, across: number, down: number, hit: Hit): void {
    const up = Math.max(0, -down);
    const scale = 1 / (up + 0.12);
    const drift = view.time * 0.02;
    const cloud = this.noise.detail(across * scale * 1.3 + drift + 40, scale * 1.6, 0) * 0.5 + 0.5;
    const blue = Math.min(1, up * 1.6);
    const [r, g, b] = [
      214 - 44 * blue + 26 * cloud,
      220 - 28 * blue + 20 * cloud,
      228 - 6 * blue + 10 * cloud,
    ];
    setHit(hit, SKY, Number.POSITIVE_INFINITY, r, g, b);
  }
}
