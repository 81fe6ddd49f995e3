import { seededRandom } from '@twnet/core/random';
import { describe, expect, it } from 'vitest';
import { emptyBatch, fillWindow, windowOf } from './window.js';

const [width, height, classes] = [70, 45, 2];
const [columns, rows] = [18, 12];

/** Values say where they are: columns in the first plane, rows in the others. */
const planes = (count: number, across: number, down: number, unit: number) =>
  Float32Array.from({ length: count * across * down }, (_, i) =>
    i < across * down ? unit * (i % across) : unit * (Math.floor(i / across) % down),
  );
const sample = {
  ...{ width, height, image: Uint8Array.from(planes(3, width, height, 1)) },
  ...{ warped: planes(classes, columns, rows, 4), target: planes(classes, columns, rows, 4) },
  residual: planes(3, columns, rows, 4),
};

describe('windows of samples', () => {
  it('are as large as is in all frames, in steps of 16 pixels', () => {
    expect(
      windowOf([
        { width, height },
        { width: 64, height: 90 },
      ]),
    ).toEqual({ width: 64, height: 32 });
    expect(windowOf([{ width: 3840, height: 2160 }])).toEqual({ width: 1024, height: 544 });
  });

  it('show the same place in pictures and on grids, also in a mirror', () => {
    const window = { width: 32, height: 16 };
    const batch = emptyBatch(2, window, classes);
    const seen = new Set<string>();
    for (let trial = 0; trial < 40; trial++) {
      fillWindow(batch, 1, sample, window, seededRandom(1, trial, 2));
      const [x, y] = [batch.image[3 * 512], batch.image[3 * 512 + 512]];
      const last = batch.image[3 * 512 + 31];
      const mirrored = last < x;
      seen.add(`${mirrored}`);
      expect(Math.abs(last - x)).toBe(31);
      const at = 1 * classes * 32;
      // A cell begins at its first pixel, in a mirror at its last.
      for (const grid of [batch.warped, batch.target])
        expect([grid[at], grid[at + 32]]).toEqual([mirrored ? x - 3 : x, y]);
      expect(batch.residual[3 * 32]).toBe(mirrored ? x - 3 : x);
    }
    expect(seen.size).toBe(2);
    expect(batch.image.subarray(0, 3 * 512).every((value) => value === 0)).toBe(true);
  });
});
