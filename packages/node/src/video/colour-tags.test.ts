import {
  AV_PIX_FMT_YUV420P,
  type AVChromaLocation,
  AVCOL_RANGE_JPEG,
  AVCOL_SPC_BT709,
  AVCOL_TRC_SMPTE2084,
  type AVColorPrimaries,
  type AVColorRange,
  type AVColorSpace,
  type AVColorTransferCharacteristic,
} from 'node-av/constants';
import type { Frame } from 'node-av/lib';
import { describe, expect, it } from 'vitest';
import { dropUnknownTags } from './colour-tags.js';
import { allocateFrame } from './format-converter.js';
import { ToPlanarRgb } from './planar-rgb.js';

const SIZE = { width: 16, height: 16 };

/** A frame of one colour, BT.709 in full range. */
function colouredFrame(): Frame {
  const frame = allocateFrame({ ...SIZE, format: AV_PIX_FMT_YUV420P });
  [120, 90, 200].forEach((value, plane) => {
    frame.data![plane].fill(value);
  });
  frame.colorSpace = AVCOL_SPC_BT709;
  frame.colorRange = AVCOL_RANGE_JPEG;
  return frame;
}

function colourOf(frame: Frame): number[] {
  using converter = new ToPlanarRgb(SIZE.width, SIZE.height);
  const pixels = converter.convertSync(frame);
  return [0, 1, 2].map((plane) => pixels[plane * SIZE.width * SIZE.height]);
}

const SETTERS: Readonly<Record<string, (frame: Frame, tag: number) => void>> = {
  primaries: (frame, tag) => {
    frame.colorPrimaries = tag as AVColorPrimaries;
  },
  transfer: (frame, tag) => {
    frame.colorTrc = tag as AVColorTransferCharacteristic;
  },
  matrix: (frame, tag) => {
    frame.colorSpace = tag as AVColorSpace;
  },
  range: (frame, tag) => {
    frame.colorRange = tag as AVColorRange;
  },
  'chroma location': (frame, tag) => {
    frame.chromaLocation = tag as AVChromaLocation;
  },
};

/** Wide gamuts and high dynamic range, which are no damage: swscale maps them by a table that takes it seconds. */
const MAPPED: Readonly<Record<string, readonly number[]>> = {
  primaries: [8, 9, 10, 11, 12, 22],
  transfer: [16, 18],
};

describe('colour tags', () => {
  it.each(Object.keys(SETTERS))('any %s converts, whatever a damaged header says', (name) => {
    for (let tag = 0; tag < 256; tag++) {
      if (MAPPED[name]?.includes(tag)) continue;
      using frame = colouredFrame();
      SETTERS[name](frame, tag);
      expect(colourOf(frame)).toHaveLength(3);
    }
  });

  it('that nobody defines leave the others in force', () => {
    using plain = colouredFrame();
    const expected = colourOf(plain);
    for (const [name, tag] of [
      ['primaries', 18],
      ['primaries', 200],
      ['transfer', 9],
      ['transfer', 100],
      ['chroma location', 9],
    ] as const) {
      using frame = colouredFrame();
      SETTERS[name](frame, tag);
      expect(colourOf(frame), `${name} ${tag}`).toEqual(expected);
    }
  });

  it('that swscale knows stay', () => {
    using frame = colouredFrame();
    frame.colorTrc = AVCOL_TRC_SMPTE2084;
    dropUnknownTags(frame);
    expect(frame.colorTrc).toBe(AVCOL_TRC_SMPTE2084);
    expect(frame.colorSpace).toBe(AVCOL_SPC_BT709);
    expect(frame.colorRange).toBe(AVCOL_RANGE_JPEG);
  });
});
