import type { BlockMotion } from '../frame.js';
import type { MotionField } from './field.js';

/** Cells of which less than this share could be followed count as holes. */
const LEAST_COVERAGE = 0.5;

/**
 * A field as block motion into the past, a block a cell, so that whatever takes a codec's motion takes it too.
 * Cells with coverage below one half are left out: holes, as intra blocks are.
 */
export function fieldBlocks({ rows, columns, stride, dx, dy, coverage }: MotionField): BlockMotion {
  const cells = rows * columns;
  const motion = {
    x: new Int16Array(cells),
    y: new Int16Array(cells),
    dx: new Float32Array(cells),
    dy: new Float32Array(cells),
  };
  let count = 0;
  for (let row = 0, cell = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++, cell++) {
      if (coverage[cell] < LEAST_COVERAGE) continue;
      motion.x[count] = column * stride;
      motion.y[count] = row * stride;
      motion.dx[count] = dx[cell];
      motion.dy[count] = dy[cell];
      count++;
    }
  }
  return {
    ...motion,
    count,
    direction: new Int8Array(count).fill(-1),
    width: new Uint8Array(count).fill(stride),
    height: new Uint8Array(count).fill(stride),
  };
}
