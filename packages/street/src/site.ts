/** A place under construction, and what is built there: things that stand and things that go. */

import type { Figure } from './body-parts.js';
import type { Looks } from './looks.js';
import type { Mesh } from './mesh.js';
import type { Plot } from './plot.js';
import type { Pool } from './pool.js';
import type { Place, Profile, Track } from './route.js';

/** Something that does not move. */
export interface Still {
  readonly mesh: Mesh;
  readonly place: Place;
  readonly height: number;
  readonly body: number;
  /** Half its length and width, for the shade under it; without one it has none. */
  readonly foot?: readonly [length: number, width: number];
}

/** Something that goes along a track at an even speed; before the track's start and after its end it is not there. */
export interface Mover {
  readonly parts: readonly Mesh[];
  readonly figure?: Figure;
  readonly track: Track;
  /** Metres along the track at time 0, and metres a second. */
  readonly start: number;
  readonly speed: number;
  readonly height: number;
  readonly body: number;
  /** Half its length and width, for the shade under it. */
  readonly foot: readonly [length: number, width: number];
}

export interface TownContext {
  readonly seed: number;
  readonly profile: Profile;
  readonly looks: Looks;
  readonly pool: Pool;
  /** Gives a number that no other body has. */
  readonly nextBody: () => number;
}

/** How a street is built up. */
export type Character = 'terrace' | 'suburb' | 'centre' | 'park';

export class Site {
  readonly stills: Still[] = [];
  readonly movers: Mover[] = [];

  constructor(
    readonly town: TownContext,
    /** About when the camera gets here, seconds: what moves is timed by it. */
    readonly arrival: number,
  ) {}

  still(mesh: Mesh, place: Place, height = 0, foot?: readonly [number, number]): void {
    this.stills.push({ mesh, place, height, body: this.town.nextBody(), foot });
  }

  plot(plot: Plot): void {
    if (plot.builder.vertices > 0) this.still(plot.builder.build(), { ...plot.origin, heading: 0 });
  }
}
