import { describe, expect, it } from 'vitest';
import { DistanceCurve } from './distance.js';
import { meanIou } from './metrics.js';

describe('DistanceCurve', () => {
  it('scores each distance over all of its frames', () => {
    const curve = new DistanceCurve(2);
    const truth = Uint8Array.of(0, 0, 1, 1);
    curve.add(0, truth, truth);
    curve.add(3, Uint8Array.of(0, 1, 1, 1), truth);
    curve.add(0, truth, truth);
    curve.add(3, truth, truth);
    // Distance 3: class 0 is 3 of 4, class 1 4 of 5.
    expect(curve.points()).toEqual([
      { distance: 0, frames: 2, meanIou: 1 },
      { distance: 3, frames: 2, meanIou: (3 / 4 + 4 / 5) / 2 },
    ]);
    // All frames: class 0 is 7 of 8, class 1 8 of 9.
    expect(meanIou(curve.overall())).toBeCloseTo((7 / 8 + 8 / 9) / 2, 12);
  });

  it('is empty without frames and refuses what is no distance', () => {
    const curve = new DistanceCurve(2);
    expect(curve.points()).toEqual([]);
    expect(() => curve.add(-1, new Uint8Array(1), new Uint8Array(1))).toThrow(RangeError);
  });
});
