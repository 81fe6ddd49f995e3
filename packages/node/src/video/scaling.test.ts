import type { BlockMotion } from '@twnet/core/frame';
import { scaledSize } from '@twnet/core/network/working-size';
import {
  meanDifference,
  movingTexture,
  prevailingMotion,
  readAll,
  TestFolder,
  textureAt,
  writeClip,
} from '@twnet/testing/moving-texture';
import { describe, expect, it } from 'vitest';
import { openVideo } from './open-video.js';
import { scaleMotion } from './scaling.js';

describe('scaledSize', () => {
  it('rounds, and leaves sides of 16 pixels or what there is', () => {
    expect(scaledSize({ width: 1921, height: 1080 }, 0.5)).toEqual({ width: 961, height: 540 });
    expect(scaledSize({ width: 640, height: 20 }, 0.1)).toEqual({ width: 64, height: 16 });
    expect(scaledSize({ width: 640, height: 10 }, 0.5)).toEqual({ width: 320, height: 10 });
  });
});

describe('scaleMotion', () => {
  it('keeps touching blocks touching, at any factor', () => {
    const columns = Array.from({ length: 12 }, (_, i) => i);
    const motion: BlockMotion = {
      count: 12,
      direction: new Int8Array(12).fill(-1),
      x: Int16Array.from(columns, (i) => i * 16),
      y: new Int16Array(12).fill(-8),
      width: new Uint8Array(12).fill(16),
      height: new Uint8Array(12).fill(16),
      dx: Float32Array.from(columns),
      dy: new Float32Array(12).fill(-3),
    };
    const scaled = scaleMotion(motion, { width: 192, height: 64 }, { width: 67, height: 32 });
    for (let i = 0; i < 11; i++) expect(scaled.x[i] + scaled.width[i]).toBe(scaled.x[i + 1]);
    expect(scaled.x[11] + scaled.width[11]).toBe(67);
    expect([scaled.y[0], scaled.height[0], scaled.dy[0]]).toEqual([-4, 8, -1.5]);
    expect(scaled.dx[6]).toBeCloseTo((6 * 67) / 192, 5);
  });
});

describe('a video read at a scale', () => {
  it('gives smaller frames of the same content, and vectors as short', async () => {
    using folder = new TestFolder();
    const file = folder.at('clip.mp4');
    await writeClip(file, movingTexture(192, 128, 3, 6, -4), { quality: 2 });
    const { video, frames } = await readAll(file, { scale: 0.5 });
    expect(video.info).toMatchObject({ width: 96, height: 64, fullWidth: 192, fullHeight: 128 });
    const full = await readAll(file);
    expect(full.video.info).toMatchObject({ width: 192, height: 128, fullWidth: 192 });
    for (const frame of frames.slice(1)) {
      expect(prevailingMotion(frame).vector).toEqual([3, -2]);
    }
    // Every second pixel of the texture itself, moved by half a pixel of the smaller frame.
    const texture = textureAt(192, 128, 6, -4);
    const expected = new Uint8Array(3 * 96 * 64);
    for (let plane = 0, i = 0; plane < 3; plane++)
      for (let y = 0; y < 64; y++)
        for (let x = 0; x < 96; x++, i++) {
          const at = (plane * 128 + 2 * y) * 192 + 2 * x;
          expected[i] = (texture[at] + texture[at + 1] + texture[at + 192] + texture[at + 193]) / 4;
        }
    expect(meanDifference(frames[1].pixels, expected)).toBeLessThan(4);
  });

  it('scales estimated motion too', async () => {
    using folder = new TestFolder();
    const file = folder.at('clip.mp4');
    await writeClip(file, movingTexture(512, 384, 3, 8, 4), { quality: 2 });
    const { frames } = await readAll(file, { scale: 0.25, motionSource: 'estimate' });
    expect(prevailingMotion(frames[2]).vector).toEqual([2, 1]);
  });

  it('gives frames of at most maxSide pixels on the longer side, and says so', async () => {
    using folder = new TestFolder();
    const file = folder.at('clip.mp4');
    await writeClip(file, movingTexture(128, 192, 3, 6, -4), { quality: 2 });
    const { video, frames } = await readAll(file, { maxSide: 96 });
    expect(video.info).toMatchObject({ width: 64, height: 96, fullWidth: 128, fullHeight: 192 });
    expect(video.notes).toEqual([expect.stringMatching(/64×96 instead of 128×192, at most 96 pixels/)]);
    expect(prevailingMotion(frames[2]).vector).toEqual([3, -2]);
    for (const options of [{ maxSide: 192 }, { maxSide: 96, scale: 0.5 }, { maxSide: 100, scale: 0.5 }]) {
      const { video: within } = await readAll(file, options);
      expect(within.info.height).toBe(192 * (options.scale ?? 1));
      expect(within.notes).toEqual([]);
    }
    const both = await readAll(file, { maxSide: 48, scale: 0.5 });
    expect(both.video.info).toMatchObject({ width: 32, height: 48 });
  });

  it('refuses a maxSide that is none', async () => {
    for (const maxSide of [0, 15, 100.5, Number.NaN, Number.POSITIVE_INFINITY])
      await expect(openVideo('any.mp4', { maxSide })).rejects.toThrow(/maxSide must be a whole number/);
  });

  it('refuses a scale outside (0, 4]', async () => {
    for (const scale of [0, -1, 4.5, Number.NaN])
      await expect(openVideo('any.mp4', { scale })).rejects.toThrow(/scale of .* is not in \(0, 4\]/);
  });
});
