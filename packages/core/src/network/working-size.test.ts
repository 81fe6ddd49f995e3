import { describe, expect, it } from 'vitest';
import { automaticScale, labelSize, scaledSize, workingSize } from './working-size.js';

const size = (width: number, height: number) => ({ width, height });

describe('automaticScale', () => {
  it.each([
    [480, 270, 2],
    [480, 360, 2],
    [1242, 374, 2],
    [960, 540, 2],
    [1024, 576, 2],
    [1280, 720, 1],
    [2048, 1024, 1],
    [1080, 1920, 1],
    [2560, 1440, 3 / 4],
    [3840, 2160, 1 / 2],
    [7680, 4320, 1 / 4],
    [100_000, 40_000, 1 / 8],
  ])('of %i×%i is %f', (width, height, scale) => {
    expect(automaticScale(size(width, height))).toBe(scale);
  });

  it('never gives more than 2048 × 1152 pixels, nor a fraction of what fits', () => {
    for (let width = 64; width <= 8192; width += 137) {
      const video = size(width, Math.round(width * 0.6));
      const { key } = workingSize(video, { scale: 'auto', halved: true });
      const share = (key.width * key.height) / (2048 * 1152);
      // Rounding may add half a pixel a side.
      expect(share).toBeLessThan(1.001);
      if (width >= 1024) expect(share).toBeGreaterThan(1 / 4);
    }
  });
});

describe('workingSize', () => {
  it('halves the key picture, rounding up', () => {
    expect(workingSize(size(480, 360), { scale: 2, halved: true })).toEqual({
      scale: 2,
      key: size(960, 720),
      frame: size(480, 360),
    });
    expect(workingSize(size(481, 361), { scale: 1, halved: true }).frame).toEqual(size(241, 181));
  });

  it('gives frames of the key picture where nothing is halved', () => {
    expect(workingSize(size(640, 360), { scale: 0.5, halved: false })).toEqual({
      scale: 0.5,
      key: size(320, 180),
      frame: size(320, 180),
    });
  });

  it('keeps the longer side of the key picture within maxSide', () => {
    const { key, frame, scale } = workingSize(size(360, 480), { scale: 2, halved: true, maxSide: 640 });
    expect([key, frame]).toEqual([size(480, 640), size(240, 320)]);
    expect(scale).toBeCloseTo(4 / 3);
  });

  it('leaves 16 pixels a side of frames', () => {
    expect(workingSize(size(200, 100), { scale: 0.1, halved: true })).toMatchObject({
      key: size(32, 32),
      frame: size(16, 16),
    });
    expect(scaledSize(size(640, 10), 0.5)).toEqual(size(320, 10));
  });

  it('covers the same cells of scores from either picture', () => {
    for (const [width, height] of [
      [481, 361],
      [1242, 374],
      [17, 33],
      [2048, 1024],
    ])
      for (const scale of [0.37, 0.5, 1, 1.3, 2]) {
        const { key, frame } = workingSize(size(width, height), { scale, halved: true });
        expect(Math.ceil(frame.width / 4)).toBe(Math.ceil(key.width / 8));
        expect(Math.ceil(frame.height / 4)).toBe(Math.ceil(key.height / 8));
      }
  });
});

describe('labelSize', () => {
  it("is the video's own, where it is one of the two", () => {
    const of = (video: { width: number; height: number }, scale: number) =>
      labelSize(workingSize(video, { scale, halved: true }));
    expect(of(size(481, 361), 2)).toEqual({ ...size(481, 361), stride: 4 });
    expect(of(size(2047, 1023), 1)).toEqual({ ...size(2047, 1023), stride: 8 });
    expect(of(size(3840, 2160), 0.5)).toEqual({ ...size(1920, 1080), stride: 8 });
  });
});
