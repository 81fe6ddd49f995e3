import { describe, expect, it } from 'vitest';
import { seededRandom } from '../random.js';
import { BoundaryBand } from './boundary-band.js';
import { ConfusionMatrix } from './confusion.js';
import { meanIou } from './metrics.js';

/** The definition, one pixel and one neighbour at a time. */
function bandByPixel(truth: Uint8Array, width: number, height: number, distance: number): Uint8Array {
  return truth.map((label, i) => {
    if (label === 255) return 255;
    const [x, y] = [i % width, Math.floor(i / width)];
    for (let v = Math.max(0, y - distance); v <= Math.min(height - 1, y + distance); v++) {
      for (let u = Math.max(0, x - distance); u <= Math.min(width - 1, x + distance); u++) {
        const other = truth[v * width + u];
        if (other !== label && other !== 255) return label;
      }
    }
    return 255;
  });
}

/** Patches of a few labels, some ignored. */
function patches(width: number, height: number, seed: number): Uint8Array {
  const random = seededRandom(seed);
  const columns = Math.ceil(width / 6);
  const labels = Array.from({ length: columns * Math.ceil(height / 6) }, () => Math.floor(5 * random()));
  return Uint8Array.from({ length: width * height }, (_, i) => {
    const label = labels[Math.floor(Math.floor(i / width) / 6) * columns + Math.floor((i % width) / 6)];
    return label === 4 ? 255 : label;
  });
}

describe('BoundaryBand', () => {
  it('keeps a worked example: so many pixels to either side of an edge', () => {
    const truth = Uint8Array.of(0, 0, 0, 0, 3, 3, 3, 3);
    expect([...new BoundaryBand(8, 1, 1).of(truth)]).toEqual([255, 255, 255, 0, 3, 255, 255, 255]);
    expect([...new BoundaryBand(8, 1, 2).of(truth)]).toEqual([255, 255, 0, 0, 3, 3, 255, 255]);
  });

  it('takes ignored pixels for no class: they make no boundary and hide none', () => {
    expect([...new BoundaryBand(4, 1, 2).of(Uint8Array.of(1, 1, 255, 255))]).toEqual([255, 255, 255, 255]);
    expect([...new BoundaryBand(4, 1, 2).of(Uint8Array.of(1, 1, 255, 0))]).toEqual([255, 1, 255, 0]);
  });

  it.each([1, 2, 3, 5, 8, 100])('agrees with the definition at %i pixels', (distance) => {
    for (const [width, height] of [
      [41, 29],
      [7, 50],
      [1, 1],
    ]) {
      const band = new BoundaryBand(width, height, distance);
      for (const seed of [1, 2]) {
        const truth = patches(width, height, seed);
        expect(band.of(truth)).toEqual(bandByPixel(truth, width, height, distance));
      }
    }
  });

  it('scores what is wrong at the edge and leaves out what is wrong elsewhere', () => {
    const truth = Uint8Array.of(0, 0, 0, 0, 1, 1, 1, 1);
    const band = new BoundaryBand(8, 1, 1).of(truth);
    const far = new ConfusionMatrix(2);
    far.add(Uint8Array.of(1, 0, 0, 0, 1, 1, 1, 0), band);
    expect(meanIou(far)).toBe(1);
    const near = new ConfusionMatrix(2);
    near.add(Uint8Array.of(0, 0, 0, 1, 1, 1, 1, 1), band);
    expect(meanIou(near)).toBe((0 + 1 / 2) / 2);
  });

  it('refuses maps of another size and bands of no width', () => {
    expect(() => new BoundaryBand(4, 4).of(new Uint8Array(15))).toThrow(RangeError);
    expect(() => new BoundaryBand(4, 4, 0)).toThrow(RangeError);
  });
});
