import { movingTexture } from '@twnet/testing/moving-texture';
import { describe, expect, it } from 'vitest';
import { CLIP_CODECS } from './clip-codecs.js';
import { openVideo } from './open-video.js';
import { encodeClip, recodeClip, recodedLast } from './recode-clip.js';

const COARSE = { mpeg4: 20, h264: 40, hevc: 40 } as const;

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;
}

describe.each(CLIP_CODECS)('a clip through %s', (codec) => {
  // Odd both ways: codecs take even sides only.
  const { width, height, frames } = movingTexture(101, 75, 4, 3, 1);
  const recoded = recodeClip(frames, { width, height, codec, gop: 3 });

  it('keeps size, number, pictures and types', () => {
    expect(recoded.map(({ pictureType }) => pictureType).join('')).toBe('IPPI');
    for (const [i, frame] of recoded.entries()) {
      expect([frame.width, frame.height]).toEqual([width, height]);
      expect(meanDifference(frame.pixels, frames[i])).toBeLessThan(6);
      expect(meanDifference(frame.pixels, frames[i])).toBeLessThan(
        meanDifference(frame.pixels, frames[(i + 1) % frames.length]),
      );
    }
  });

  it('has the vectors that the decoder hands out', () => {
    const { count, dx, dy } = recoded[2].motion;
    if (codec === 'hevc') return expect(count).toBe(0);
    const median = (values: Float32Array) => [...values].sort((a, b) => a - b)[Math.floor(count / 2)];
    expect([median(dx), median(dy)]).toEqual([3, 1]);
  });

  it('comes out the same again, the last frame alone too', () => {
    const options = { width, height, codec, gop: 3 };
    expect(recodeClip(frames, options)).toEqual(recoded);
    expect(recodedLast(frames, options)).toEqual(recoded[3].pixels);
  });

  it('loses more at a coarser quality', () => {
    const last = (quality?: number) => recodedLast(frames, { width, height, codec, quality });
    expect(meanDifference(last(COARSE[codec]), frames[3])).toBeGreaterThan(
      1.5 * meanDifference(last(), frames[3]),
    );
  });

  it('is a stream that openVideo reads', async () => {
    await using video = await openVideo(encodeClip(frames, { width, height, codec }));
    let count = 0;
    for await (const _ of video) count++;
    expect(count).toBe(frames.length);
  });
});

it('HEVC is refused where its encoder takes none', () => {
  const { frames } = movingTexture(40, 80, 2, 1, 0);
  expect(() => recodeClip(frames, { width: 40, height: 80, codec: 'hevc' })).toThrow(
    'hevc takes no pictures under 64 pixels, not 40×80',
  );
});
