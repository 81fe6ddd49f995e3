import type { ResidualMap } from './field.js';

/**
 * Mean |residual| a pixel and colour plane, 0..255: Σ|residual| over the frame, by a measure that does not depend on
 * its size. Cells count by the area that lies inside the frame.
 *
 * @param width frame width, pixels
 * @param height frame height, pixels
 */
export function meanResidual(
  { rows, columns, stride, data }: ResidualMap,
  width: number,
  height: number,
): number {
  let sum = 0;
  for (let row = 0, i = 0; row < 3 * rows; row++) {
    const cellHeight = Math.min(stride, height - (row % rows) * stride);
    let line = 0;
    for (let column = 0; column < columns; column++, i++)
      line += data[i] * Math.min(stride, width - column * stride);
    sum += line * cellHeight;
  }
  return sum / (3 * width * height);
}
