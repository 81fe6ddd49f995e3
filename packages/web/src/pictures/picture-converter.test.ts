import { ToPlanarRgb } from '@twnet/node/video/planar-rgb';
import {
  AV_PIX_FMT_NV12,
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV422P10LE,
  AV_PIX_FMT_YUV444P,
  AVCHROMA_LOC_LEFT,
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
} from 'node-av/constants';
import { Frame } from 'node-av/lib';
import { describe, expect, it } from 'vitest';
import { PictureConverter } from './picture-converter.js';
import { pixelFormat } from './pixel-formats.js';
import type { Scaler } from './sampling.js';

const FORMATS = {
  I420: AV_PIX_FMT_YUV420P,
  NV12: AV_PIX_FMT_NV12,
  I444: AV_PIX_FMT_YUV444P,
  I422P10: AV_PIX_FMT_YUV422P10LE,
} as const;

/** A smooth picture with edges, whose colours stay within the cube; the same samples for FFmpeg and for the converter. */
function picture(name: keyof typeof FORMATS, width: number, height: number, fullRange: boolean) {
  const frame = new Frame();
  frame.alloc();
  Object.assign(frame, { format: FORMATS[name], width, height, chromaLocation: AVCHROMA_LOC_LEFT });
  frame.colorRange = fullRange ? AVCOL_RANGE_JPEG : AVCOL_RANGE_MPEG;
  if (fullRange) frame.colorSpace = AVCOL_SPC_BT709;
  expect(frame.getBuffer(0)).toBeGreaterThanOrEqual(0);
  const format = pixelFormat(name)!;
  const data = frame.data!;
  for (const [i, { plane, offset, step, across, down }] of format.components.entries()) {
    const view = new DataView(data[plane].buffer, data[plane].byteOffset, data[plane].byteLength);
    for (let y = 0; y < Math.ceil(height / 2 ** down); y++)
      for (let x = 0; x < Math.ceil(width / 2 ** across); x++) {
        const [px, py] = [x * 2 ** across, y * 2 ** down];
        const wave =
          i === 0
            ? 120 + 40 * Math.sin(px / 5) + (((px >> 4) + (py >> 4)) % 2) * 20
            : 128 + 14 * Math.cos((px + i * py) / 9);
        const at = y * frame.linesize[plane] + offset + x * step;
        if (format.shift > 0) view.setUint16(at, Math.round(wave * 4), true);
        else view.setUint8(at, Math.round(wave));
      }
  }
  const bytes = new Uint8Array(data.reduce((sum, each) => sum + each.length, 0));
  let end = 0;
  const planes = data.map((each, i) => {
    bytes.set(each, end);
    end += each.length;
    return { offset: end - each.length, stride: frame.linesize[i] };
  });
  const colour = { matrix: fullRange ? 'bt709' : null, fullRange };
  return { frame, decoded: { width, height, format, colour, planes, bytes } };
}

describe('PictureConverter', () => {
  it.each([
    ['I420', 96, 64, 96, 64, 'bicubic', false],
    ['I420', 96, 64, 192, 128, 'bilinear', false],
    ['I420', 97, 65, 49, 33, 'area', true],
    ['NV12', 96, 64, 48, 32, 'area', false],
    ['I444', 101, 70, 76, 53, 'bicubic', true],
    ['I422P10', 96, 64, 96, 64, 'bicubic', false],
  ] as const)('makes of %s, %i×%i, %i×%i by %s as swscale does', async (name, w, h, width, height, scaler, full) => {
    const { frame, decoded } = picture(name, w, h, full);
    using ffmpeg = new ToPlanarRgb(width, height, undefined, 'test', scaler as Scaler);
    const expected = await ffmpeg.convert(frame);
    const found = new PictureConverter({ width, height, scaler, chroma: 'left' }).convert(decoded);
    frame.free();
    const differences = expected.map((value, i) => Math.abs(value - found[i]));
    const most = differences.reduce((a, b) => Math.max(a, b));
    const mean = differences.reduce((a, b) => a + b, 0) / differences.length;
    // Samples of ten bits are taken for eight before anything else.
    const isDeep = decoded.format.shift > 0;
    expect(most).toBeLessThanOrEqual(isDeep ? 2 : 1);
    expect(mean).toBeLessThan(isDeep ? 0.6 : 0.05);
  });

  it.each([90, 180, 270] as const)('turns by %i degrees', (turn) => {
    const { frame, decoded } = picture('I444', 40, 24, true);
    frame.free();
    const [width, height] = turn === 180 ? [40, 24] : [24, 40];
    const of = (options: { width: number; height: number; turn?: typeof turn }) =>
      new PictureConverter({ ...options, scaler: 'bicubic', chroma: 'left' }).convert(decoded);
    const upright = of({ width: 40, height: 24 });
    const turned = of({ width, height, turn });
    const from = (x: number, y: number): number =>
      turn === 180 ? (23 - y) * 40 + 39 - x : turn === 90 ? (23 - x) * 40 + y : x * 40 + 39 - y;
    const expected = Uint8Array.from({ length: 3 * 960 }, (_, i) => {
      const at = i % 960;
      return upright[i - at + from(at % width, Math.floor(at / width))];
    });
    expect(turned).toEqual(expected);
  });
});
