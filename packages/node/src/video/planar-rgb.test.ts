import { textureAt } from '@twnet/testing/moving-texture';
import {
  AV_PIX_FMT_YUV420P,
  AV_PIX_FMT_YUV420P10LE,
  AVCOL_RANGE_JPEG,
  AVCOL_RANGE_MPEG,
  AVCOL_SPC_BT709,
  AVCOL_SPC_SMPTE170M,
  AVCOL_SPC_UNSPECIFIED,
  type AVColorRange,
  type AVColorSpace,
} from 'node-av/constants';
import { describe, expect, it } from 'vitest';
import { allocateFrame } from './format-converter.js';
import { FromPlanarRgb, ToPlanarRgb } from './planar-rgb.js';

const WIDTH = 34;
const HEIGHT = 18;
const [Y, CB, CR] = [120, 90, 200];

/** R, G, B of one YCbCr colour by the standards' formulas. */
function rgb(kr: number, kb: number, fullRange: boolean): number[] {
  const y = fullRange ? Y / 255 : (Y - 16) / 219;
  const [cb, cr] = [CB, CR].map((c) => (c - 128) / (fullRange ? 255 : 224));
  const r = y + 2 * (1 - kr) * cr;
  const b = y + 2 * (1 - kb) * cb;
  const g = (y - kr * r - kb * b) / (1 - kr - kb);
  return [r, g, b].map((v) => Math.min(255, Math.max(0, 255 * v)));
}

const BT601 = [0.299, 0.114] as const;
const BT709 = [0.2126, 0.0722] as const;

describe('ToPlanarRgb', () => {
  it.each([
    ['BT.601, limited', AVCOL_SPC_SMPTE170M, AVCOL_RANGE_MPEG, rgb(...BT601, false)],
    ['untagged, taken for BT.601', AVCOL_SPC_UNSPECIFIED, AVCOL_RANGE_MPEG, rgb(...BT601, false)],
    ['BT.709, limited', AVCOL_SPC_BT709, AVCOL_RANGE_MPEG, rgb(...BT709, false)],
    ['BT.709, full', AVCOL_SPC_BT709, AVCOL_RANGE_JPEG, rgb(...BT709, true)],
  ] as [string, AVColorSpace, AVColorRange, number[]][])('honours %s', (_name, space, range, expected) => {
    for (const [format, scale] of [
      [AV_PIX_FMT_YUV420P, 1],
      [AV_PIX_FMT_YUV420P10LE, 4],
    ] as const) {
      using frame = allocateFrame({ width: WIDTH, height: HEIGHT, format });
      frame.colorSpace = space;
      frame.colorRange = range;
      // In full range, 10 bits stretch to 1023, not 1020.
      const factor = range === AVCOL_RANGE_JPEG && scale === 4 ? 1023 / 255 : scale;
      [Y, CB, CR].forEach((value, plane) => {
        const samples = frame.data![plane];
        if (scale === 1) samples.fill(value);
        else
          for (let i = 0; i + 1 < samples.length; i += 2)
            samples.writeUInt16LE(
              plane > 0 && factor !== 4
                ? Math.round(512 + (value - 128) * factor)
                : Math.round(value * factor),
              i,
            );
      });
      using converter = new ToPlanarRgb(WIDTH, HEIGHT);
      const pixels = converter.convertSync(frame);
      expect(pixels).toHaveLength(3 * WIDTH * HEIGHT);
      expected.forEach((value, plane) => {
        const part = pixels.subarray(plane * WIDTH * HEIGHT, (plane + 1) * WIDTH * HEIGHT);
        for (const got of part) expect(Math.abs(got - value)).toBeLessThanOrEqual(2);
      });
    }
  });

  it('gives an array that came back twice to one frame alone', () => {
    using frame = allocateFrame({ width: WIDTH, height: HEIGHT, format: AV_PIX_FMT_YUV420P });
    using converter = new ToPlanarRgb(WIDTH, HEIGHT);
    const first = converter.convertSync(frame);
    converter.recycle(first);
    converter.recycle(first);
    expect(converter.convertSync(frame)).toBe(first);
    expect(converter.convertSync(frame)).not.toBe(first);
  });

  it('uses all arrays again that have come back, however many, each with the pixels of its frame', () => {
    using frame = allocateFrame({ width: WIDTH, height: HEIGHT, format: AV_PIX_FMT_YUV420P });
    for (const plane of [1, 2]) frame.data![plane].fill(128);
    using converter = new ToPlanarRgb(WIDTH, HEIGHT);
    const converted = (luma: number): Uint8Array => {
      frame.data![0].fill(luma);
      return converter.convertSync(frame);
    };
    const first = Array.from({ length: 20 }, (_, i) => converted(20 + 10 * i));
    const grey = first.map((pixels) => pixels[7]);
    expect(grey).toEqual(grey.toSorted((a, b) => a - b));
    expect(new Set(grey).size).toBe(20);
    for (const pixels of first) converter.recycle(pixels);
    const again = new Set(Array.from({ length: 20 }, () => converted(235)));
    expect(again).toEqual(new Set(first));
    expect(first.map((pixels) => pixels[7])).toEqual(new Array(20).fill(255));
    expect(again).not.toContain(converted(16));
  });

  it('scales a frame of another size', () => {
    using large = allocateFrame({ width: 2 * WIDTH, height: 3 * HEIGHT, format: AV_PIX_FMT_YUV420P });
    [Y, CB, CR].forEach((value, plane) => {
      large.data![plane].fill(value);
    });
    using converter = new ToPlanarRgb(WIDTH, HEIGHT);
    const pixels = converter.convertSync(large);
    rgb(...BT601, false).forEach((value, plane) => {
      expect(Math.abs(pixels[plane * WIDTH * HEIGHT + 100] - value)).toBeLessThanOrEqual(2);
    });
  });
});

describe('FromPlanarRgb', () => {
  it('comes back within the loss of 4:2:0 and 8 bits, also for odd sizes', async () => {
    const [width, height] = [45, 31];
    const pixels = textureAt(width, height, 0, 0);
    using from = new FromPlanarRgb(width, height, AV_PIX_FMT_YUV420P);
    using to = new ToPlanarRgb(width, height);
    const back = await to.convert(await from.convert(pixels));
    const error = back.reduce((sum, v, i) => sum + Math.abs(v - pixels[i]), 0) / back.length;
    expect(error).toBeLessThan(2.5);
    expect(to.convertSync(from.convertSync(pixels))).toEqual(back);
  });

  it('refuses a picture of another size', () => {
    using from = new FromPlanarRgb(16, 16, AV_PIX_FMT_YUV420P);
    expect(() => from.convertSync(new Uint8Array(16 * 16))).toThrow(
      /256 bytes are no planar RGB picture of 16×16/,
    );
  });
});
