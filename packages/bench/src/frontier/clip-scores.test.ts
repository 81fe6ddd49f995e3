import { meanIou, pixelAccuracy } from '@twnet/core/metrics/metrics';
import { describe, expect, it } from 'vitest';
import { ClipScores, summed } from './clip-scores.js';

const SIZE = { width: 4, height: 1, classes: 2, pictures: 5, stretch: 2 };
const truth = Uint8Array.of(0, 0, 1, 1);

describe('ClipScores', () => {
  it('keeps pictures by their stretch and streams by distance, and all frames of the first stream alone', () => {
    const scores = new ClipScores(SIZE);
    for (let picture = 0; picture < 5; picture++)
      scores.add(0, { picture, distance: picture % 3, labels: Uint8Array.of(0, 0, 1, picture % 2), truth });
    scores.add(1, { picture: 1, distance: 0, labels: truth, truth });
    expect(scores.all.map((matrix) => matrix.counts.reduce((a, b) => a + b))).toEqual([8, 8, 4]);
    // Pictures 0, 2 and 4 have one pixel of four wrong.
    expect(pixelAccuracy(summed(scores.all))).toBeCloseTo(17 / 20, 12);
    expect(scores.distances.map(({ distance, frames }) => [distance, frames])).toEqual([
      [0, 3],
      [1, 2],
      [2, 1],
    ]);
    // Distance 0: picture 0 (wrong), 3 (right) and 1 of the second stream (right).
    expect(pixelAccuracy(summed(scores.distances[0].stretches))).toBeCloseTo(11 / 12, 12);
    expect(scores.band).toBeUndefined();
  });

  it('scores the band along boundaries where that is asked for', () => {
    const scores = new ClipScores({ ...SIZE, boundary: 1 });
    scores.add(0, { picture: 0, distance: 0, labels: Uint8Array.of(1, 0, 1, 0), truth });
    expect(meanIou(summed(scores.band!))).toBe(1);
    expect(meanIou(summed(scores.all))).toBeLessThan(1);
  });
});
