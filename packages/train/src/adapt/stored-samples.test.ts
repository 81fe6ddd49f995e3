import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { StoredSamples } from './stored-samples.js';

const root = mkdtempSync(join(tmpdir(), 'twnet-samples-'));
afterAll(() => rmSync(root, { recursive: true }));

/** Halves of small whole numbers, which half precision holds. */
const halves = (length: number, from: number) => Float32Array.from({ length }, (_, i) => from + i / 2);

describe('stored samples', () => {
  it('are read as they were written, by another run too, of the same alone', async () => {
    const folder = join(root, 'a');
    const samples = await StoredSamples.begin(folder, 2, 'these');
    const made = [
      [13, 9],
      [16, 8],
    ].map(([width, height], i) => {
      const cells = Math.ceil(width / 4) * Math.ceil(height / 4);
      const image = Uint8Array.from({ length: 3 * width * height }, (_, k) => (k + i) % 256);
      const grids = {
        warped: halves(2 * cells, i),
        residual: halves(3 * cells, 8),
        target: halves(2 * cells, -9),
      };
      return { width, height, image, ...grids };
    });
    for (const sample of made) await samples.add(sample);
    expect(await StoredSamples.resume(folder, 2, 'these')).toBeUndefined();
    await samples.end();
    const again = await StoredSamples.resume(folder, 2, 'these');
    expect(again?.count).toBe(2);
    for (const [index, sample] of made.entries()) {
      const read = (await again?.sample(index))!;
      expect({ ...read, image: Uint8Array.from(read.image) }).toEqual(sample);
    }
    expect(StoredSamples.bytes({ width: 13, height: 9 }, 2)).toBe(3 * 13 * 9 + 2 * 7 * 12);
    expect(await StoredSamples.resume(folder, 2, 'others')).toBeUndefined();
    expect(await StoredSamples.resume(join(root, 'none'), 2, 'these')).toBeUndefined();
  });
});
