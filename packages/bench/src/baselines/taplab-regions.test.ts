import { describe, expect, it } from 'vitest';
import { cropPlanes } from './crop.js';
import { pasteScores, RegionChooser } from './taplab-regions.js';

/** Residual at stride 4 with `values` at cells. */
function residual(rows: number, columns: number, values: Record<number, number>) {
  const data = new Float32Array(3 * rows * columns);
  for (const [cell, value] of Object.entries(values)) data[Number(cell)] = value;
  return { rows, columns, stride: 4, data };
}

describe('RegionChooser', () => {
  it('covers frames of any size with half-overlapping regions', () => {
    const [width, height] = [90, 66];
    const { regions } = new RegionChooser(width, height, { width: 32, height: 32 });
    const seen = new Uint8Array(width * height);
    for (const { x, y } of regions) {
      expect([x % 4, y % 4]).toEqual([0, 0]);
      for (let v = y; v < Math.min(y + 32, height); v++)
        seen.fill(1, v * width + x, v * width + Math.min(x + 32, width));
    }
    expect(seen.every((value) => value === 1)).toBe(true);
    expect(new Set(regions.map(({ x }) => x))).toEqual(new Set([0, 16, 32, 48, 60]));
  });

  it('gathers residual until a region is chosen', () => {
    // 64 × 32 pixels: regions at x = 0, 16, 32 of 8 columns each; cells 0 and 15 lie in one region alone.
    const chooser = new RegionChooser(64, 32, { width: 32, height: 32 });
    expect(chooser.choose(residual(8, 16, { 0: 10, 15: 8 })).x).toBe(0);
    // 8 + 1 on the right, against 5 since the left was chosen.
    expect(chooser.choose(residual(8, 16, { 0: 5, 15: 1 })).x).toBe(32);
    expect(chooser.choose(residual(8, 16, { 15: 20 }), false).x).toBe(32);
    // What was not to be kept is forgotten.
    expect(chooser.choose(residual(8, 16, { 15: 1 })).x).toBe(0);
    chooser.reset();
    expect(chooser.choose(residual(8, 16, { 15: 1 })).x).toBe(32);
  });
});

describe('pasteScores and cropPlanes', () => {
  it('put a region back where it was cut out, mixed by the share', () => {
    const size = { classes: 2, width: 24, height: 16 };
    const region = { x: 8, y: 4, width: 8, height: 8 };
    const scores = new Float32Array(2 * 4 * 6);
    pasteScores(scores, new Float32Array(2 * 2 * 2).fill(10), region, size, 0.6);
    const hit = [...scores.keys()].filter((i) => scores[i] !== 0);
    expect(hit).toEqual([8, 9, 14, 15, 32, 33, 38, 39]);
    expect(scores[8]).toBeCloseTo(6, 5);

    const pixels = Uint8Array.from({ length: 3 * 24 * 16 }, (_, i) => i % 251);
    const cut = cropPlanes({ width: 24, height: 16, pixels }, region);
    expect(cut[64 + 8 + 3]).toBe(pixels[24 * 16 + 5 * 24 + 11]);
  });

  it('repeats the last pixels past the borders', () => {
    const pixels = Uint8Array.from({ length: 12 }, (_, i) => i);
    const cut = cropPlanes({ width: 2, height: 2, pixels }, { x: 1, y: 0, width: 2, height: 3 });
    expect([...cut]).toEqual([1, 1, 3, 3, 3, 3, 5, 5, 7, 7, 7, 7, 9, 9, 11, 11, 11, 11]);
  });
});
