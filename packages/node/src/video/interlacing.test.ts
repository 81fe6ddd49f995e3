import { type Fields, makeStream, type StreamSpec } from '@twnet/testing/made-stream';
import {
  type Clip,
  meanDifference,
  prevailingMotion,
  readAll,
  TestFolder,
  textureAt,
} from '@twnet/testing/moving-texture';
import { AV_PIX_FMT_UYVY422, AV_PIX_FMT_YUV422P, AV_PIX_FMT_YUV422P10LE } from 'node-av/constants';
import { describe, expect, it } from 'vitest';

const FRAMES = 5;
/** Pixels a frame; half of it a field. */
const MOTION = [6, 4] as const;

/** Two fields a frame, each filmed at a moment of its own. */
function interlacedClip(width: number, height: number, first: Fields, count = FRAMES): Clip {
  const frames = Array.from({ length: count }, (_, t) => {
    const [early, late] = [0, 0.5].map((half) =>
      textureAt(width, height, MOTION[0] * (t + half), MOTION[1] * (t + half)),
    );
    const frame = new Uint8Array(early.length);
    for (let row = 0; row < 3 * height; row++) {
      const isTop = (row % height) % 2 === 0;
      const from = isTop === (first === 'top') ? early : late;
      frame.set(from.subarray(row * width, (row + 1) * width), row * width);
    }
    return frame;
  });
  return { width, height, frames };
}

/** Lines of chroma, of which 4:2:0 has half, are mixed where the clip is made. */
function luma(pixels: Uint8Array): Uint8Array {
  const area = pixels.length / 3;
  return Uint8Array.from({ length: area }, (_, i) =>
    Math.round(0.299 * pixels[i] + 0.587 * pixels[area + i] + 0.114 * pixels[2 * area + i]),
  );
}

const ILDCT = { flags: '+ildct+ilme', b: '8M', qmin: 1 };

async function expectDeinterlaced(
  spec: StreamSpec,
  size: readonly [number, number],
  first: Fields,
): Promise<void> {
  const clip = interlacedClip(...size, first);
  await makeStream(clip, { fields: first, ...spec });
  const { video, frames } = await readAll(spec.output);
  expect(video.info).toMatchObject({ interlaced: true, motionSource: 'estimate' });
  expect(video.notes.join()).toMatch(/interlaced: frames are deinterlaced/);
  expect(video.losses).toEqual([]);
  expect(frames).toHaveLength(FRAMES);
  frames.forEach((frame, i) => {
    expect(frame.timestamp).toBeCloseTo(i / 25, 2);
    expect(frame.discontinuity).toBe(i === 0);
    // The moment of a frame's first field.
    const expected = textureAt(...size, MOTION[0] * i, MOTION[1] * i);
    expect(meanDifference(luma(frame.pixels), luma(expected))).toBeLessThan(2.5);
    expect(meanDifference(luma(clip.frames[i]), luma(expected))).toBeGreaterThan(4);
    if (i === 0) return;
    const { vector } = prevailingMotion(frame);
    expect(Math.abs(vector[0] - MOTION[0]), vector.join()).toBeLessThanOrEqual(0.5);
    expect(Math.abs(vector[1] - MOTION[1]), vector.join()).toBeLessThanOrEqual(0.5);
  });
}

describe('interlaced video', () => {
  const X264 = { crf: 4, preset: 'veryfast', 'x264-params': 'tff=1:bframes=2:log-level=none' };
  it.each([
    ['H.264, MBAFF', 'mp4', 'top', { encoder: 'libx264', options: X264 }],
    [
      'H.264, bottom field first',
      'ts',
      'bottom',
      { encoder: 'libx264', options: { ...X264, 'x264-params': 'bff=1:pic-struct=1:log-level=none' } },
    ],
    [
      'H.264, 4:2:2, 10 bits',
      'mkv',
      'top',
      { encoder: 'libx264', options: X264, pixelFormat: AV_PIX_FMT_YUV422P10LE },
    ],
    ['MPEG-2', 'mpg', 'top', { encoder: 'mpeg2video', options: ILDCT }],
    ['MPEG-2 with B-frames', 'mkv', 'bottom', { encoder: 'mpeg2video', options: { ...ILDCT, bf: 2 } }],
    ['MPEG-4 Part 2', 'avi', 'top', { encoder: 'mpeg4', options: ILDCT }],
    [
      'ProRes',
      'mov',
      'top',
      { encoder: 'prores_ks', pixelFormat: AV_PIX_FMT_YUV422P10LE, options: { flags: '+ildct' } },
    ],
    ['FFV1', 'mkv', 'bottom', { encoder: 'ffv1' }],
    [
      'raw video, as its container says',
      'mov',
      'top',
      { encoder: 'rawvideo', pixelFormat: AV_PIX_FMT_UYVY422 },
    ],
    ['v210, as its container says', 'mov', 'top', { encoder: 'v210', pixelFormat: AV_PIX_FMT_YUV422P10LE }],
    [
      'HuffYUV, as its container says',
      'mkv',
      'bottom',
      { encoder: 'huffyuv', pixelFormat: AV_PIX_FMT_YUV422P },
    ],
  ] as [string, string, Fields, Omit<StreamSpec, 'output'>][])('%s', async (_name, ending, first, spec) => {
    using folder = new TestFolder();
    await expectDeinterlaced({ output: folder.at(`clip.${ending}`), ...spec }, [160, 112], first);
  });

  it('DV', async () => {
    using folder = new TestFolder();
    await expectDeinterlaced({ output: folder.at('clip.dv'), encoder: 'dvvideo' }, [720, 576], 'bottom');
  });

  it('whose height is no multiple of four', async () => {
    using folder = new TestFolder();
    const options = { encoder: 'mpeg2video', options: ILDCT };
    await expectDeinterlaced({ output: folder.at('clip.mkv'), ...options }, [158, 110], 'top');
  });
});
