import { seededRandom } from '@twnet/core/random';
import { CLIP_CODECS } from '@twnet/node/video/clip-codecs';
import { madeStill } from '@twnet/testing/made-stills';
import { describe, expect, it } from 'vitest';
import type { Sampling } from './augment.js';
import { sampleStill } from './augment.js';
import { stillBatch } from './batches.js';
import type { Still } from './camvid.js';
import { blocksAround, type Coding, compressed, DEFAULT_COMPRESSION, drawCoding } from './compression.js';
import { sampleCompressed } from './sample-compressed.js';

const still = madeStill(203, 149);
const coding: Coding = {
  atSource: true,
  codec: 'mpeg4',
  quality: 6,
  preset: 'ultrafast',
  frames: 3,
  panX: 5.3,
  panY: -1.6,
  growth: 0.015,
};
const COARSE = { mpeg4: 12, h264: 34, hevc: 34 };

/** Correlation of two pictures' first planes where the second is looked at some pixels aside. */
function correlation(a: Uint8Array, b: Uint8Array, width: number, height: number, dx: number, dy: number) {
  let [n, sa, sb, saa, sbb, sab] = [0, 0, 0, 0, 0, 0];
  for (let y = 8; y < height - 8; y++) {
    for (let x = 8; x < width - 8; x++) {
      const [p, q] = [a[y * width + x], b[(y + dy) * width + x + dx]];
      n++;
      sa += p;
      sb += q;
      saa += p * p;
      sbb += q * q;
      sab += p * q;
    }
  }
  return (n * sab - sa * sb) / Math.sqrt((n * saa - sa * sa) * (n * sbb - sb * sb));
}

/** Where the second lies relative to the first. */
function displacement(a: Uint8Array, b: Uint8Array, width: number, height: number) {
  let best = { dx: 0, dy: 0, value: -2 };
  for (let dy = -3; dy <= 3; dy++)
    for (let dx = -3; dx <= 3; dx++) {
      const value = correlation(a, b, width, height, dx, dy);
      if (value > best.value) best = { dx, dy, value };
    }
  return best;
}

function sampled(source: Still, sampling: Sampling, how: Coding | undefined, width: number, height: number) {
  const output = {
    width,
    height,
    pixels: new Uint8Array(3 * width * height),
    labels: new Uint8Array(width * height),
  };
  sampleCompressed(source, sampling, how, output);
  return output;
}

describe('compressed stills', () => {
  it.each(
    CLIP_CODECS.flatMap((codec) => [1, 3].map((frames) => [codec, frames] as const)),
  )('%s, %i frames: lie where they lay, and are not what they were', (codec, frames) => {
    const window = { left: 0, top: 0, width: still.width, height: still.height };
    const result = compressed(still, window, { ...coding, codec, frames, quality: COARSE[codec] });
    expect(result).toHaveLength(still.pixels.length);
    expect(result).not.toEqual(still.pixels);
    const { dx, dy, value } = displacement(still.pixels, result, still.width, still.height);
    expect({ dx, dy }).toEqual({ dx: 0, dy: 0 });
    expect(value).toBeGreaterThan(0.9);
  });

  it.each([
    ['enlarged', { left: 31, top: 22, step: 0.5 }, true],
    ['enlarged', { left: 31, top: 22, step: 0.5 }, false],
    ['reduced, with what lies outside', { left: -20, top: -9, step: 1.4 }, true],
  ] as const)('%s: labels as without a codec, pixels in their place (at source: %s)', (_, place, atSource) => {
    const sampling: Sampling = { ...place, flip: true, gains: [1.1, 0.9, 1], offset: 5 };
    const clean = sampled(still, sampling, undefined, 128, 112);
    const coded = sampled(still, sampling, { ...coding, atSource }, 128, 112);
    expect(coded.labels).toEqual(clean.labels);
    expect(coded.pixels).not.toEqual(clean.pixels);
    const { dx, dy, value } = displacement(clean.pixels, coded.pixels, 128, 112);
    expect({ dx, dy }).toEqual({ dx: 0, dy: 0 });
    expect(value).toBeGreaterThan(0.9);
  });

  it('without a codec are what sampleStill gives', () => {
    const sampling: Sampling = { left: 3, top: 5, step: 0.7, flip: false, gains: [1, 1, 1], offset: 0 };
    const output = { width: 90, height: 70, pixels: new Uint8Array(18900), labels: new Uint8Array(6300) };
    sampleStill(still, sampling, output);
    expect(sampled(still, sampling, undefined, 90, 70)).toEqual(output);
  });

  it('are cut in whole blocks of the still, as far as it reaches', () => {
    const area = { left: 33.4, top: -12, right: 70.2, bottom: 500 };
    expect(blocksAround(still, area)).toEqual({ left: 32, top: 0, width: 48, height: 149 });
    const beside = blocksAround(still, { left: -90, top: -90, right: -10, bottom: -10 });
    expect(beside).toEqual({ left: 0, top: 0, width: 16, height: 16 });
    const beyond = blocksAround(still, { left: 900, top: 900, right: 950, bottom: 950 });
    expect(beyond).toEqual({ left: 192, top: 144, width: 11, height: 5 });
  });

  it('are drawn at their share, every codec with qualities of its range', () => {
    const compression = { ...DEFAULT_COMPRESSION, share: 0.6, atSource: 0.5 };
    const drawn = Array.from({ length: 2000 }, (_, i) => drawCoding(compression, seededRandom(4, i)));
    const codings = drawn.filter((each) => each !== undefined);
    expect(codings.length / drawn.length).toBeCloseTo(0.6, 1);
    expect(codings.filter(({ atSource }) => atSource).length / codings.length).toBeCloseTo(0.5, 1);
    for (const codec of CLIP_CODECS) {
      const qualities = codings.filter((each) => each.codec === codec).map(({ quality }) => quality);
      expect([Math.min(...qualities), Math.max(...qualities)]).toEqual(compression[codec]);
    }
    expect(new Set(codings.map(({ frames }) => frames))).toEqual(new Set([1, 2, 3]));
    expect(drawCoding(DEFAULT_COMPRESSION, seededRandom(1))).toBeUndefined();
  });

  it('depend on seed and step alone, and leave the rest of the batch as it was', () => {
    const stills = [1, 2, 3].map((seed) => madeStill(96, 80, seed));
    const augmentation = { scale: [0.8, 2] as const, flip: true, light: 0.2 };
    const options = { batch: 3, width: 96, height: 80, seed: 9 };
    const compression = { ...DEFAULT_COMPRESSION, share: 0.5, codecs: ['mpeg4', 'h264'] as const };
    const batch = (step: number) =>
      stillBatch(stills, step, { ...options, augmentation: { ...augmentation, compression } });
    expect(batch(4)).toEqual(batch(4));
    const area = 3 * 96 * 80;
    const kept = [4, 5, 6, 7].flatMap((step) => {
      const [plain, coded] = [stillBatch(stills, step, { ...options, augmentation }), batch(step)];
      expect(coded.labels).toEqual(plain.labels);
      const image = (of: Uint8Array, i: number) => Buffer.from(of.subarray(i * area, (i + 1) * area));
      return [0, 1, 2].filter((i) => image(coded.images, i).equals(image(plain.images, i)));
    });
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.length).toBeLessThan(12);
  });
});
