import { describe, expect, it } from 'vitest';
import { equalLabels } from './label-agreement.js';

const map = (width: number, ...labels: number[]) => ({
  labels: Uint8Array.from(labels),
  width,
  height: labels.length / width,
});

describe('equal labels', () => {
  it('are counted where the reference has a label', () => {
    expect(equalLabels(map(2, 1, 2, 255, 3), map(2, 1, 1, 3, 3))).toEqual({ equal: 2, pixels: 3 });
  });

  it('are those at the same place of a map of another size', () => {
    const reference = map(4, 1, 1, 2, 2, 1, 1, 2, 2, 3, 3, 4, 4, 3, 3, 4, 5);
    expect(equalLabels(reference, map(2, 1, 2, 3, 4))).toEqual({ equal: 15, pixels: 16 });
    expect(equalLabels(map(2, 1, 2, 3, 5), reference)).toEqual({ equal: 4, pixels: 4 });
  });
});
