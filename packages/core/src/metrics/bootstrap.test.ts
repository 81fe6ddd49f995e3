import { describe, expect, it } from 'vitest';
import { type Random, seededRandom } from '../random.js';
import { bootstrapDifference, bootstrapInterval, bootstrapIntervals } from './bootstrap.js';
import { ConfusionMatrix } from './confusion.js';
import { classIou, meanIou, pixelAccuracy } from './metrics.js';

/** A sequence of two classes in which so many of `pixels` are right. */
function sequence(right: number, pixels = 100): ConfusionMatrix {
  const matrix = new ConfusionMatrix(2);
  matrix.counts[0] = right;
  matrix.counts[1] = pixels - right;
  return matrix;
}

const gaussian = (random: Random) =>
  Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());

describe('bootstrapInterval', () => {
  it('holds what a handful of sequences can be drawn as', () => {
    // Two sequences: a quarter of the draws each are all right and all wrong, half are half right.
    const pair = [sequence(0), sequence(100)];
    expect(bootstrapInterval(pair, pixelAccuracy)).toEqual({ lower: 0, upper: 1 });
    expect(bootstrapInterval(pair, pixelAccuracy, { level: 0.4 })).toEqual({ lower: 0.5, upper: 0.5 });
    const alike = [sequence(30), sequence(30), sequence(30)];
    expect(bootstrapInterval(alike, pixelAccuracy)).toEqual({ lower: 0.3, upper: 0.3 });
  });

  it('sums the sequences’ matrices, so that longer ones weigh more', () => {
    const { lower, upper } = bootstrapInterval([sequence(0, 300), sequence(100, 100)], pixelAccuracy, {
      level: 0.4,
    });
    expect([lower, upper]).toEqual([0.25, 0.25]);
  });

  it('covers the true figure about as often as it says', () => {
    const random = seededRandom(11);
    let covered = 0;
    for (let set = 0; set < 200; set++) {
      const sequences = Array.from({ length: 40 }, () => sequence(7000 + 500 * gaussian(random), 10_000));
      const { lower, upper } = bootstrapInterval(sequences, pixelAccuracy, { resamples: 300, seed: set });
      if (lower <= 0.7 && 0.7 <= upper) covered++;
    }
    // 0.95, less a little for the percentile method on 40 sequences; three standard errors to either side.
    expect(covered / 200).toBeGreaterThan(0.88);
    expect(covered / 200).toBeLessThan(0.99);
  });

  it('depends on its seed alone', () => {
    const random = seededRandom(5);
    const sequences = Array.from({ length: 12 }, () => sequence(Math.floor(100 * random())));
    const interval = bootstrapInterval(sequences, meanIou, { seed: 3 });
    expect(bootstrapInterval(sequences, meanIou, { seed: 3 })).toEqual(interval);
    expect(bootstrapInterval(sequences, meanIou, { seed: 4 })).not.toEqual(interval);
    const wider = bootstrapInterval(sequences, meanIou, { seed: 3, level: 0.99 });
    expect(wider.lower).toBeLessThan(interval.lower);
    expect(wider.upper).toBeGreaterThan(interval.upper);
  });

  it('leaves out resamples without the class, and is NaN where none has it', () => {
    const rare = new ConfusionMatrix(2);
    rare.counts[0] = 1;
    rare.counts[4] = 1;
    const sequences = [sequence(100), sequence(100), rare];
    // Class 1 is right wherever it occurs; a third class is nowhere.
    expect(bootstrapInterval(sequences, (matrix) => classIou(matrix)[1])).toEqual({ lower: 1, upper: 1 });
    expect(bootstrapInterval(sequences, () => Number.NaN).lower).toBeNaN();
  });

  it('gives several figures of the same draws', () => {
    const random = seededRandom(6);
    const sequences = Array.from({ length: 7 }, () => sequence(Math.floor(100 * random())));
    const figures = [meanIou, pixelAccuracy];
    const together = bootstrapIntervals(sequences, (sum) => figures.map((figure) => figure(sum)));
    expect(together).toEqual(figures.map((figure) => bootstrapInterval(sequences, figure)));
  });

  it('refuses a single sequence', () => {
    expect(() => bootstrapInterval([sequence(1)], meanIou)).toThrow(/1 sequences cannot be resampled/);
  });
});

describe('bootstrapDifference', () => {
  it('is nothing for a model against itself', () => {
    const random = seededRandom(2);
    const sequences = Array.from({ length: 9 }, () => sequence(Math.floor(100 * random())));
    expect(bootstrapDifference(sequences, sequences, meanIou)).toEqual({ lower: 0, upper: 0 });
  });

  it('sees a small gain on every sequence through the large differences between them', () => {
    const random = seededRandom(8);
    const first = Array.from({ length: 20 }, () => sequence(200 + Math.floor(600 * random()), 1000));
    const second = first.map(({ counts }) => sequence(counts[0] + 10 + Math.floor(20 * random()), 1000));
    const [a, b] = [first, second].map((model) => bootstrapInterval(model, pixelAccuracy));
    expect(a.upper).toBeGreaterThan(b.lower);
    const { lower, upper } = bootstrapDifference(first, second, pixelAccuracy);
    expect(lower).toBeGreaterThan(0.01);
    expect(upper).toBeLessThan(0.03);
  });

  it('refuses models scored on different sequences', () => {
    const two = [sequence(1), sequence(2)];
    expect(() => bootstrapDifference(two, [...two, sequence(3)], meanIou)).toThrow(/2 and 3 sequences/);
  });
});
