/** What the numbers of a tensor are like. */

export interface TensorStatistics {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
  /** Root of the mean square. */
  readonly rms: number;
  /** Values that are not finite; the others leave them out. */
  readonly notFinite: number;
}

/** Undefined where no value is finite. */
export function tensorStatistics(data: Float32Array): TensorStatistics | undefined {
  let [min, max, sum, squares, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0];
  for (const value of data) {
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    squares += value * value;
    count += 1;
  }
  if (count === 0) return undefined;
  return { min, mean: sum / count, max, rms: Math.sqrt(squares / count), notFinite: data.length - count };
}
