import { InputError } from '@twnet/core/errors';
import {
  AV_FRAME_FLAG_INTERLACED,
  AV_PIX_FMT_AYUV64LE,
  AV_PIX_FMT_BAYER_RGGB8,
  AV_PIX_FMT_BGR4,
  AV_PIX_FMT_GBRP,
  AV_PIX_FMT_GBRPF32LE,
  AV_PIX_FMT_GRAY8,
  AV_PIX_FMT_GRAY10LE,
  AV_PIX_FMT_GRAYF32LE,
  AV_PIX_FMT_MONOBLACK,
  AV_PIX_FMT_NV12,
  AV_PIX_FMT_P010LE,
  AV_PIX_FMT_PAL8,
  AV_PIX_FMT_RGB565LE,
  AV_PIX_FMT_RGBA,
  AV_PIX_FMT_RGBA128LE,
  AV_PIX_FMT_UYVY422,
  AV_PIX_FMT_V30XLE,
  AV_PIX_FMT_XYZ12LE,
  AV_PIX_FMT_YA8,
  AV_PIX_FMT_YUV410P,
  AV_PIX_FMT_YUV444P16LE,
  AV_PIX_FMT_YUVA420P,
  AV_PIX_FMT_YUVJ422P,
  type AVPixelFormat,
} from 'node-av/constants';
import type { Frame } from 'node-av/lib';
import { describe, expect, it } from 'vitest';
import { allocateFrame } from './format-converter.js';
import { PictureFilters } from './picture-filters.js';
import { ToPlanarRgb } from './planar-rgb.js';

const SIZE = { width: 64, height: 48 };

function frameOf(format: AVPixelFormat): Frame {
  const frame = allocateFrame({ ...SIZE, format });
  for (const plane of frame.data!) plane.fill(60);
  frame.setFlags(AV_FRAME_FLAG_INTERLACED);
  return frame;
}

/** Frames as they come out of the filters and the conversion. */
async function through(format: AVPixelFormat, interlaced: boolean): Promise<Uint8Array[]> {
  const result: Uint8Array[] = [];
  const filters = new PictureFilters<number>({ left: 3, top: 1, right: 5, bottom: 7 }, 'clip.mkv');
  const converter = new ToPlanarRgb(56, 40, undefined, 'clip.mkv');
  const frame = frameOf(format);
  try {
    for (const index of [0, 1])
      for await (const { picture } of filters.push(frame, interlaced, index))
        result.push(await converter.convert(picture));
    for await (const { picture } of filters.flush()) result.push(await converter.convert(picture));
    return result;
  } finally {
    filters[Symbol.dispose]();
    converter[Symbol.dispose]();
    frame.free();
  }
}

describe.each([
  ['progressive', false],
  ['interlaced', true],
])('%s frames, flagged as interlaced', (_name, interlaced) => {
  it.each([
    ['palette', AV_PIX_FMT_PAL8],
    ['one bit', AV_PIX_FMT_MONOBLACK],
    ['grey', AV_PIX_FMT_GRAY8],
    ['grey, 10 bits', AV_PIX_FMT_GRAY10LE],
    ['grey, float', AV_PIX_FMT_GRAYF32LE],
    ['grey with alpha', AV_PIX_FMT_YA8],
    ['RGB with alpha', AV_PIX_FMT_RGBA],
    ['RGB in 16 bits', AV_PIX_FMT_RGB565LE],
    ['RGB, float', AV_PIX_FMT_GBRPF32LE],
    ['planar RGB', AV_PIX_FMT_GBRP],
    ['Bayer', AV_PIX_FMT_BAYER_RGGB8],
    ['XYZ', AV_PIX_FMT_XYZ12LE],
    ['4:1:0', AV_PIX_FMT_YUV410P],
    ['4:2:0 with alpha', AV_PIX_FMT_YUVA420P],
    ['4:2:0, two planes', AV_PIX_FMT_NV12],
    ['4:2:0, two planes, 10 bits', AV_PIX_FMT_P010LE],
    ['4:2:2, full range', AV_PIX_FMT_YUVJ422P],
    ['4:2:2, packed', AV_PIX_FMT_UYVY422],
    ['4:4:4, 16 bits', AV_PIX_FMT_YUV444P16LE],
    ['4:4:4, packed, 10 bits', AV_PIX_FMT_V30XLE],
    ['4:4:4 with alpha, packed, 16 bits', AV_PIX_FMT_AYUV64LE],
  ] as [string, AVPixelFormat][])('%s', async (_name, format) => {
    const frames = await through(format, interlaced);
    expect(frames).toHaveLength(2);
    for (const pixels of frames) {
      expect(pixels).toHaveLength(3 * 56 * 40);
      // One colour went in.
      for (const plane of [0, 1, 2]) {
        const samples = pixels.subarray(plane * 56 * 40, (plane + 1) * 56 * 40);
        const spread = samples.reduce((most, v) => Math.max(most, Math.abs(v - samples[20 * 56 + 28])), 0);
        expect(spread).toBeLessThanOrEqual(format === AV_PIX_FMT_MONOBLACK ? 255 : 2);
      }
    }
  });

  it.each([
    ['bgr4', AV_PIX_FMT_BGR4],
    ['rgba128le', AV_PIX_FMT_RGBA128LE],
  ] as [string, AVPixelFormat][])('%s, which FFmpeg cannot convert: named', async (name, format) => {
    const failure = through(format, interlaced);
    await expect(failure).rejects.toThrow(InputError);
    await expect(failure).rejects.toThrow(
      new RegExp(`^clip.mkv: frames of pixel format ${name}, \\d+×\\d+, `),
    );
  });
});
