/** The things of one scene that are used again and again, made when first wanted. */

import type { Figure } from './body-parts.js';
import { type Draw, drawFrom } from './choice.js';
import { makeCyclist } from './cyclists.js';
import { makeLamp, makePost, makeSign, makeTrafficLight, makeTree } from './furniture.js';
import type { Looks } from './looks.js';
import type { Mesh } from './mesh.js';
import { makePedestrian } from './pedestrians.js';
import { makeVehicle, type Vehicle } from './vehicles.js';

class Kind<T> {
  private readonly made = new Map<number, T>();

  constructor(
    private readonly variants: number,
    private readonly make: (variant: number) => T,
  ) {}

  /** One of the variants. */
  draw(draw: Draw): T {
    const variant = Math.floor(draw() * this.variants);
    let thing = this.made.get(variant);
    if (thing === undefined) {
      thing = this.make(variant);
      this.made.set(variant, thing);
    }
    return thing;
  }
}

export class Pool {
  readonly trees: Kind<Mesh>;
  readonly lamps: Kind<Mesh>;
  readonly signs: Kind<Mesh>;
  readonly trafficLights: Kind<Mesh>;
  readonly posts: Kind<Mesh>;
  readonly vehicles: Kind<Vehicle>;
  readonly pedestrians: Kind<Figure>;
  readonly cyclists: Kind<Figure>;

  constructor(seed: number, looks: Looks) {
    const kind = <T>(stream: number, variants: number, make: (draw: Draw, looks: Looks) => T): Kind<T> =>
      new Kind(variants, (variant) => make(drawFrom(seed, 30 + stream, variant), looks));
    this.trees = kind(0, 5, makeTree);
    this.lamps = kind(1, 2, makeLamp);
    this.signs = kind(2, 10, makeSign);
    this.trafficLights = kind(3, 3, makeTrafficLight);
    this.posts = kind(4, 2, makePost);
    this.vehicles = kind(5, 12, makeVehicle);
    this.pedestrians = kind(6, 16, makePedestrian);
    this.cyclists = kind(7, 6, makeCyclist);
  }
}
