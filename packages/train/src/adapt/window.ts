/** Windows of samples, all of one size, as a step takes them. */
import type { Random } from '@twnet/core/random';
import { PROPAGATED_STRIDE } from '../non-key/points/clip-motion.js';
import type { Sample } from './stored-samples.js';

interface Size {
  readonly width: number;
  readonly height: number;
}

/** Sides of windows are multiples of this: the picture that the network sees of them is halved and then a 32nd of it. */
const MULTIPLE = 16;
const LARGEST: Size = { width: 1024, height: 544 };

/** The largest window that is in all of the frames, and none larger than a step should take. */
export function windowOf(frames: readonly Size[]): Size {
  const side = (of: 'width' | 'height'): number =>
    Math.floor(Math.min(LARGEST[of], ...frames.map((frame) => frame[of])) / MULTIPLE) * MULTIPLE;
  return { width: side('width'), height: side('height') };
}

/** What a step is fed for a batch of windows. */
export interface Batch extends Record<string, Uint8Array | Float32Array> {
  readonly image: Uint8Array;
  readonly warped: Float32Array;
  readonly residual: Float32Array;
  readonly target: Float32Array;
}

export function emptyBatch(batch: number, { width, height }: Size, classes: number): Batch {
  const cells = (width / PROPAGATED_STRIDE) * (height / PROPAGATED_STRIDE);
  return {
    image: new Uint8Array(batch * 3 * width * height),
    warped: new Float32Array(batch * classes * cells),
    residual: new Float32Array(batch * 3 * cells),
    target: new Float32Array(batch * classes * cells),
  };
}

/** Writes a window of a sample, anywhere in it, as it is or as in a mirror, to a place of a batch. */
export function fillWindow(batch: Batch, place: number, sample: Sample, window: Size, random: Random): void {
  const columns = Math.ceil(sample.width / PROPAGATED_STRIDE);
  const rows = Math.ceil(sample.height / PROPAGATED_STRIDE);
  const across = window.width / PROPAGATED_STRIDE;
  const down = window.height / PROPAGATED_STRIDE;
  // Cells at the right and lower border may be cut by the frame's edge.
  const left = Math.floor(random() * (Math.floor(sample.width / PROPAGATED_STRIDE) - across + 1));
  const top = Math.floor(random() * (Math.floor(sample.height / PROPAGATED_STRIDE) - down + 1));
  const mirrored = random() < 0.5;
  const cells = { left, top, width: across, height: down };
  const pixels = { left: PROPAGATED_STRIDE * left, top: PROPAGATED_STRIDE * top, ...window };
  for (const name of ['warped', 'residual', 'target'] as const)
    cut(batch[name], place, sample[name], { columns, rows }, cells, mirrored);
  cut(batch.image, place, sample.image, { columns: sample.width, rows: sample.height }, pixels, mirrored);
}

function cut(
  out: Uint8Array | Float32Array,
  place: number,
  planes: Uint8Array | Float32Array,
  { columns, rows }: { readonly columns: number; readonly rows: number },
  { left, top, width, height }: Size & { readonly left: number; readonly top: number },
  mirrored: boolean,
): void {
  const count = planes.length / (columns * rows);
  let at = place * count * width * height;
  for (let plane = 0; plane < count; plane++)
    for (let y = 0; y < height; y++, at += width) {
      const from = (plane * rows + top + y) * columns + left;
      const row = out.subarray(at, at + width);
      row.set(planes.subarray(from, from + width));
      if (mirrored) row.reverse();
    }
}
