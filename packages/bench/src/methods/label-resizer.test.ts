import { describe, expect, it } from 'vitest';
import { LabelResizer } from './label-resizer.js';

describe('LabelResizer', () => {
  it('repeats labels where it enlarges by whole numbers, and takes one of each where it reduces again', () => {
    const small = Uint8Array.of(1, 2, 3, 4, 5, 6);
    const sizes = [
      { width: 3, height: 2 },
      { width: 6, height: 4 },
    ] as const;
    const large = new LabelResizer(sizes[0], sizes[1]).resize(small);
    expect([...large]).toEqual(
      [1, 1, 2, 2, 3, 3, 1, 1, 2, 2, 3, 3].concat([4, 4, 5, 5, 6, 6, 4, 4, 5, 5, 6, 6]),
    );
    expect(new LabelResizer(sizes[1], sizes[0]).resize(large)).toEqual(small);
  });

  it('takes the nearest centre where sides do not divide', () => {
    // Centres 0.3, 0.9, 1.5, 2.1, 2.7 of three pixels.
    const resizer = new LabelResizer({ width: 3, height: 1 }, { width: 5, height: 1 });
    expect([...resizer.resize(Uint8Array.of(7, 8, 9))]).toEqual([7, 7, 8, 9, 9]);
  });

  it('gives the same array for the same size, and refuses another', () => {
    const size = { width: 2, height: 1 };
    const labels = Uint8Array.of(1, 2);
    expect(new LabelResizer(size, size).resize(labels)).toBe(labels);
    expect(() => new LabelResizer(size, size).resize(new Uint8Array(3))).toThrow(RangeError);
  });
});
