import { makeStream, type StreamSpec } from '@twnet/testing/made-stream';
import {
  meanDifference,
  movingTexture,
  prevailingMotion,
  readAll,
  TestFolder,
} from '@twnet/testing/moving-texture';
import { describe, expect, it } from 'vitest';
import { croppedSize } from './cropping.js';

const CLIP = movingTexture(192, 112, 4, 3, 2);
/** The same bytes every time: what is compared are two encodings. */
const H264 = {
  encoder: 'libx264',
  options: { crf: 8, mbtree: 0, 'x264-params': 'ref=1:log-level=none' },
} as const;

interface Edges {
  readonly left?: number;
  readonly top?: number;
  readonly right?: number;
  readonly bottom?: number;
}

/** The part of a picture of the clip's size that is left. */
function cut(pixels: Uint8Array, { left = 0, top = 0, right = 0, bottom = 0 }: Edges): Uint8Array {
  const [width, height] = [CLIP.width - left - right, CLIP.height - top - bottom];
  const out = new Uint8Array(3 * width * height);
  for (let plane = 0, at = 0; plane < 3; plane++)
    for (let y = top; y < top + height; y++, at += width) {
      const start = (plane * CLIP.height + y) * CLIP.width + left;
      out.set(pixels.subarray(start, start + width), at);
    }
  return out;
}

const blocksOf = ({ motion }: Awaited<ReturnType<typeof readAll>>['frames'][number]) =>
  Array.from({ length: motion.count }, (_, i) =>
    [motion.x[i], motion.y[i], motion.dx[i], motion.dy[i]].join(),
  );

describe('a stream that is cropped', () => {
  it.each([
    [{ left: 64, top: 40 }],
    [{ left: 40, right: 40 }],
    [{ left: 2, top: 2, right: 6, bottom: 10 }],
    [{ bottom: 8 }],
  ] as [Edges][])('H.264, %o: pixels and vectors of what is left', async (edges) => {
    using folder = new TestFolder();
    await makeStream(CLIP, { output: folder.at('whole.mp4'), ...H264 });
    const whole = await readAll(folder.at('whole.mp4'));
    const options = Object.entries(edges).map(([edge, pixels]) => [`crop_${edge}`, String(pixels)]);
    const filter = ['h264_metadata', Object.fromEntries(options)] as const;
    await makeStream(CLIP, { output: folder.at('cropped.mp4'), ...H264, filter });
    const { video, frames } = await readAll(folder.at('cropped.mp4'));
    const { left = 0, top = 0, right = 0, bottom = 0 } = edges;
    const size = { width: 192 - left - right, height: 112 - top - bottom };
    expect(video.info).toMatchObject({ ...size, motionSource: 'codec' });
    frames.forEach((frame, i) => {
      expect(frame).toMatchObject(size);
      expect(meanDifference(frame.pixels, cut(whole.frames[i].pixels, edges))).toBeLessThan(0.5);
      const { motion } = whole.frames[i];
      const shifted = { ...motion, x: motion.x.map((x) => x - left), y: motion.y.map((y) => y - top) };
      expect(blocksOf(frame)).toEqual(blocksOf({ ...frame, motion: shifted }));
    });
    expect(prevailingMotion(frames[2]).vector).toEqual([3, 2]);
  });

  it('HEVC, to the pixel', async () => {
    using folder = new TestFolder();
    const options = { crf: 8, preset: 'ultrafast', 'x265-params': 'log-level=none' };
    const output = folder.at('cropped.mp4');
    await makeStream(CLIP, {
      output,
      encoder: 'libx265',
      options,
      filter: ['hevc_metadata', { crop_left: '40', crop_right: '40', crop_top: '6' }],
    });
    const { video, frames } = await readAll(output);
    expect(video.info).toMatchObject({ width: 112, height: 106 });
    const edges = { left: 40, right: 40, top: 6 };
    expect(meanDifference(frames[3].pixels, cut(CLIP.frames[3], edges))).toBeLessThan(3);
    expect(prevailingMotion(frames[3]).vector).toEqual([3, 2]);
  });
});

describe('a container that crops', () => {
  const edges = { left: 34, top: 10, right: 6, bottom: 2 };

  it.each([
    ['Matroska’s PixelCrop', 'mkv', H264],
    ['MP4’s clap', 'mp4', H264],
    ['around a codec without vectors', 'mkv', { encoder: 'ffv1' }],
    ['around interlaced pictures', 'mkv', { encoder: 'ffv1', fields: 'top' }],
  ] as [string, string, Omit<StreamSpec, 'output'>][])('%s', async (_name, ending, spec) => {
    using folder = new TestFolder();
    const output = folder.at(`cropped.${ending}`);
    await makeStream(CLIP, { output, ...spec, crop: edges });
    const { video, frames } = await readAll(output);
    const size = { width: 152, height: 100 };
    expect(video.info).toMatchObject({ ...size, interlaced: spec.fields !== undefined });
    expect(frames).toHaveLength(4);
    frames.forEach((frame, i) => {
      expect(frame).toMatchObject(size);
      expect(meanDifference(frame.pixels, cut(CLIP.frames[i], edges))).toBeLessThan(6);
    });
    expect(prevailingMotion(frames[2]).vector).toEqual([3, 2]);
  });

  it('by an odd number of pixels, turned', async () => {
    using folder = new TestFolder();
    const output = folder.at('cropped.mp4');
    const odd = { left: 33, top: 11, right: 6, bottom: 2 };
    await makeStream(CLIP, { output, ...H264, crop: odd, matrix: [0, 1, -1, 0] });
    const { video, frames } = await readAll(output);
    expect(video.info).toMatchObject({ width: 99, height: 153, rotation: 90 });
    expect(prevailingMotion(frames[2]).vector).toEqual([-2, 3]);
    const upright = cut(CLIP.frames[2], odd);
    const turned = new Uint8Array(upright.length);
    for (let plane = 0, at = 0; plane < 3; plane++)
      for (let y = 0; y < 99; y++)
        for (let x = 0; x < 153; x++, at++) turned[(plane * 153 + x) * 99 + 98 - y] = upright[at];
    expect(meanDifference(frames[2].pixels, turned)).toBeLessThan(4);
  });

  it('leaving nothing is not meant', () => {
    const size = { width: 192, height: 112 };
    expect(croppedSize(size, { left: 100, right: 92, top: 0, bottom: 0 })).toBeUndefined();
    expect(croppedSize(size, { left: 2 ** 32 - 1, right: 2 ** 32 - 1, top: 0, bottom: 0 })).toBeUndefined();
    expect(croppedSize(size, { left: 100, right: 91, top: 1, bottom: 0 })).toEqual({ width: 1, height: 111 });
  });
});
