/** Buildings' walls and roofs: their windows, doors, shop fronts and bricks. */
import { CAMVID } from '../classes.js';
import { type Hit, setHit, type View } from './hit.js';
import type { Colour, Frontage } from './street.js';
import type { Noise } from './texture.js';

const BUILDING = CAMVID.classes.indexOf('building');
const STOREY = 2.9;
const FRAME: Colour = [198, 196, 190];
const SLATE: Colour = [88, 82, 82];

/** Light on walls by what they face: the left side of the street is lit, its right side is in shade. */
const LIGHT = { left: 1.06, right: 0.76, gable: 0.88 };

export class Buildings {
  constructor(private readonly noise: Noise) {}

  /** The wall along the street, at place `z` and `above` the ground. */
  facade(
    view: View,
    frontage: Frontage,
    side: number,
    z: number,
    above: number,
    depth: number,
    hit: Hit,
  ): true {
    const { start, bay, height, door, shop } = frontage;
    const light = side === 1 ? LIGHT.right : LIGHT.left;
    const bayAt = Math.floor((z - start) / bay);
    const across = (z - start) / bay - bayAt;
    const floor = Math.floor(above / STOREY);
    const up = above - floor * STOREY;
    if (floor === 0 && shop && above > 2.45) return this.flat(hit, depth, frontage.trim, light * 1.1);
    if (floor === 0 && bayAt === door && Math.abs(across - 0.5) * bay < 0.55 && above < 2.2) {
      const panel = Math.abs(across - 0.5) * bay < 0.42 && above > 0.2 && above < 2.05 ? 0.85 : 1.05;
      return this.flat(hit, depth, frontage.trim, light * panel);
    }
    if (above < height - 0.5) {
      const reach =
        floor === 0 && shop ? this.inWindow(across, up, 0.42, 0.45, 2.3) : this.inWindow(across, up, 0.27);
      if (reach > 0.14) return this.glass(hit, depth, bayAt, floor, up, across, light);
      if (reach > 0) return this.flat(hit, depth, FRAME, light);
    }
    const course = above > height - 0.3 || Math.abs(above - STOREY) < 0.1 ? 0.8 : 1;
    return this.wall(view, hit, frontage.colour, z, above, depth, light * course);
  }

  /** An end wall, facing the camera; `across` is the distance from the street's facade. */
  gable(view: View, { colour }: Frontage, across: number, above: number, depth: number, hit: Hit): true {
    return this.wall(view, hit, colour, across + 37, above, depth, LIGHT.gable);
  }

  roof(view: View, { start, end }: Frontage, z: number, up: number, depth: number, hit: Hit): true {
    const tile = this.noise.detail(z * 5, up * 9, depth * view.pixel * 9);
    const ridge = up > 0.97 || z - start < 0.15 || end - z < 0.15 ? 0.85 : 1;
    const shade = ridge * (1 + 0.2 * tile);
    return setHit(hit, BUILDING, depth, SLATE[0] * shade, SLATE[1] * shade, SLATE[2] * shade);
  }

  /** Metres from the window's edge inwards (0.1 of frame, then glass); at most 0 outside. */
  private inWindow(across: number, up: number, halfWidth: number, bottom = 0.9, top = 2.35): number {
    const aside = (halfWidth - Math.abs(across - 0.5)) * 2.6;
    return Math.min(aside, up - bottom, top - up) + (aside > 0 && Math.abs(across - 0.5) < 0.012 ? -0.1 : 0);
  }

  /** Dark glass that mirrors a little sky, or a curtain behind it. */
  private glass(
    hit: Hit,
    depth: number,
    bay: number,
    floor: number,
    up: number,
    across: number,
    light: number,
  ): true {
    const own = this.noise.at(bay * 3.1 + 0.4, floor * 5.7 + 0.3);
    const curtain = floor > 0 && own > 0.25 && Math.abs(across - 0.5) > 0.13;
    const value = curtain ? 136 : 44 + 24 * own + 16 * up + 8 * this.noise.at(across * 3 + bay, up * 2);
    return setHit(
      hit,
      BUILDING,
      depth,
      value * light,
      (value + (curtain ? -2 : 6)) * light,
      (value + (curtain ? -10 : 11)) * light,
    );
  }

  private flat(hit: Hit, depth: number, [r, g, b]: Colour, shade: number): true {
    return setHit(hit, BUILDING, depth, r * shade, g * shade, b * shade);
  }

  /** Bricks near by, weathering at any distance. */
  private wall(
    view: View,
    hit: Hit,
    [r, g, b]: Colour,
    along: number,
    above: number,
    depth: number,
    light: number,
  ): true {
    const footprint = depth * view.pixel;
    const fade = Math.max(0, 1 - 18 * footprint);
    const row = above * 9;
    const mortar = fade > 0 && row - Math.floor(row) < 0.18 ? 0.12 * fade : 0;
    const stone = this.noise.detail(along * 4, above * 9, footprint * 9);
    const weather = this.noise.at(along * 0.5, above * 0.35) - Math.max(0, 0.5 - above) * 0.8;
    const shade = light * (1 + 0.15 * stone + 0.09 * weather - mortar);
    return setHit(hit, BUILDING, depth, r * shade, g * shade, b * shade);
  }
}
