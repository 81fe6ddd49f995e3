import { describe, expect, it } from 'vitest';
import { addLabelAreas, columnRuns, replaceLabels } from './label-maps.js';

const SIZES = [
  [1, 1],
  [15, 1],
  [1, 16],
  [17, 33],
  [100, 70],
  [64, 48],
] as const;

/** Flat patches with noise of so many in a hundred. */
function madeLabels(width: number, height: number, noise: number): Uint8Array {
  let state = 12345 + width * 7 + noise;
  const random = () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state / 2 ** 32;
  };
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const [x, y] = [i % width, Math.floor(i / width)];
    return random() * 100 < noise ? random() * 256 : Math.floor(x / 20) + 3 * Math.floor(y / 25);
  });
}

describe.each(SIZES)('label maps of %i×%i', (width, height) => {
  it.each([0, 3, 100])('with noise of %i %% are counted, replaced and cut into runs', (noise) => {
    const labels = madeLabels(width, height, noise);
    const areas = new Uint32Array(256).fill(1);
    addLabelAreas(labels, areas);
    const expected = new Uint32Array(256).fill(1);
    for (const label of labels) expected[label]++;
    expect(areas).toEqual(expected);

    const table = Uint8Array.from({ length: 256 }, (_, i) => (i * 31 + 7) % 256);
    const before = labels.slice();
    expect(replaceLabels(labels, table)).toEqual(labels.map((label) => table[label]));
    expect(labels).toEqual(before);

    const columns = Array.from(
      { length: labels.length },
      (_, p) => labels[(p % height) * width + Math.floor(p / height)],
    );
    const turned: number[] = [];
    let last = -1;
    columnRuns(labels, width, height, (label, start, end) => {
      expect(start).toBe(turned.length);
      expect(end).toBeGreaterThan(start);
      expect(label).not.toBe(last);
      last = label;
      for (let i = start; i < end; i++) turned.push(label);
    });
    expect(turned).toEqual(columns);
  });
});

it('has no limit to the number of runs', () => {
  // 160,000 runs, more than are fetched at a time; also exactly as many.
  for (const [width, height] of [
    [400, 400],
    [256, 256],
  ]) {
    const labels = Uint8Array.from(
      { length: width * height },
      (_, i) => ((i % width) * height + Math.floor(i / width)) % 2,
    );
    let runs = 0;
    let end = 0;
    columnRuns(labels, width, height, (label, from, to) => {
      if (label !== from % 2 || to !== from + 1 || from !== end) throw new Error(`run at ${from}`);
      end = to;
      runs++;
    });
    expect(runs).toBe(width * height);
  }
});
