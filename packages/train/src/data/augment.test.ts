import { seededRandom } from '@twnet/core/random';
import { madeStill } from '@twnet/testing/made-stills';
import { describe, expect, it } from 'vitest';
import { DEFAULT_AUGMENTATION, drawSampling, type Sampling, sampleStill } from './augment.js';
import { stillBatch } from './batches.js';

const still = madeStill(48, 32);
const plain: Sampling = { left: 0, top: 0, step: 1, flip: false, gains: [1, 1, 1], offset: 0 };

function sampled(sampling: Sampling, width = 48, height = 32) {
  const output = {
    width,
    height,
    pixels: new Uint8Array(3 * width * height),
    labels: new Uint8Array(width * height),
  };
  sampleStill(still, sampling, output);
  return output;
}

describe('sampling a still', () => {
  it('at rest is the still itself', () => {
    const { pixels, labels } = sampled(plain);
    expect(labels).toEqual(still.labels);
    expect(pixels).toEqual(still.pixels);
  });

  it('flips pixels and labels alike', () => {
    const { pixels, labels } = sampled({ ...plain, flip: true });
    for (let y = 0; y < 32; y++) {
      for (let x = 0; x < 48; x++) {
        expect(labels[y * 48 + x]).toBe(still.labels[y * 48 + 47 - x]);
        expect(pixels[y * 48 + x]).toBe(still.pixels[y * 48 + 47 - x]);
      }
    }
  });

  it('shifts by whole pixels exactly and ignores what lies outside', () => {
    const { pixels, labels } = sampled({ ...plain, left: 5, top: -3 });
    expect(labels[3 * 48]).toBe(still.labels[5]);
    expect(pixels[10 * 48 + 20]).toBe(still.pixels[7 * 48 + 25]);
    expect(labels[0]).toBe(255);
    expect(labels[10 * 48 + 47]).toBe(255);
    expect(pixels[0]).toBe(128);
  });

  it('keeps label and picture together under a zoom', () => {
    const { labels } = sampled({ ...plain, left: 12, top: 8, step: 0.5 });
    // The output's centre shows the still's centre; the still's middle half fills the output.
    for (let y = 0; y < 32; y++) {
      for (let x = 0; x < 48; x++) {
        const sourceX = Math.round(12 + (x + 0.5) * 0.5 - 0.5);
        const sourceY = Math.round(8 + (y + 0.5) * 0.5 - 0.5);
        expect(labels[y * 48 + x]).toBe(still.labels[sourceY * 48 + sourceX]);
      }
    }
  });

  it('draws scales from the whole range', () => {
    const random = seededRandom(3);
    const steps = Array.from(
      { length: 400 },
      () => drawSampling(still, still, DEFAULT_AUGMENTATION, random).step,
    );
    expect(Math.min(...steps)).toBeGreaterThanOrEqual(0.5);
    expect(Math.max(...steps)).toBeLessThanOrEqual(2);
    expect(Math.min(...steps)).toBeLessThan(0.55);
    expect(Math.max(...steps)).toBeGreaterThan(1.8);
  });
});

describe('batches', () => {
  const stills = [1, 2, 3, 4, 5].map((seed) => madeStill(48, 32, seed));
  const options = { batch: 2, width: 40, height: 24, seed: 9 };

  it('depend on seed and step alone', () => {
    expect(stillBatch(stills, 7, options)).toEqual(stillBatch(stills, 7, options));
    expect(stillBatch(stills, 7, options)).not.toEqual(stillBatch(stills, 8, options));
    expect(stillBatch(stills, 7, options)).not.toEqual(stillBatch(stills, 7, { ...options, seed: 10 }));
  });

  it('of a run resumed at any step are those of the unbroken run', () => {
    const unbroken = Array.from({ length: 6 }, (_, step) => stillBatch(stills, step, options));
    // Newly loaded stills, as after a restart.
    const again = [1, 2, 3, 4, 5].map((seed) => madeStill(48, 32, seed));
    for (const step of [5, 3, 4]) expect(stillBatch(again, step, options)).toEqual(unbroken[step]);
  });

  it('show every still once an epoch', () => {
    const marked = stills.map((each, k) => ({ ...each, labels: each.labels.slice().fill(k) }));
    const still5 = { ...options, batch: 5, augmentation: { scale: [1, 1] as const, flip: true, light: 0 } };
    const { labels } = stillBatch(marked, 3, { ...still5, width: 48, height: 32 });
    const seen = [0, 1, 2, 3, 4].map((i) => labels[i * 48 * 32 + 700]);
    expect(seen.sort()).toEqual([0, 1, 2, 3, 4]);
  });
});
