/** Filters that bring lines of samples to another length, as FFmpeg's swscale makes them: labels then are as Node's are. */

export type Scaler = 'bicubic' | 'bilinear' | 'area';

/** For every sample of the result: where its taps begin, and their shares, which add up to 2 ** 14. */
export interface Sampling {
  readonly taps: number;
  readonly positions: Int32Array;
  /** length × taps. */
  readonly coefficients: Int16Array;
}

export interface SamplingOptions {
  /** Where the first sample lies within its pixel, of either line; default in the middle: 0.5. */
  readonly from?: number;
  readonly to?: number;
  /** The result goes the other way round. */
  readonly reversed?: boolean;
  /** Taps are a multiple of this. */
  readonly group: number;
}

const ONE = 2 ** 14;
/** Swscale's: a little sharper than Catmull and Rom's. */
const SHARPNESS = 0.6;

/** None where a line stays as it is. */
export function sampling(
  length: number,
  target: number,
  scaler: Scaler,
  { from = 0.5, to = 0.5, reversed = false, group }: SamplingOptions,
): Sampling | undefined {
  if (length === target && from === to && !reversed) return undefined;
  const step = length / target;
  const weight = weightOf(length === target && from === to ? 'bilinear' : scaler, step);
  const rows = Array.from({ length: target }, (_, i) => {
    const place = (reversed ? target - 1 - i : i) * step + to * step - from;
    return tapsAround(place, weight, length);
  });
  const most = Math.max(...rows.map(({ shares }) => shares.length));
  const taps = Math.ceil(most / group) * group;
  const positions = new Int32Array(target);
  const coefficients = new Int16Array(target * taps);
  for (const [i, { first, shares }] of rows.entries()) {
    // Whole groups stay within the line, where it is that long.
    const start = Math.max(0, Math.min(first, length - taps));
    positions[i] = start;
    coefficients.set(shares, i * taps + first - start);
  }
  return { taps, positions, coefficients };
}

interface Weight {
  readonly reach: number;
  readonly at: (distance: number) => number;
}

/** @param step samples of the source for one of the result */
function weightOf(scaler: Scaler, step: number): Weight {
  const wide = Math.max(step, 1);
  // Area averages where there is less of the result; else it is bilinear.
  if (scaler === 'area' && step > 1) {
    const inner = step / 2 - 0.5;
    return { reach: step / 2 + 0.5, at: (d) => Math.min(1, Math.max(0, 1 - (d - inner))) };
  }
  if (scaler !== 'bicubic') return { reach: wide, at: (d) => Math.max(0, 1 - d / wide) };
  return { reach: 2 * wide, at: (d) => cubic(d / wide) };
}

function cubic(d: number): number {
  const c = SHARPNESS;
  if (d < 1) return (2 - c) * d ** 3 + (c - 3) * d ** 2 + 1;
  return d < 2 ? -c * d ** 3 + 5 * c * d ** 2 - 8 * c * d + 4 * c : 0;
}

/** Taps around a place; what lies beyond the ends is what is at them. */
function tapsAround(
  place: number,
  { reach, at }: Weight,
  length: number,
): { first: number; shares: number[] } {
  const from = Math.ceil(place - reach);
  const to = Math.floor(place + reach);
  const inside = (k: number): number => Math.min(Math.max(k, 0), length - 1);
  const first = inside(from);
  const weights = new Array<number>(inside(to) - first + 1).fill(0);
  for (let k = from; k <= to; k++) weights[inside(k) - first] += at(Math.abs(k - place));
  const sum = weights.reduce((a, b) => a + b, 0);
  // What rounding leaves over goes on to the next tap.
  let left = 0;
  const shares = weights.map((weight) => {
    const exact = (ONE * weight) / sum + left;
    const share = Math.round(exact);
    left = exact - share;
    return share;
  });
  return trimmed(first, shares);
}

function trimmed(first: number, shares: number[]): { first: number; shares: number[] } {
  const start = shares.findIndex((share) => share !== 0);
  const end = shares.findLastIndex((share) => share !== 0);
  return { first: first + start, shares: shares.slice(start, end + 1) };
}
