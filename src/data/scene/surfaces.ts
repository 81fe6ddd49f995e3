/** What a ray through the street meets: road, pavement, facade, fence or sky. */
import { CAMVID } from '../classes.js';
import { FACADE, FENCE, type Frontage, KERB, type Street } from './street.js';
import type { Noise } from './texture.js';

const id = (name: string): number => CAMVID.classes.indexOf(name);
const SKY = id('sky');
const BUILDING = id('building');
const ROAD = id('road');
const PAVEMENT = id('pavement');
const FENCED = id('fence');
const TREE = id('tree');

/** What was met; reused for every pixel. */
export interface Hit {
  label: number;
  /** Metres along the street from the camera; infinite for the sky. */
  depth: number;
  r: number;
  g: number;
  b: number;
}

/** A dark blob below a car: its centre and half sizes, metres. */
export interface Shadow {
  readonly x: number;
  readonly z: number;
  readonly halfWidth: number;
  readonly halfLength: number;
}

export interface View {
  readonly x: number;
  readonly height: number;
  readonly z: number;
  /** Seconds; clouds drift. */
  readonly time: number;
  /** Width of a pixel at one metre, metres. */
  readonly pixel: number;
}

export class Surfaces {
  constructor(
    private readonly street: Street,
    private readonly noise: Noise,
  ) {}

  /** Follows the ray (across, down, 1) from the camera. */
  trace(view: View, across: number, down: number, shadows: readonly Shadow[], hit: Hit): void {
    const ground = down > 1e-4 ? view.height / down : Number.POSITIVE_INFINITY;
    const side = across < 0 ? 0 : 1;
    const wall = this.wallDepth(view, across, FACADE);
    if (wall < ground) {
      const frontage = this.frontageAt(side, view.z + wall);
      const above = view.height - down * wall;
      if (frontage && frontage.height > above) {
        this.facade(view, frontage, side, wall, above, hit);
        return;
      }
    }
    const fence = this.wallDepth(view, across, FENCE);
    if (fence < ground && this.isGap(side, view.z + fence)) {
      const above = view.height - down * fence;
      if (above < 1.3) {
        this.fence(view, fence, above, hit);
        return;
      }
      const hedge = this.wallDepth(view, across, FACADE + 4);
      const top = 4.2 + 1.6 * this.noise.at((view.z + hedge) * 0.6, 7);
      if (view.height - down * hedge < top && hedge < ground) {
        this.hedge(view, hedge, view.height - down * hedge, hit);
        return;
      }
    }
    if (ground < 400) this.ground(view, across, ground, shadows, hit);
    else this.sky(view, across, down, hit);
  }

  private wallDepth(view: View, across: number, distance: number): number {
    if (Math.abs(across) < 1e-5) return Number.POSITIVE_INFINITY;
    return (Math.sign(across) * distance - view.x) / across;
  }

  private frontageAt(side: number, z: number): Frontage | undefined {
    return this.street.sides[side].find(({ start, end }) => z >= start && z < end);
  }

  private isGap(side: number, z: number): boolean {
    return this.frontageAt(side, z)?.height === 0;
  }

  private facade(
    view: View,
    { colour, start, bay, height }: Frontage,
    side: number,
    depth: number,
    above: number,
    hit: Hit,
  ): void {
    const z = view.z + depth;
    const along = (z - start) / bay;
    const floor = above / 2.9;
    const inBay = along - Math.floor(along);
    const inFloor = floor - Math.floor(floor);
    const shop = above < 2.9;
    const window = inBay > 0.22 && inBay < 0.78 && inFloor > 0.28 && inFloor < 0.82 && above < height - 0.6;
    const light = side === 1 ? 0.78 : 1.04;
    const footprint = depth * view.pixel * 6;
    const grain =
      1 + 0.16 * this.noise.detail(z * 6, above * 6, footprint) + 0.08 * this.noise.at(z * 0.4, above * 0.4);
    const course = Math.abs(inFloor - 0.02) < 0.03 || above > height - 0.35 ? 0.82 : 1;
    if (window || (shop && inBay > 0.08 && inBay < 0.92 && inFloor > 0.12 && inFloor < 0.85)) {
      const glass = 46 + 26 * this.noise.at(Math.floor(along) * 3.1, Math.floor(floor) * 5.7) + 30 * inFloor;
      this.set(hit, BUILDING, depth, glass * light, (glass + 6) * light, (glass + 12) * light);
    } else {
      const shade = light * grain * course;
      this.set(hit, BUILDING, depth, colour[0] * shade, colour[1] * shade, colour[2] * shade);
    }
  }

  private fence(view: View, depth: number, above: number, hit: Hit): void {
    const z = view.z + depth;
    const bar = z * 7 - Math.floor(z * 7) < 0.35 || above > 1.15 || above < 0.18;
    const value = bar ? 58 : 84 + 22 * this.noise.detail(z * 9, above * 9, depth * view.pixel * 9);
    this.set(hit, FENCED, depth, value, value + 4, value - 2);
  }

  private hedge(view: View, depth: number, above: number, hit: Hit): void {
    const z = view.z + depth;
    const leaf = this.noise.detail(z * 3, above * 3, depth * view.pixel * 3);
    this.set(hit, TREE, depth, 62 + 34 * leaf, 74 + 36 * leaf, 46 + 26 * leaf);
  }

  private ground(view: View, across: number, depth: number, shadows: readonly Shadow[], hit: Hit): void {
    const x = view.x + across * depth;
    const z = view.z + depth;
    const footprint = depth * view.pixel * 5;
    const grain = this.noise.detail(x * 5, z * 5, footprint) + 0.5 * this.noise.at(x * 0.7, z * 0.25);
    if (Math.abs(x) >= KERB) {
      const slab =
        (z * 1.2 - Math.floor(z * 1.2) < 0.05 || Math.abs(x) * 1.4 - Math.floor(Math.abs(x) * 1.4) < 0.05) &&
        depth < 40;
      const kerb = Math.abs(x) < KERB + 0.18;
      const value = (kerb ? 168 : 138) + 12 * grain - (slab ? 26 : 0);
      this.set(hit, PAVEMENT, depth, value, value - 3, value - 9);
      return;
    }
    const dash = Math.abs(x) < 0.07 && z * 0.17 - Math.floor(z * 0.17) < 0.5;
    const edge = Math.abs(Math.abs(x) - (KERB - 0.35)) < 0.05;
    const worn = 1 - 0.12 * Math.exp(-((Math.abs(Math.abs(x) - 1.9) - 0.75) ** 2) * 6);
    let value = dash || edge ? 190 + 10 * grain : (88 + 11 * grain) * worn;
    for (const shadow of shadows) {
      const dx = (x - shadow.x) / shadow.halfWidth;
      const dz = (z - shadow.z) / shadow.halfLength;
      const inside = dx * dx + dz * dz;
      if (inside < 1) value *= 0.35 + 0.65 * inside;
    }
    this.set(hit, ROAD, depth, value, value, value + 3);
  }

  private sky(view: View, across: number, down: number, hit: Hit): void {
    const up = Math.max(0, -down);
    const scale = 1 / (up + 0.12);
    const drift = view.time * 0.02;
    const cloud = this.noise.detail(across * scale * 1.3 + drift + 40, scale * 1.6, 0) * 0.5 + 0.5;
    const blue = Math.min(1, up * 1.6);
    this.set(
      hit,
      SKY,
      Number.POSITIVE_INFINITY,
      214 - 44 * blue + 26 * cloud,
      220 - 28 * blue + 20 * cloud,
      228 - 6 * blue + 10 * cloud,
    );
  }

  private set(hit: Hit, label: number, depth: number, r: number, g: number, b: number): void {
    hit.label = label;
    hit.depth = depth;
    hit.r = r;
    hit.g = g;
    hit.b = b;
  }
}
