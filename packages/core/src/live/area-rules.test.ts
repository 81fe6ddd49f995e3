import { describe, expect, it } from 'vitest';
import { AreaWatch } from './area-rules.js';

const SIZE = { width: 20, height: 10 };
/** Class 1 in the left so many columns. */
const labels = (columns: number) => Uint8Array.from({ length: 200 }, (_, i) => (i % 20 < columns ? 1 : 0));

describe('a rule over a region', () => {
  it('counts the pixels whose centres lie in the polygon, in each half as in the whole', () => {
    const within = (polygon: [number, number][]) => {
      const watch = new AreaWatch({ name: 'r', classes: [1], polygon, share: 0.5 });
      watch.look(labels(5), SIZE, 0);
      return watch.share;
    };
    expect(
      within([
        [0, 0],
        [0.5, 0],
        [0.5, 1],
        [0, 1],
      ]),
    ).toBe(0.5);
    expect(
      within([
        [0.5, 0],
        [1, 0],
        [1, 1],
        [0.5, 1],
      ]),
    ).toBe(0);
    // A triangle over the left upper half, by each pixel.
    let [all, ones] = [0, 0];
    for (let y = 0; y < 10; y++)
      for (let x = 0; x < 20; x++)
        if ((x + 0.5) / 20 + (y + 0.5) / 10 < 1) {
          all++;
          if (x < 5) ones++;
        }
    expect(
      within([
        [0, 0],
        [1, 0],
        [0, 1],
      ]),
    ).toBeCloseTo(ones / all, 1);
    const whole = new AreaWatch({ name: 'r', classes: [0, 1], share: 0.5 });
    whole.look(labels(7), SIZE, 0);
    expect(whole.share).toBe(1);
  });

  it('tells once that they enter, and once that they leave, however they hover about its border', () => {
    const watch = new AreaWatch({ name: 'door', classes: [1], share: 0.5 });
    const told = [2, 9, 10, 9, 10, 8, 10, 7, 10].map(
      (columns, t) => watch.look(labels(columns), SIZE, t)?.event,
    );
    expect(told).toEqual([
      undefined,
      undefined,
      'enters',
      undefined,
      undefined,
      undefined,
      undefined,
      'leaves',
      'enters',
    ]);
  });

  it('waits until they have been there as long as it says', () => {
    const watch = new AreaWatch({ name: 'door', classes: [1], share: 0.5, after: 1 });
    const columns = [12, 12, 0, 12, 12, 12, 12, 0, 0, 0];
    const told = columns.flatMap((each, t) => (watch.look(labels(each), SIZE, t / 2) ? [t] : []));
    expect(told).toEqual([5, 9]);
  });
});
