import { readFileSync } from 'node:fs';
import { meanDifference, movingTexture, readAll, TestFolder, writeClip } from '@twnet/testing/moving-texture';
import {
  AV_PIX_FMT_YUV420P10LE,
  AV_PIX_FMT_YUV422P,
  AV_PIX_FMT_YUV444P,
  AV_PIX_FMT_YUV444P10LE,
} from 'node-av/constants';
import { describe, expect, it } from 'vitest';
import type { EncodeOptions } from './encode-video.js';
import { openVideo } from './open-video.js';
import { encodeClip, recodeClip } from './recode-clip.js';

const CLIP = movingTexture(96, 64, 14, 2, 1);
const X265 = { preset: 'ultrafast', crf: '10', 'x265-params': 'log-level=none' };

describe('containers', () => {
  it.each([
    ['mp4', 'mpeg4', {}],
    ['mkv', 'mpeg4', {}],
    ['avi', 'mpeg4', {}],
    ['mov', 'mpeg4', {}],
    ['ts', 'mpeg4', {}],
    ['mp4', 'h264', { codec: 'h264' }],
    ['mkv', 'h264', { codec: 'h264' }],
    ['avi', 'h264', { codec: 'h264' }],
    ['flv', 'h264', { codec: 'h264' }],
    ['ts', 'h264', { codec: 'h264' }],
    ['h264', 'h264', { codec: 'h264' }],
    ['hevc', 'hevc', { encoder: { name: 'libx265', options: X265 } }],
    ['ts', 'hevc', { encoder: { name: 'libx265', options: X265 } }],
    ['webm', 'vp9', { encoder: { name: 'libvpx-vp9', options: { 'cpu-used': '8', crf: '10' } } }],
    ['ivf', 'vp8', { encoder: { name: 'libvpx', options: { 'cpu-used': '8', b: '2M' } } }],
    ['mpg', 'mpeg2video', { encoder: { name: 'mpeg2video', options: { b: '4M' } } }],
  ] as [string, string, Partial<EncodeOptions>][])('.%s of %s', async (ending, codec, options) => {
    using folder = new TestFolder();
    const file = folder.at(`clip.${ending}`);
    await writeClip(file, CLIP, options);
    const { video, frames, types } = await readAll(file);
    expect(video.info).toMatchObject({ codec, width: 96, height: 64, frameRate: 25, rotation: 0 });
    expect(video.losses).toEqual([]);
    expect(types).toBe('IPPPPPPPPPPPIP');
    frames.forEach((frame, i) => {
      expect(frame).toMatchObject({ index: i, width: 96, height: 64, discontinuity: i === 0 });
      expect(frame.timestamp).toBeCloseTo(i / 25, 2);
      expect(meanDifference(frame.pixels, CLIP.frames[i])).toBeLessThan(4);
    });
    // From memory the same. (A raw stream is recognised by its bytes alone.)
    const fromMemory = await readAll(readFileSync(file));
    expect(fromMemory.types).toBe(types);
    expect(fromMemory.frames.at(-1)?.pixels).toEqual(frames.at(-1)?.pixels);
    expect(fromMemory.frames.at(-1)?.motion).toEqual(frames.at(-1)?.motion);
  });
});

describe('sizes and pixel formats', () => {
  const large = { name: 'libx264' };
  it.each([
    ['not a multiple of 16', 100, 70, {}],
    ['odd, MPEG-4', 97, 61, {}],
    ['odd, H.264 4:4:4', 97, 61, { codec: 'h264', encoder: { ...large, pixelFormat: AV_PIX_FMT_YUV444P } }],
    ['odd, VP9', 97, 61, { encoder: { name: 'libvpx-vp9', options: { crf: '10' } } }],
    ['4:2:2', 96, 64, { codec: 'h264', encoder: { pixelFormat: AV_PIX_FMT_YUV422P } }],
    ['10 bits', 96, 64, { codec: 'h264', encoder: { pixelFormat: AV_PIX_FMT_YUV420P10LE } }],
    ['4:4:4, 10 bits', 96, 64, { codec: 'h264', encoder: { pixelFormat: AV_PIX_FMT_YUV444P10LE } }],
    [
      'HEVC, 10 bits',
      96,
      64,
      { encoder: { name: 'libx265', options: X265, pixelFormat: AV_PIX_FMT_YUV420P10LE } },
    ],
  ] as [string, number, number, Partial<EncodeOptions>][])('%s', async (_name, width, height, options) => {
    using folder = new TestFolder();
    const clip = movingTexture(width, height, 4, 2, 1);
    await writeClip(folder.at('clip.mkv'), clip, { quality: 3, ...options });
    const { video, frames, types } = await readAll(folder.at('clip.mkv'));
    expect(video.info).toMatchObject({ width, height });
    expect(types).toBe('IPPP');
    frames.forEach((frame, i) => {
      expect(meanDifference(frame.pixels, clip.frames[i])).toBeLessThan(4);
      expect(frame.motion.count > 0).toBe(i > 0);
    });
  });
});

describe('reading', () => {
  const bytes = encodeClip(CLIP.frames, CLIP);

  it('of a raw stream made in memory gives what recodeClip gives', async () => {
    const { video, frames } = await readAll(bytes);
    expect(video.info).toMatchObject({ container: 'm4v', codec: 'mpeg4', profile: 'Simple Profile' });
    const recoded = recodeClip(CLIP.frames, CLIP);
    expect(frames).toHaveLength(recoded.length);
    frames.forEach((frame, i) => {
      expect(frame.pictureType).toBe(recoded[i].pictureType);
      expect(frame.pixels).toEqual(recoded[i].pixels);
      expect(frame.motion).toEqual(recoded[i].motion);
    });
  });

  it('can do without pixels', async () => {
    const { frames } = await readAll(bytes, { pixels: false });
    expect(frames).toHaveLength(14);
    expect(frames[3].pixels).toHaveLength(0);
    expect(frames[3].motion.count).toBeGreaterThan(0);
  });

  it('happens once', async () => {
    const { video } = await readAll(bytes);
    await expect(video[Symbol.asyncIterator]().next()).rejects.toThrow(/read once/);
  });

  it('may end early, and a video may be closed unread, twice, and while a frame is on its way', async () => {
    const early = await openVideo(bytes);
    for await (const frame of early) if (frame.index === 2) break;
    await early.close();
    const unread = await openVideo(bytes);
    await unread.close();
    await unread.close();
    const busy = await openVideo(bytes);
    const frames = busy[Symbol.asyncIterator]();
    await frames.next();
    const next = frames.next();
    await busy.close();
    await next;
    expect((await frames.next()).done).toBe(true);
  });

  it('uses recycled pixels again, and no others', async () => {
    using folder = new TestFolder();
    const file = folder.at('clip.mp4');
    await writeClip(file, CLIP);
    const { frames } = await readAll(file);
    await using video = await openVideo(file);
    const arrays = new Set<Uint8Array>();
    for await (const frame of video) {
      expect(frame.pixels).toEqual(frames[frame.index].pixels);
      arrays.add(frame.pixels);
      if (frame.index > 0) video.recycle(frame);
    }
    // The first one, which was never given back, and those that went round.
    expect(arrays.size).toBeLessThan(5);
    expect([...arrays][0]).toEqual(frames[0].pixels);
  });

  it('gives frames that stay as they are', async () => {
    const { frames } = await readAll(bytes);
    const again = await readAll(bytes);
    expect(frames.map(({ pixels }) => pixels)).toEqual(again.frames.map(({ pixels }) => pixels));
    expect(new Set(frames.map(({ pixels }) => pixels.buffer)).size).toBe(frames.length);
  });
});
