/** Rules over labels: a class covers more than a share of a region, or no longer does. */
import type { PictureSize } from '../runtime/frame-call.js';
import { labelAreas } from '../segment/class-areas.js';

export interface AreaRule {
  readonly name: string;
  /** Ids of classes whose areas count together. */
  readonly classes: readonly number[];
  /** Corners of the region, shares of the picture's width and height; default: all of it. */
  readonly polygon?: readonly (readonly [x: number, y: number])[];
  /** Share of the region, above which they have entered. */
  readonly share: number;
  /** Seconds that they must be there, or gone, before it counts; default 0. */
  readonly after?: number;
}

export interface AreaEvent {
  readonly rule: string;
  readonly event: 'enters' | 'leaves';
  /** Of the region, now. */
  readonly share: number;
}

/** They have left when their share is below this part of the rule's: one at the border comes and goes but once. */
const LEAVES = 0.75;

/** Watches one camera by one rule. */
export class AreaWatch {
  #spans: Spans | undefined;
  #size = '';
  #inside = false;
  /** Since when it is otherwise than told, seconds. */
  #since: number | undefined;
  /** Of the region, in the last frame. */
  share = 0;

  constructor(readonly rule: AreaRule) {}

  /** Whether they are inside, as far as it was told. */
  get inside(): boolean {
    return this.#inside;
  }

  /** @param seconds the frame's time */
  look(labels: Uint8Array, size: PictureSize, seconds: number): AreaEvent | undefined {
    const { rule } = this;
    this.share = this.#shareOf(labels, size);
    const isOther = this.#inside ? this.share < LEAVES * rule.share : this.share >= rule.share;
    if (!isOther) {
      this.#since = undefined;
      return undefined;
    }
    this.#since ??= seconds;
    if (seconds - this.#since < (rule.after ?? 0)) return undefined;
    this.#since = undefined;
    this.#inside = !this.#inside;
    return { rule: rule.name, event: this.#inside ? 'enters' : 'leaves', share: this.share };
  }

  #shareOf(labels: Uint8Array, size: PictureSize): number {
    const { classes, polygon } = this.rule;
    let region = labels;
    if (polygon) {
      const text = `${size.width}×${size.height}`;
      if (text !== this.#size) this.#spans = new Spans(polygon, size);
      this.#size = text;
      region = this.#spans!.of(labels);
    }
    if (region.length === 0) return 0;
    const areas = labelAreas(region);
    return classes.reduce((sum, id) => sum + areas[id], 0) / region.length;
  }
}

/** The pixels of a polygon, as runs of a label map's rows: those whose centres lie within (even-odd). */
class Spans {
  readonly #runs: [start: number, end: number][] = [];
  readonly #gathered: Uint8Array;

  constructor(polygon: NonNullable<AreaRule['polygon']>, { width, height }: PictureSize) {
    for (let y = 0; y < height; y++) {
      const crossings = crossingsAt((y + 0.5) / height, polygon).map((x) =>
        clamp(Math.ceil(x * width - 0.5), width),
      );
      for (let i = 0; i + 1 < crossings.length; i += 2)
        if (crossings[i + 1] > crossings[i])
          this.#runs.push([y * width + crossings[i], y * width + crossings[i + 1]]);
    }
    this.#gathered = new Uint8Array(this.#runs.reduce((sum, [start, end]) => sum + end - start, 0));
  }

  of(labels: Uint8Array): Uint8Array {
    let at = 0;
    for (const [start, end] of this.#runs) {
      this.#gathered.set(labels.subarray(start, end), at);
      at += end - start;
    }
    return this.#gathered;
  }
}

const clamp = (x: number, width: number): number => Math.max(0, Math.min(width, x));

/** Where a polygon's edges cross a row, from left to right. */
function crossingsAt(y: number, polygon: NonNullable<AreaRule['polygon']>): number[] {
  return polygon
    .flatMap(([x0, y0], i) => {
      const [x1, y1] = polygon[(i + 1) % polygon.length];
      return y0 <= y !== y1 <= y ? [x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)] : [];
    })
    .sort((a, b) => a - b);
}
