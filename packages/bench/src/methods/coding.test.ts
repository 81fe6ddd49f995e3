import { InputError } from '@twnet/core/errors';
import { movingTexture, readAll, TestFolder } from '@twnet/testing/moving-texture';
import { describe, expect, it } from 'vitest';
import { type Coding, clipStream, parseCoding, recodingTo } from './coding.js';

const CODINGS: readonly (readonly [fine: string, coarse: string])[] = [
  ['mpeg4:3', 'mpeg4:20'],
  ['h264:20', 'h264:45'],
  ['hevc:20', 'hevc:45'],
];
const clip = movingTexture(64, 64, 6, 2, 1);
const settings = (coding: Coding) => ({ width: 64, height: 64, gop: 4, coding });

describe('parseCoding', () => {
  it('reads a codec and its quality', () => {
    expect(parseCoding('mpeg4:10')).toEqual({ codec: 'mpeg4', quality: 10 });
    expect(parseCoding('hevc:0')).toEqual({ codec: 'hevc', quality: 0 });
  });

  it.each([
    'mpeg4',
    'mpeg4:',
    'mpeg4:0',
    'mpeg4:32',
    'h264:52',
    'h264:1.5',
    'vp9:30',
    'h264:20:1',
  ])('refuses %s', (text) => expect(() => parseCoding(text)).toThrow(InputError));
});

describe('streams of a clip', () => {
  it.each(
    CODINGS,
  )('have an I-frame every group and no B-frames, and fewer bytes where coarser: %s', async (...texts) => {
    const [fine, coarse] = texts.map(parseCoding);
    const stream = clipStream(clip.frames, settings(fine));
    expect((await readAll(stream)).types).toBe('IPPPIP');
    expect(clipStream(clip.frames, settings(coarse)).length).toBeLessThan(stream.length);
  });

  it.each(CODINGS)('are the same in files: %s', async (text) => {
    using folder = new TestFolder();
    const path = folder.at('stream.mkv');
    await using writer = await recodingTo(path, { ...settings(parseCoding(text)), frameRate: 10 });
    for (const pixels of clip.frames) await writer.write(pixels);
    await writer.finish();
    expect((await readAll(path)).types).toBe('IPPPIP');
  });

  it('are refused where a codec takes no pictures of the size', () => {
    expect(() =>
      clipStream(clip.frames, { ...settings({ codec: 'hevc', quality: 30 }), width: 32, height: 32 }),
    ).toThrow(InputError);
  });
});
