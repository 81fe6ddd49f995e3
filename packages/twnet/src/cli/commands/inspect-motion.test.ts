import { NO_MOTION, type VideoFrame } from '@twnet/core/frame';
import { describe, expect, it } from 'vitest';
import { MotionPicture, MotionStatistics } from './inspect-motion.js';

const WIDTH = 32;
const HEIGHT = 16;
const AREA = WIDTH * HEIGHT;

function frame(fields: Partial<VideoFrame>): VideoFrame {
  return {
    index: 0,
    timestamp: 0,
    pictureType: 'I',
    width: WIDTH,
    height: HEIGHT,
    pixels: new Uint8Array(3 * AREA).fill(100),
    motion: NO_MOTION,
    discontinuity: false,
    ...fields,
  };
}

/** The left half moves by (3, 4), the right half is intra. */
const LEFT_MOVES = {
  count: 1,
  direction: Int8Array.of(-1),
  x: Int16Array.of(0),
  y: Int16Array.of(0),
  width: Uint8Array.of(16),
  height: Uint8Array.of(16),
  dx: Float32Array.of(3),
  dy: Float32Array.of(4),
};

describe('MotionStatistics', () => {
  it('counts frames, coverage and the length of vectors into the past', () => {
    const statistics = new MotionStatistics();
    statistics.add(frame({ discontinuity: true }));
    statistics.add(frame({ index: 1, pictureType: 'P', motion: LEFT_MOVES }));
    statistics.add(frame({ index: 2, pictureType: 'P', discontinuity: true }));
    const future = { ...LEFT_MOVES, direction: Int8Array.of(1), dx: Float32Array.of(90) };
    statistics.add(frame({ index: 3, pictureType: 'B', motion: future }));
    expect(statistics.report()).toEqual({
      frames: { I: 1, P: 2, B: 1 },
      discontinuities: 1,
      coverageP: 0.25,
      intraP: 0.75,
      coverageB: 0,
      meanMotion: 5,
      greatestMotion: 5,
    });
  });

  it('has nothing to say of intra video', () => {
    const statistics = new MotionStatistics();
    statistics.add(frame({}));
    expect(statistics.report()).toMatchObject({
      coverageP: null,
      coverageB: null,
      intraP: null,
      meanMotion: null,
    });
  });
});

describe('MotionPicture', () => {
  /** R, G, B of the drawing's pixel (x, y). */
  const pixelAt = (drawn: Uint8Array, x: number, y: number) =>
    [0, 1, 2].map((plane) => drawn[plane * 2 * AREA + y * 2 * WIDTH + x]);

  it('draws motion left and residual right, each of the frame’s size', () => {
    const picture = new MotionPicture();
    const first = picture.draw(frame({ discontinuity: true }));
    expect(first).toHaveLength(2 * 3 * AREA);
    expect(pixelAt(first, 5, 5)).toEqual([50, 50, 50]);
    const second = picture.draw(frame({ index: 1, pictureType: 'P', motion: LEFT_MOVES }));
    // Moving: coloured over the darkened picture. Intra: white over it.
    expect(Math.max(...pixelAt(second, 5, 5))).toBeGreaterThan(100);
    expect(pixelAt(second, 20, 5)).toEqual([177, 177, 177]);
    // The picture is flat: motion explains all of the left half; the intra half is all residual.
    expect(pixelAt(second, WIDTH + 5, 5)).toEqual([0, 0, 0]);
    expect(pixelAt(second, WIDTH + 20, 5)).toEqual([255, 255, 255]);
  });
});
