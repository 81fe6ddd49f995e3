/** Augmentation of stills (Sec. 5.1.2): random scale, flip and crop, and light, in one pass over the output. */

import { IGNORE_LABEL } from '@twnet/core/classes';
import type { Random } from '@twnet/core/random';
import type { Still } from './camvid.js';
import type { Compression } from './compression.js';

export interface Augmentation {
  /** Range of the scale, drawn log-uniformly. */
  readonly scale: readonly [low: number, high: number];
  readonly flip: boolean;
  /** Largest relative change of contrast and of each channel's gain. */
  readonly light: number;
  /** What codecs leave of the pixels; default: nothing is compressed. */
  readonly compression?: Compression;
}

/** The paper's, and mild changes of light. */
export const DEFAULT_AUGMENTATION: Augmentation = { scale: [0.5, 2], flip: true, light: 0.2 };

/** Pixels beside the picture: the mean of the input range. */
const BORDER_PIXEL = 128;

/** Where an output pixel comes from: x_source = left + (x + 0.5) · step − 0.5, likewise y; and its light. */
export interface Sampling {
  readonly left: number;
  readonly top: number;
  readonly step: number;
  readonly flip: boolean;
  readonly gains: readonly [number, number, number];
  readonly offset: number;
}

/** Draws how one still is sampled into an output of `height × width`. */
export function drawSampling(
  still: { width: number; height: number; scale?: number },
  output: { width: number; height: number },
  { scale: [low, high], flip, light }: Augmentation,
  random: Random,
): Sampling {
  const step = 1 / ((still.scale ?? 1) * low * (high / low) ** random());
  // The crop lies anywhere inside; where the scaled picture is smaller than the crop, the crop anywhere around it.
  const left = (still.width - output.width * step) * random();
  const top = (still.height - output.height * step) * random();
  const jitter = (): number => 1 + light * (2 * random() - 1);
  const contrast = jitter();
  const gains = [contrast * jitter(), contrast * jitter(), contrast * jitter()] as const;
  return { left, top, step, flip: flip && random() < 0.5, gains, offset: 60 * light * (2 * random() - 1) };
}

/** Samples a still into `pixels` (planar RGB, bilinear) and `labels` (nearest) of `height × width`. */
export function sampleStill(
  still: Still,
  sampling: Sampling,
  output: { width: number; height: number; pixels: Uint8Array; labels: Uint8Array },
): void {
  const { width, height } = output;
  const columns = sourcePositions(width, sampling.left, sampling.step, still.width, sampling.flip);
  const rows = sourcePositions(height, sampling.top, sampling.step, still.height, false);
  sampleLabels(still, rows, columns, output);
  for (let plane = 0; plane < 3; plane++) {
    const table = lightTable(sampling.gains[plane], sampling.offset);
    samplePlane(still, plane, rows, columns, table, output);
  }
}

interface Positions {
  readonly low: Int32Array;
  readonly high: Int32Array;
  /** Weight of `high`, 0..256. */
  readonly weight: Int32Array;
  readonly nearest: Int32Array;
}

/** Source elements of each output element; −1 outside the picture. */
function sourcePositions(
  count: number,
  start: number,
  step: number,
  extent: number,
  flip: boolean,
): Positions {
  const low = new Int32Array(count);
  const high = new Int32Array(count);
  const weight = new Int32Array(count);
  const nearest = new Int32Array(count);
  for (let i = 0; i < count; i++) {
    const at = start + ((flip ? count - 1 - i : i) + 0.5) * step - 0.5;
    const inside = at > -0.5 && at < extent - 0.5;
    const clamped = Math.min(Math.max(at, 0), extent - 1);
    low[i] = inside ? Math.floor(clamped) : -1;
    high[i] = Math.min(Math.floor(clamped) + 1, extent - 1);
    weight[i] = Math.round((clamped - Math.floor(clamped)) * 256);
    nearest[i] = Math.round(clamped);
  }
  return { low, high, weight, nearest };
}

function sampleLabels(
  still: Still,
  rows: Positions,
  columns: Positions,
  { width, height, labels }: { width: number; height: number; labels: Uint8Array },
): void {
  for (let y = 0, i = 0; y < height; y++) {
    const row = rows.nearest[y] * still.width;
    for (let x = 0; x < width; x++, i++) {
      labels[i] =
        rows.low[y] < 0 || columns.low[x] < 0 ? IGNORE_LABEL : still.labels[row + columns.nearest[x]];
    }
  }
}

function samplePlane(
  still: Still,
  plane: number,
  rows: Positions,
  columns: Positions,
  table: Uint8Array,
  { width, height, pixels }: { width: number; height: number; pixels: Uint8Array },
): void {
  const source = still.pixels.subarray(
    plane * still.width * still.height,
    (plane + 1) * still.width * still.height,
  );
  for (let y = 0, i = plane * width * height; y < height; y++) {
    const upper = rows.low[y] * still.width;
    const lower = rows.high[y] * still.width;
    const v = rows.weight[y];
    for (let x = 0; x < width; x++, i++) {
      const l = columns.low[x];
      if (upper < 0 || l < 0) {
        pixels[i] = BORDER_PIXEL;
        continue;
      }
      const h = columns.high[x];
      const u = columns.weight[x];
      const above = source[upper + l] * (256 - u) + source[upper + h] * u;
      const below = source[lower + l] * (256 - u) + source[lower + h] * u;
      pixels[i] = table[(above * (256 - v) + below * v + 32768) >> 16];
    }
  }
}

function lightTable(gain: number, offset: number): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, value) =>
    Math.min(255, Math.max(0, Math.round((value - 128) * gain + 128 + offset))),
  );
}
