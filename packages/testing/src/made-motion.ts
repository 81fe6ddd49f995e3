import type { BlockMotion } from '@twnet/core/frame';
import type { MotionField } from '@twnet/core/motion/field';
import { gridSize } from '@twnet/core/motion/grid';

/** A block for {@link blockMotion}: position and size in pixels, Mv in pixels, −1 past (default) or +1 future. */
export interface Block {
  x: number;
  y: number;
  w: number;
  h: number;
  dx: number;
  dy: number;
  direction?: -1 | 1;
}

/** Motion written down block by block, for tests and made scenes. */
export function blockMotion(blocks: readonly Block[]): BlockMotion {
  return {
    count: blocks.length,
    direction: Int8Array.from(blocks, (b) => b.direction ?? -1),
    x: Int16Array.from(blocks, (b) => b.x),
    y: Int16Array.from(blocks, (b) => b.y),
    width: Uint8Array.from(blocks, (b) => b.w),
    height: Uint8Array.from(blocks, (b) => b.h),
    dx: Float32Array.from(blocks, (b) => b.dx),
    dy: Float32Array.from(blocks, (b) => b.dy),
  };
}

/** Macroblocks of 16 × 16 over the whole frame, with the vector that `vectorAt` gives; none there if undefined. */
export function macroblocks(
  width: number,
  height: number,
  vectorAt: (x: number, y: number) => readonly [dx: number, dy: number] | undefined,
): BlockMotion {
  const blocks: Block[] = [];
  for (let y = 0; y < height; y += 16) {
    for (let x = 0; x < width; x += 16) {
      const vector = vectorAt(x, y);
      if (vector) blocks.push({ x, y, w: 16, h: 16, dx: vector[0], dy: vector[1] });
    }
  }
  return blockMotion(blocks);
}

/** A fully covered field with the vector that `vectorAt` gives for each cell. */
export function fieldOf(
  rows: number,
  columns: number,
  stride: number,
  vectorAt: (row: number, column: number) => readonly [dx: number, dy: number],
): MotionField {
  const { rows: r, columns: c } = gridSize(columns * stride, rows * stride, stride);
  const dx = new Float32Array(r * c);
  const dy = new Float32Array(r * c);
  for (let cell = 0; cell < r * c; cell++) {
    [dx[cell], dy[cell]] = vectorAt(Math.floor(cell / c), cell % c);
  }
  return { rows: r, columns: c, stride, dx, dy, coverage: new Float32Array(r * c).fill(1) };
}

/** Repeatable pseudo-random numbers in [0, 1) (mulberry32). */
export function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
