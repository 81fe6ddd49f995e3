/** Vectors of real streams against the motion that was put in. */

import type { VideoFrame } from '@twnet/core/frame';
import {
  movingTexture,
  prevailingMotion,
  readAll,
  TestFolder,
  textureAt,
  writeClip,
} from '@twnet/testing/moving-texture';
import { AV_PIX_FMT_BGR0, AV_PIX_FMT_YUV420P10LE, AV_PIX_FMT_YUVJ420P } from 'node-av/constants';
import { describe, expect, it } from 'vitest';
import type { EncodeOptions } from './encode-video.js';

const WIDTH = 160;
const HEIGHT = 112;

async function code(
  motion: readonly [number, number],
  ending: string,
  options: Partial<EncodeOptions>,
  count = 5,
) {
  using folder = new TestFolder();
  const file = folder.at(`clip.${ending}`);
  await writeClip(file, movingTexture(WIDTH, HEIGHT, count, ...motion), options);
  return await readAll(file);
}

function expectMotion(
  frame: VideoFrame,
  expected: readonly number[],
  tolerance: number,
  direction = -1,
): void {
  const { vector, share } = prevailingMotion(frame, direction);
  expect(share).toBeGreaterThan(0.4);
  expect(Math.abs(vector[0] - expected[0]), `${vector} for ${expected}`).toBeLessThanOrEqual(tolerance);
  expect(Math.abs(vector[1] - expected[1]), `${vector} for ${expected}`).toBeLessThanOrEqual(tolerance);
}

describe('vectors of P-frames', () => {
  it.each([
    ['MPEG-4, whole pixels', [4, -3], {}, 0],
    ['MPEG-4, half pixels', [2.5, -1.5], {}, 0],
    ['MPEG-4, quarter pixels', [1.25, -0.75], { encoder: { options: { flags: '+qpel' } } }, 0],
    ['H.264, whole pixels', [-5, 2], { codec: 'h264', quality: 10 }, 0],
    ['H.264, quarter pixels', [1.25, -0.75], { codec: 'h264', quality: 10 }, 0.25],
    ['MPEG-2, half pixels', [-2.5, 1.5], { encoder: { name: 'mpeg2video', options: { b: '4M' } } }, 0],
  ] as [
    string,
    [number, number],
    Partial<EncodeOptions>,
    number,
  ][])('%s', async (_name, motion, options, tolerance) => {
    const { frames, types, video } = await code(motion, 'mkv', options);
    expect(types).toBe('IPPPP');
    expect(video.info.motionSource).toBe('codec');
    expect(video.info.motionNote).toBeUndefined();
    expect(frames[0].motion.count).toBe(0);
    // FFmpeg's MPEG-2 decoder gives the last frame without vectors.
    for (const frame of frames.slice(1, video.info.codec === 'mpeg2video' ? -1 : undefined)) {
      expectMotion(frame, motion, tolerance);
      expect(frame.motion.direction.every((direction) => direction === -1)).toBe(true);
    }
  });

  it('come with the places of blocks: sixteen by sixteen grid, no pixel covered twice', async () => {
    const { frames } = await code([4, -3], 'mp4', {});
    const { motion } = frames[2];
    const covered = new Uint8Array(WIDTH * HEIGHT);
    for (let b = 0; b < motion.count; b++) {
      expect(motion.x[b] % motion.width[b]).toBe(0);
      expect(motion.y[b] % motion.height[b]).toBe(0);
      for (let y = motion.y[b]; y < motion.y[b] + motion.height[b]; y++)
        for (let x = motion.x[b]; x < motion.x[b] + motion.width[b]; x++) covered[y * WIDTH + x] += 1;
    }
    expect(Math.max(...covered)).toBe(1);
    expect(covered.reduce((sum, n) => sum + n, 0)).toBeGreaterThan(0.8 * WIDTH * HEIGHT);
  });
});

describe('B-frames', () => {
  it.each([
    ['MPEG-2', { encoder: { name: 'mpeg2video', options: { b: '6M', bf: '2', b_strategy: '0' } } }],
    [
      'H.264',
      {
        codec: 'h264',
        quality: 2,
        encoder: {
          options: { bf: '2', refs: '1', 'x264-params': 'b-adapt=0:b-pyramid=none:weightb=0:direct=none' },
        },
      },
    ],
  ] as [
    string,
    Partial<EncodeOptions>,
  ][])('of %s come in display order, with both directions', async (_name, options) => {
    const { frames, types } = await code([2, -1], 'mkv', options, 7);
    expect(types).toBe('IBBPBBP');
    expect(frames.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    frames.forEach(({ timestamp }, i) => {
      expect(timestamp).toBeCloseTo(i / 25, 2);
    });
    // P3 refers three frames back.
    expectMotion(frames[3], [6, -3], 0.5);
    const past = [1, 2].map((i) => prevailingMotion(frames[i], -1));
    const future = [1, 2].map((i) => prevailingMotion(frames[i], 1));
    // B1 is one frame after the I and two before the P, B2 the other way round; a future one points back.
    expect(past.map(({ vector }) => vector)).toEqual([
      [2, -1],
      [4, -2],
    ]);
    expect(future.map(({ vector }) => vector)).toEqual([
      [-4, 2],
      [-2, 1],
    ]);
  });
});

describe('B-frames in detail', () => {
  it('of H.264 are the same every time they are read', async () => {
    using folder = new TestFolder();
    const file = folder.at('clip.mkv');
    const options = { bf: '3', 'x264-params': 'b-pyramid=normal:ref=4' };
    await writeClip(file, movingTexture(WIDTH, HEIGHT, 24, 2.3, -1.4), {
      codec: 'h264',
      encoder: { options },
    });
    const first = await readAll(file);
    expect(first.types).toMatch(/B/);
    for (let again = 0; again < 3; again++) {
      const { frames } = await readAll(file);
      expect(frames.map(({ motion }) => motion)).toEqual(first.frames.map(({ motion }) => motion));
    }
  });

  it('of MPEG-4, whose decoder loses them, are estimated, and empty where the codec’s are asked for', async () => {
    using folder = new TestFolder();
    const file = folder.at('clip.mkv');
    await writeClip(file, movingTexture(WIDTH, HEIGHT, 7, 2, -1), { encoder: { options: { bf: '2' } } });
    const { video, frames, types } = await readAll(file);
    expect(types).toBe('IPPPPPP');
    expect(video.info.motionNote).toMatch(/loses the motion vectors of B-frames/);
    for (const frame of frames.slice(1)) expectMotion(frame, [2, -1], 0);
    const coded = await readAll(file, { motionSource: 'codec' });
    expect(coded.types).toBe('IBBPBBP');
    expectMotion(coded.frames[3], [6, -3], 0);
    for (const i of [1, 2, 4, 5]) expect(coded.frames[i].motion.count).toBe(0);
  });
});

describe('intra area', () => {
  it.each([
    ['mpeg4', 2],
    ['h264', 10],
  ] as const)('of a P-frame (%s) has no entry', async (codec, quality) => {
    using folder = new TestFolder();
    const frames = [textureAt(WIDTH, HEIGHT, 0, 0), textureAt(WIDTH, HEIGHT, 3, -2)];
    // A flat patch: nothing before looks like it, and it costs next to nothing to code anew.
    const patch = { left: 48, top: 32, right: 112, bottom: 80 };
    const isPatch = (x: number, y: number) =>
      x >= patch.left && x < patch.right && y >= patch.top && y < patch.bottom;
    for (let i = 0; i < frames[1].length; i++) {
      const at = i % (WIDTH * HEIGHT);
      if (isPatch(at % WIDTH, Math.floor(at / WIDTH))) frames[1][i] = 240;
    }
    await writeClip(folder.at('a.mkv'), { width: WIDTH, height: HEIGHT, frames }, { codec, quality });
    const { motion } = (await readAll(folder.at('a.mkv'))).frames[1];
    let [inside, outside] = [0, 0];
    for (let b = 0; b < motion.count; b++) {
      const area = motion.width[b] * motion.height[b];
      if (isPatch(motion.x[b], motion.y[b])) inside += area;
      else outside += area;
    }
    const area = (patch.right - patch.left) * (patch.bottom - patch.top);
    expect(inside / area).toBeLessThan(0.1);
    expect(outside / (WIDTH * HEIGHT - area)).toBeGreaterThan(0.9);
  });
});

describe('codecs without vectors', () => {
  it.each([
    ['hevc', 'mp4', { name: 'libx265', options: { 'x265-params': 'log-level=none', preset: 'ultrafast' } }],
    ['vp8', 'webm', { name: 'libvpx', options: { 'cpu-used': '8', b: '2M' } }],
    ['vp9', 'webm', { name: 'libvpx-vp9', options: { 'cpu-used': '8', b: '2M' } }],
    ['av1', 'mp4', { name: 'libsvtav1', options: { preset: '12', crf: '20' } }],
    ['mjpeg', 'avi', { name: 'mjpeg', pixelFormat: AV_PIX_FMT_YUVJ420P }],
    // Without a plane of 8-bit luma.
    [
      'hevc',
      'mkv',
      {
        name: 'libx265',
        pixelFormat: AV_PIX_FMT_YUV420P10LE,
        options: { 'x265-params': 'log-level=none', preset: 'ultrafast' },
      },
    ],
    ['ffv1', 'mkv', { name: 'ffv1', pixelFormat: AV_PIX_FMT_BGR0, options: { slices: '4' } }],
  ] as [
    string,
    string,
    EncodeOptions['encoder'],
  ][])('%s: estimated, and said so', async (codec, ending, encoder) => {
    const motion = [3, -2] as const;
    const { video, frames, types } = await code(motion, ending, { encoder }, 14);
    expect(video.info).toMatchObject({ codec, motionSource: 'estimate' });
    expect(video.info.motionNote).toContain(`${codec} decoder hands out no motion vectors`);
    // Intra-only codecs get the paper's groups of 12, as every codec here was told to make.
    expect(types).toBe('IPPPPPPPPPPPIP');
    for (const frame of frames) {
      if (frame.pictureType === 'I') expect(frame.motion.count).toBe(0);
      else expectMotion(frame, motion, 0.5);
    }
  });

  it('B-frames of theirs count as P-frames: estimated motion is from the frame displayed before', async () => {
    const options = { preset: 'ultrafast', 'x265-params': 'log-level=none:bframes=3:b-adapt=0' };
    const { types, frames } = await code([3, -2], 'mkv', { encoder: { name: 'libx265', options } }, 7);
    expect(types).toBe('IPPPPPP');
    for (const frame of frames.slice(1)) expectMotion(frame, [3, -2], 0.5);
  });
});

describe('estimated motion', () => {
  it('covers pictures of odd sizes to the border, each pixel once', async () => {
    using folder = new TestFolder();
    const [width, height] = [161, 113];
    await writeClip(folder.at('odd.mkv'), movingTexture(width, height, 3, 3, -2), {
      encoder: { name: 'ffv1' },
    });
    const { frames } = await readAll(folder.at('odd.mkv'));
    expectMotion(frames[2], [3, -2], 0);
    const covered = new Uint8Array(width * height);
    const { x, y, width: across, height: down, count } = frames[2].motion;
    for (let b = 0; b < count; b++)
      for (let row = y[b]; row < y[b] + down[b]; row++)
        for (let column = x[b]; column < x[b] + across[b]; column++) covered[row * width + column]++;
    expect(covered.every((times) => times === 1)).toBe(true);
  });

  it('is of pictures wider than MPEG-4 has, too', async () => {
    using folder = new TestFolder();
    const output = folder.at('wide.mkv');
    await writeClip(output, movingTexture(8200, 128, 3, 6, 2), {
      encoder: { name: 'ffv1', options: { slices: '4' } },
    });
    const { video, frames } = await readAll(output);
    expect(video.info).toMatchObject({ width: 8200, height: 128, motionSource: 'estimate' });
    expectMotion(frames[2], [6, 2], 0);
  });
});

describe('motionSource', () => {
  it('estimates on request, and refuses what a codec does not have', async () => {
    using folder = new TestFolder();
    const clip = movingTexture(WIDTH, HEIGHT, 4, 3, -2);
    await writeClip(folder.at('a.mp4'), clip);
    const { video, frames } = await readAll(folder.at('a.mp4'), { motionSource: 'estimate' });
    expect(video.info).toMatchObject({
      motionSource: 'estimate',
      motionNote: 'motion is estimated, as asked',
    });
    expectMotion(frames[2], [3, -2], 0);
    await writeClip(folder.at('b.webm'), clip, { encoder: { name: 'libvpx' } });
    await expect(readAll(folder.at('b.webm'), { motionSource: 'codec' })).rejects.toThrow(
      /no motion vectors/,
    );
    const motionless = await readAll(folder.at('b.webm'), { motionSource: 'none' });
    expect(motionless.frames.map(({ motion }) => motion.count)).toEqual([0, 0, 0, 0]);
  });
});
