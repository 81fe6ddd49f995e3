/** How much of the pictures is of each class. */
import { addLabelAreas } from '../kernels/label-maps.js';
import type { NamedClass } from './class-choice.js';

/** Pixels of each of the 256 values that labels may have. */
export function labelAreas(labels: Uint8Array): Uint32Array {
  const areas = new Uint32Array(256);
  addLabelAreas(labels, areas);
  return areas;
}

/** What a run saw of a class. */
export interface ClassSummary extends NamedClass {
  /** Share of the picture, mean over all frames; null where there were none. */
  readonly meanShare: number | null;
  /** Largest share in one frame; null where there were none. */
  readonly largestShare: number | null;
  /** Frames that have some of it. */
  readonly frames: number;
  /** Times of the first and the last of them, seconds; null where none has any. */
  readonly firstSeen: number | null;
  readonly lastSeen: number | null;
}

interface Seen {
  shares: number;
  largest: number;
  frames: number;
  first: number | null;
  last: number | null;
}

/** Adds up what frames hold, class by class. */
export class ClassAreas {
  readonly #seen: readonly Seen[];
  #frames = 0;

  constructor(readonly classes: readonly NamedClass[]) {
    this.#seen = classes.map(() => ({ shares: 0, largest: 0, frames: 0, first: null, last: null }));
  }

  /**
   * @param areas pixels of each label
   * @param pixels of the frame
   * @param seconds its time
   */
  add(areas: Uint32Array, pixels: number, seconds: number): void {
    this.#frames++;
    for (const [i, { id }] of this.classes.entries()) {
      if (areas[id] === 0) continue;
      const share = areas[id] / pixels;
      const seen = this.#seen[i];
      seen.shares += share;
      seen.largest = Math.max(seen.largest, share);
      seen.frames++;
      seen.first ??= seconds;
      seen.last = seconds;
    }
  }

  /** The figures up to now, by id. */
  report(): ClassSummary[] {
    const frames = this.#frames;
    return this.classes.map(({ id, name }, i) => {
      const seen = this.#seen[i];
      return {
        id,
        name,
        meanShare: frames > 0 ? seen.shares / frames : null,
        largestShare: frames > 0 ? seen.largest : null,
        frames: seen.frames,
        firstSeen: seen.first,
        lastSeen: seen.last,
      };
    });
  }
}
