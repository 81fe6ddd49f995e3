/** Batches of augmented stills; batch k depends on the seed and k alone, so that a resumed run sees the same. */

import { seededRandom, shuffled } from '@twnet/core/random';
import { type Augmentation, DEFAULT_AUGMENTATION, drawSampling } from './augment.js';
import type { Still } from './camvid.js';
import { drawCoding } from './compression.js';
import { placeInMixture } from './mixture.js';
import { STREAM } from './random-streams.js';
import { sampleCompressed } from './sample-compressed.js';

export interface StillBatch {
  /** N × 3 × H × W, 8-bit. */
  readonly images: Uint8Array;
  /** N × H × W, train ids, 255 ignored. */
  readonly labels: Uint8Array;
}

export interface BatchOptions {
  readonly batch: number;
  readonly width: number;
  readonly height: number;
  readonly seed: number;
  readonly augmentation?: Augmentation;
}

/** Some of a batch's stills. */
export interface StillShare {
  /** Above 0; only the ratios of the shares count. */
  readonly share: number;
  /** Still number `index`; the same number gives the same still. */
  readonly still: (index: number) => Still;
}

/** Every still once an epoch, in an order of the epoch's own. */
export function byEpochs(stills: readonly Still[], seed: number): (index: number) => Still {
  let known: { epoch: number; order: ArrayLike<number> } = { epoch: -1, order: [] };
  return (index) => {
    const epoch = Math.floor(index / stills.length);
    if (epoch !== known.epoch)
      known = { epoch, order: shuffled(stills.length, seededRandom(seed, epoch, STREAM.stillOrder)) };
    return stills[known.order[index % stills.length]];
  };
}

/** Makes batch number `step` (from 0) of a data set. */
export function stillBatch(stills: readonly Still[], step: number, options: BatchOptions): StillBatch {
  return mixedBatch([{ share: 1, still: byEpochs(stills, options.seed) }], step, options);
}

/** Makes batch number `step` (from 0) of several sources of stills, mixed by share. */
export function mixedBatch(sources: readonly StillShare[], step: number, options: BatchOptions): StillBatch {
  const { batch, width, height, seed, augmentation = DEFAULT_AUGMENTATION } = options;
  const area = width * height;
  const images = new Uint8Array(batch * 3 * area);
  const labels = new Uint8Array(batch * area);
  const shares = sources.map(({ share }) => share);
  for (let i = 0; i < batch; i++) {
    const position = step * batch + i;
    const place = placeInMixture(shares, position);
    const still = sources[place.source].still(place.number);
    const sampling = drawSampling(
      still,
      options,
      augmentation,
      seededRandom(seed, position, STREAM.stillSampling),
    );
    const { compression } = augmentation;
    const coding =
      compression && drawCoding(compression, seededRandom(seed, position, STREAM.stillCompression));
    sampleCompressed(still, sampling, coding, {
      width,
      height,
      pixels: images.subarray(i * 3 * area, (i + 1) * 3 * area),
      labels: labels.subarray(i * area, (i + 1) * area),
    });
  }
  return { images, labels };
}
