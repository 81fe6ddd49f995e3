/** What a method scores on a labelled clip, kept by stretch and distance so that intervals can be drawn. */
import { BoundaryBand } from '@twnet/core/metrics/boundary-band';
import { ConfusionMatrix } from '@twnet/core/metrics/confusion';
import type { ScoredFrame } from '../accuracy/clip-figures.js';

export interface ClipScoresOptions {
  readonly width: number;
  readonly height: number;
  readonly classes: number;
  /** Pictures of the clip. */
  readonly pictures: number;
  /** Pictures of a stretch: what intervals are drawn from, since neighbouring frames are too alike to be drawn singly. */
  readonly stretch: number;
  /** Half width of the band along boundaries, pixels; without, it is not scored. */
  readonly boundary?: number;
}

/** Confusion matrices, one a stretch in the same order everywhere. */
export type Stretches = readonly ConfusionMatrix[];

export class ClipScores {
  /** Every picture once: of the stream that begins with the first one. */
  readonly all: Stretches;
  /** In the band along boundaries, of the same stream. */
  readonly band: Stretches | undefined;
  readonly #distances: ConfusionMatrix[][] = [];
  readonly #frames: number[] = [];
  readonly #band: BoundaryBand | undefined;
  readonly #empty: () => ConfusionMatrix[];

  constructor(readonly options: ClipScoresOptions) {
    const { width, height, classes, pictures, stretch, boundary } = options;
    const count = Math.ceil(pictures / stretch);
    this.#empty = () => Array.from({ length: count }, () => new ConfusionMatrix(classes));
    this.all = this.#empty();
    if (boundary === undefined) return;
    this.band = this.#empty();
    this.#band = new BoundaryBand(width, height, boundary);
  }

  /** @param start picture that the stream begins with */
  add(start: number, { picture, distance, labels, truth }: Omit<ScoredFrame, 'index'>): void {
    const stretch = Math.floor(picture / this.options.stretch);
    this.#distances[distance] ??= this.#empty();
    this.#distances[distance][stretch].add(labels, truth);
    this.#frames[distance] = (this.#frames[distance] ?? 0) + 1;
    if (start > 0) return;
    this.all[stretch].add(labels, truth);
    if (this.#band) this.band![stretch].add(labels, this.#band.of(truth));
  }

  /** Of all streams, nearest first. */
  get distances(): { readonly distance: number; readonly frames: number; readonly stretches: Stretches }[] {
    return this.#distances.flatMap((stretches, distance) =>
      stretches ? [{ distance, frames: this.#frames[distance], stretches }] : [],
    );
  }
}

/** All stretches in one matrix. */
export function summed(stretches: Stretches): ConfusionMatrix {
  const sum = new ConfusionMatrix(stretches[0].classes);
  for (const matrix of stretches) sum.merge(matrix);
  return sum;
}
