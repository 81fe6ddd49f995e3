/** Batches of augmented stills; batch k depends on the seed and k alone, so that a resumed run sees the same. */
import { type Augmentation, DEFAULT_AUGMENTATION, drawSampling, sampleStill } from './augment.js';
import type { Still } from './camvid.js';
import { seededRandom, shuffled } from './random.js';

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

/** Makes batch number `step` (from 0). Every still is drawn once an epoch, in an order of the epoch's own. */
export function stillBatch(stills: readonly Still[], step: number, options: BatchOptions): StillBatch {
  const { batch, width, height, seed, augmentation = DEFAULT_AUGMENTATION } = options;
  const area = width * height;
  const images = new Uint8Array(batch * 3 * area);
  const labels = new Uint8Array(batch * area);
  for (let i = 0; i < batch; i++) {
    const position = step * batch + i;
    const epoch = Math.floor(position / stills.length);
    const order = shuffled(stills.length, seededRandom(seed, epoch, 1));
    const still = stills[order[position % stills.length]];
    const sampling = drawSampling(still, options, augmentation, seededRandom(seed, position, 2));
    sampleStill(still, sampling, {
      width,
      height,
      pixels: images.subarray(i * 3 * area, (i + 1) * 3 * area),
      labels: labels.subarray(i * area, (i + 1) * area),
    });
  }
  return { images, labels };
}
