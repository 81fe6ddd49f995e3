/** Maps of a frame as bytes to look at, cell by cell. */
import type { ResidualMap } from '../motion/field.js';

/** Residuals from here on are white; most lie far below. */
const WHITE_RESIDUAL = 96;

/** Of the three planes the largest. */
export function residualBytes({ rows, columns, data }: ResidualMap): Uint8Array {
  const cells = rows * columns;
  return Uint8Array.from({ length: cells }, (_, i) =>
    byteOf((255 * Math.max(data[i], data[i + cells], data[i + 2 * cells])) / WHITE_RESIDUAL),
  );
}

/** Of values from 0 to 1. */
export const shareBytes = (values: Float32Array): Uint8Array =>
  Uint8Array.from(values, (value) => byteOf(255 * value));

const byteOf = (value: number): number => Math.min(255, Math.max(0, value));
