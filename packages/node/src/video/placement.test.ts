import { readFileSync } from 'node:fs';
import { makeStream, type StreamSpec } from '@twnet/testing/made-stream';
import {
  meanDifference,
  movingTexture,
  prevailingMotion,
  readAll,
  TestFolder,
  textureAt,
} from '@twnet/testing/moving-texture';
import { AV_PIX_FMT_YUVJ420P } from 'node-av/constants';
import { describe, expect, it } from 'vitest';
import { Placements } from './placement.js';

const LOOK = {
  width: 320,
  height: 180,
  aspect: { num: 1, den: 1 },
  orientation: { mirrored: false, rotation: 0, exact: true },
} as const;

describe('Placements', () => {
  it.each([
    ['of the same shape, larger', { width: 640, height: 360 }, [320, 180, 0, 0]],
    ['nearly of the same shape', { width: 480, height: 272 }, [318, 180, 1, 0]],
    ['upright', { width: 180, height: 320 }, [101, 180, 109, 0]],
    ['wide', { width: 640, height: 90 }, [320, 45, 0, 67]],
    [
      'with pixels that make up for it',
      { width: 160, height: 180, aspect: { num: 2, den: 1 } },
      [320, 180, 0, 0],
    ],
    ['turned', { orientation: { mirrored: false, rotation: 90, exact: true } }, [101, 180, 109, 0]],
  ] as const)('a picture %s', (_name, change, [width, height, left, top]) => {
    const placements = new Placements(LOOK, LOOK);
    expect(placements.of(LOOK).change).toBeUndefined();
    const { place, change: said } = placements.of({ ...LOOK, ...change });
    expect(said).toMatch(/fitted into 320×180$/);
    const turned = place.orientation.rotation === 90;
    expect(place).toMatchObject({ left, top, frame: { width: 320, height: 180 } });
    expect(place.scaled).toEqual(turned ? { width: height, height: width } : { width, height });
    expect(placements.of({ ...LOOK, ...change }).change).toBeUndefined();
    // Back again: the whole frame.
    expect(placements.of(LOOK).place).toMatchObject({ scaled: { width: 320, height: 180 }, left: 0, top: 0 });
  });
});

describe('a stream that changes its size', () => {
  const wide = movingTexture(192, 112, 4, 3, 2);
  const tall = movingTexture(112, 192, 4, 2, 3);
  const h264 = { encoder: 'libx264', options: { crf: 8, 'x264-params': 'ref=1:log-level=none' } };

  it.each([
    ['H.264', 'ts', 'codec', h264],
    ['MPEG-4', 'ts', 'codec', { encoder: 'mpeg4', options: { b: '8M' } }],
    ['MPEG-2', 'ts', 'codec', { encoder: 'mpeg2video', options: { b: '8M' } }],
    ['VP9', 'webm', 'estimate', { encoder: 'libvpx-vp9', options: { 'cpu-used': 8, crf: 8 } }],
    ['AV1', 'mkv', 'estimate', { encoder: 'libsvtav1', options: { preset: 12, crf: 8 } }],
    [
      'HEVC',
      'ts',
      'estimate',
      { encoder: 'libx265', options: { crf: 8, preset: 'ultrafast', 'x265-params': 'log-level=none' } },
    ],
    [
      'MJPEG',
      'avi',
      'estimate',
      { encoder: 'mjpeg', pixelFormat: AV_PIX_FMT_YUVJ420P, options: { qmin: 1, qmax: 3 } },
    ],
  ] as [
    string,
    string,
    string,
    Omit<StreamSpec, 'output'>,
  ][])('%s: one break, proportions and motion kept', async (_name, ending, motionSource, spec) => {
    using folder = new TestFolder();
    const output = folder.at(`sizes.${ending}`);
    await makeStream([wide, tall, wide], { output, ...spec });
    const { video, frames } = await readAll(output);
    expect(video.info).toMatchObject({ width: 192, height: 112, motionSource });
    expect(video.losses).toEqual([]);
    expect(frames).toHaveLength(12);
    expect(frames.filter(({ discontinuity }) => discontinuity).map(({ index }) => index)).toEqual([0, 4, 8]);
    expect(video.notes.filter((note) => /from frame [48] .*change/.test(note))).toHaveLength(2);
    // 112 × 192 in 192 × 112: 65 × 112, and black beside it.
    for (const frame of frames.slice(4, 8)) {
      expect(frame).toMatchObject({ width: 192, height: 112 });
      for (const x of [0, 61, 130, 191]) expect(frame.pixels[50 * 192 + x]).toBeLessThan(3);
      const picture = new Uint8Array(3 * 65 * 112);
      for (let row = 0; row < 3 * 112; row++)
        picture.set(frame.pixels.subarray(row * 192 + 63, row * 192 + 128), row * 65);
      const t = frame.index - 4;
      const large = textureAt(112, 192, 2 * t, 3 * t);
      const expected = Uint8Array.from({ length: 3 * 65 * 112 }, (_, i) => {
        const [plane, y, x] = [Math.floor(i / 7280), Math.floor((i % 7280) / 65), i % 65];
        return large[
          (plane * 192 + Math.floor(((y + 0.5) * 192) / 112)) * 112 + Math.floor(((x + 0.5) * 112) / 65)
        ];
      });
      expect(meanDifference(picture, expected)).toBeLessThan(8);
    }
    for (const i of [6, 10]) {
      const { vector } = prevailingMotion(frames[i]);
      const motion = i === 6 ? [(2 * 65) / 112, (3 * 112) / 192] : [3, 2];
      for (const axis of [0, 1]) expect(Math.abs(vector[axis] - motion[axis])).toBeLessThan(0.4);
    }
  });

  it('that mirrors its pictures from some frame on: one break', async () => {
    using folder = new TestFolder();
    const mirror = ['h264_metadata', { display_orientation: 'insert', flip: 'horizontal' }] as const;
    await makeStream(wide, { output: folder.at('a.h264'), ...h264 });
    await makeStream(wide, { output: folder.at('b.h264'), ...h264, filter: mirror });
    const bytes = Buffer.concat(['a.h264', 'b.h264'].map((name) => readFileSync(folder.at(name))));
    const { video, frames } = await readAll(bytes);
    expect(video.info.mirrored).toBe(false);
    expect(frames.filter(({ discontinuity }) => discontinuity).map(({ index }) => index)).toEqual([0, 4]);
    expect(video.notes.join()).toMatch(/from frame 4 .*shown otherwise/);
    expect(prevailingMotion(frames[3]).vector).toEqual([3, 2]);
    expect(prevailingMotion(frames[7]).vector).toEqual([-3, 2]);
    const alone = await readAll(readFileSync(folder.at('b.h264')));
    expect(alone.video.info).toMatchObject({ mirrored: true, rotation: 0 });
    expect(alone.frames.map(({ discontinuity }) => discontinuity)).toEqual([true, false, false, false]);
    expect(frames[7].pixels).toEqual(alone.frames[3].pixels);
  });
});

describe('pixels that are not square', () => {
  it.each([
    ['as the container says', { aspect: [4, 3] }, { num: 4, den: 3 }],
    ['turned with the picture', { aspect: [4, 3], matrix: [0, 1, -1, 0] }, { num: 3, den: 4 }],
    ['said in lowest terms', { aspect: [32, 24] }, { num: 4, den: 3 }],
  ] as const)('%s', async (_name, spec, pixelAspect) => {
    using folder = new TestFolder();
    const output = folder.at('a.mp4');
    await makeStream(movingTexture(96, 64, 2, 1, 1), { output, encoder: 'libx264', ...spec });
    const { video } = await readAll(output);
    expect(video.info).toMatchObject({ pixelAspect });
  });

  it('as the stream itself says, where its container does not', async () => {
    using folder = new TestFolder();
    const output = folder.at('a.ts');
    await makeStream(movingTexture(96, 64, 2, 1, 1), { output, encoder: 'mpeg2video', aspect: [8, 9] });
    const { video } = await readAll(output);
    const { num, den } = video.info.pixelAspect;
    expect(num / den).toBeCloseTo(8 / 9, 2);
  });
});
