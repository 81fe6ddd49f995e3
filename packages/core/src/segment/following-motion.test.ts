import type { PictureType, VideoFrame } from '@twnet/core/frame';
import { blockMotion, macroblocks } from '@twnet/testing/made-motion';
import { textureAt } from '@twnet/testing/moving-texture';
import { describe, expect, it } from 'vitest';
import { type BlockMotion, NO_MOTION } from '../frame.js';
import { FollowingMotion } from './following-motion.js';
import type { FrameMotion } from './segmented-frame.js';

const [WIDTH, HEIGHT] = [96, 64];
/** The content moves by so much a frame. */
const [DX, DY] = [4, -2];

function frame(index: number, pictureType: PictureType, motion: BlockMotion = NO_MOTION): VideoFrame {
  return {
    ...{ index, timestamp: index / 10, pictureType, width: WIDTH, height: HEIGHT, motion },
    pixels: textureAt(WIDTH, HEIGHT, index * DX, index * DY),
    discontinuity: false,
  };
}
const moved = (frames: number): BlockMotion => macroblocks(WIDTH, HEIGHT, () => [frames * DX, frames * DY]);

/** Vectors and mean residual away from the border, where content comes from outside. */
function inner({ field, residual }: FrameMotion): { dx: number[]; dy: number[]; residual: number } {
  const cells: number[] = [];
  for (let row = 5; row < field.rows - 5; row++)
    for (let column = 6; column < field.columns - 6; column++) cells.push(row * field.columns + column);
  const sum = cells.reduce((total, cell) => total + residual!.data[cell], 0);
  return {
    dx: [...new Set(cells.map((cell) => field.dx[cell]))],
    dy: [...new Set(cells.map((cell) => field.dy[cell]))],
    residual: sum / cells.length,
  };
}

describe('FollowingMotion', () => {
  it('turns vectors round and traces them on; what they explain leaves no residual', () => {
    const following = new FollowingMotion(WIDTH, HEIGHT, 4);
    following.begin(frame(3, 'P', moved(1)));
    const two = inner(following.motion(frame(2, 'P', moved(1)), true)!);
    expect(two).toEqual({ dx: [-DX], dy: [-DY], residual: 0 });
    const one = inner(following.motion(frame(1, 'P', moved(1)), true)!);
    expect(one).toEqual({ dx: [-2 * DX], dy: [-2 * DY], residual: 0 });
  });

  it('finds motion into an I-frame in the pictures', () => {
    const following = new FollowingMotion(WIDTH, HEIGHT, 4);
    following.begin(frame(1, 'I'));
    expect(inner(following.motion(frame(0, 'P', moved(1)), true)!)).toEqual({
      ...{ dx: [-DX], dy: [-DY] },
      residual: 0,
    });
  });

  it('goes from a B-frame to the reference after it by its own vectors, and past it', () => {
    const following = new FollowingMotion(WIDTH, HEIGHT, 4);
    following.begin(frame(2, 'P', moved(2)));
    const [past, future] = [moved(1), moved(-1)];
    const b = frame(1, 'B', {
      ...past,
      ...{ dx: future.dx, dy: future.dy },
      direction: new Int8Array(past.count).fill(1),
    });
    expect(inner(following.motion(b, false)!)).toEqual({ dx: [-DX], dy: [-DY], residual: 0 });
    expect(inner(following.motion(frame(0, 'I'), true)!).dx).toEqual([-2 * DX]);
    expect(following.motion(frame(1, 'B', blockMotion([])), false)).toBeUndefined();
  });

  it('has none over a cut, nor before it', () => {
    const following = new FollowingMotion(WIDTH, HEIGHT, 4);
    const after = { ...frame(2, 'I'), pixels: new Uint8Array(3 * WIDTH * HEIGHT).fill(255) };
    following.begin(after);
    const before = { ...frame(1, 'P', moved(1)), pixels: new Uint8Array(3 * WIDTH * HEIGHT) };
    expect(following.motion(before, true)).toBeUndefined();
    expect(following.motion(frame(0, 'P', moved(1)), true)).toBeUndefined();
  });

  it('takes pictures smaller than a block for a cut, and looks at none where no residual is asked for', () => {
    const small = (index: number, pictureType: PictureType): VideoFrame => ({
      ...frame(index, pictureType),
      ...{ width: 8, height: 8, pixels: new Uint8Array(192) },
    });
    const following = new FollowingMotion(8, 8, 4);
    following.begin(small(1, 'I'));
    expect(following.motion(small(0, 'P'), true)).toBeUndefined();
    const blind = new FollowingMotion(WIDTH, HEIGHT, 8, { residuals: false });
    blind.begin(frame(3, 'P', moved(1)));
    const { field, residual } = blind.motion(frame(2, 'P'), true)!;
    expect(residual).toBeUndefined();
    expect(field.dx[field.columns + 2]).toBe(-DX);
  });
});
