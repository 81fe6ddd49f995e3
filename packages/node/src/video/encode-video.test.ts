import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { InputError, OutputError } from '@twnet/core/errors';
import { meanDifference, movingTexture, readAll, TestFolder, writeClip } from '@twnet/testing/moving-texture';
import { describe, expect, it } from 'vitest';
import { encodeVideo } from './encode-video.js';
import { rationalRate } from './encoder.js';

const CLIP = movingTexture(96, 64, 26, 2, 1);
const SIZE = { width: 96, height: 64, frameRate: 25 };

describe('encodeVideo', () => {
  it('makes the paper’s stream by default: MPEG-4 Simple Profile, I-frames by the GOP alone', async () => {
    using folder = new TestFolder();
    // Scene changes everywhere must not bring I-frames of their own.
    const frames = CLIP.frames.map((pixels, i) => (i % 5 === 4 ? pixels.map((v) => 255 - v) : pixels));
    await writeClip(folder.at('a.mp4'), { ...CLIP, frames });
    const { video, types } = await readAll(folder.at('a.mp4'));
    expect(video.info).toMatchObject({ codec: 'mpeg4', profile: 'Simple Profile', pixelFormat: 'yuv420p' });
    expect(video.info.frameCount).toBe(26);
    expect(types).toBe('IPPPPPPPPPPPIPPPPPPPPPPPIP');
  });

  it('takes GOP, codec, rate and quality', async () => {
    using folder = new TestFolder();
    await writeClip(folder.at('fine.mp4'), CLIP, { gop: 5, quality: 1 });
    await writeClip(folder.at('coarse.mp4'), CLIP, { gop: 5, quality: 20, frameRate: 30000 / 1001 });
    await writeClip(folder.at('x264.mkv'), CLIP, { gop: 5, codec: 'h264' });
    const [fine, coarse, x264] = await Promise.all(
      ['fine.mp4', 'coarse.mp4', 'x264.mkv'].map((name) => readAll(folder.at(name))),
    );
    for (const { types } of [fine, coarse, x264]) expect(types).toBe('IPPPPIPPPPIPPPPIPPPPIPPPPI');
    expect(coarse.video.info.frameRate).toBeCloseTo(29.97, 3);
    expect(x264.video.info.codec).toBe('h264');
    const error = ({ frames }: typeof fine) => meanDifference(frames[9].pixels, CLIP.frames[9]);
    expect(error(coarse)).toBeGreaterThan(1.2 * error(fine));
    expect(statSync(folder.at('fine.mp4')).size).toBeGreaterThan(2 * statSync(folder.at('coarse.mp4')).size);
  });

  it('writes the same bytes of the same frames every time', async () => {
    using folder = new TestFolder();
    // Edges, as between the colours of classes.
    const frames = CLIP.frames.map((pixels) => pixels.map((value) => value & 0xc0));
    const found = new Set<string>();
    for (let i = 0; i < 20; i++) {
      await writeClip(folder.at(`${i}.mp4`), { ...CLIP, frames }, { gop: 25, codec: 'auto' });
      found.add(
        createHash('sha256')
          .update(readFileSync(folder.at(`${i}.mp4`)))
          .digest('hex'),
      );
    }
    expect(found.size).toBe(1);
  });

  it.each([
    ['mp4', 'mpeg4', 97, 65],
    ['webm', 'auto', 97, 65],
    ['mp4', 'h264', 97, 65],
    ['mkv', 'h264', 97, 65],
    ['mov', 'auto', 97, 65],
    // 4:2:0 in H.264 is even, and MPEG-TS has no way to cut.
    ['ts', 'h264', 98, 66],
  ] as const)('keeps an odd last row and column, in .%s', async (ending, codec, width, height) => {
    using folder = new TestFolder();
    const odd = movingTexture(97, 65, 2, 1, 1);
    const output = folder.at(`odd.${ending}`);
    await writeClip(output, odd, { codec });
    const { video, frames } = await readAll(output);
    expect(video.info).toMatchObject({ width, height });
    const shown = crop(frames[0].pixels, width, height, 97, 65);
    expect(meanDifference(shown, odd.frames[0])).toBeLessThan(6);
    // The last column and row, too.
    const edge = (pixels: Uint8Array) => pixels.filter((_, i) => i % 97 === 96 || (i / 97) % 65 > 64);
    expect(meanDifference(edge(shown), edge(odd.frames[0]))).toBeLessThan(12);
  });

  it.each(['mp4', 'mkv', 'mov', 'ts'])('keeps the shape of pixels, in .%s', async (ending) => {
    using folder = new TestFolder();
    const output = folder.at(`wide.${ending}`);
    await writeClip(output, CLIP, { codec: 'h264', pixelAspect: { num: 16, den: 11 } });
    expect((await readAll(output)).video.info.pixelAspect).toEqual({ num: 16, den: 11 });
  });

  it('scales', async () => {
    using folder = new TestFolder();
    await writeClip(folder.at('small.mp4'), CLIP, { scaleTo: { width: 48, height: 32 } });
    const { video, frames } = await readAll(folder.at('small.mp4'));
    expect(video.info).toMatchObject({ width: 48, height: 32 });
    // Each pixel is about the mean of the four it stands for.
    const mean = Uint8Array.from({ length: 3 * 48 * 32 }, (_, i) => {
      const row = 2 * Math.floor(i / 48) * 96 + 2 * (i % 48);
      return [0, 1, 96, 97].reduce((sum, step) => sum + CLIP.frames[0][row + step], 0) / 4;
    });
    expect(meanDifference(frames[0].pixels, mean)).toBeLessThan(4);
  });
});

/** The upper left part of planar RGB. */
function crop(pixels: Uint8Array, width: number, height: number, columns: number, rows: number): Uint8Array {
  const place = (i: number) =>
    Math.floor(i / (rows * columns)) * width * height +
    (Math.floor(i / columns) % rows) * width +
    (i % columns);
  return Uint8Array.from({ length: 3 * columns * rows }, (_, i) => pixels[place(i)]);
}

describe('the file', () => {
  it('is there when it is finished, and not before', async () => {
    using folder = new TestFolder();
    const writer = await encodeVideo({ ...SIZE, output: folder.at('new/a.mp4') });
    await writer.write(CLIP.frames[0]);
    expect(existsSync(folder.at('new/a.mp4'))).toBe(false);
    await writer.finish();
    await writer.abort();
    expect(readdirSync(folder.at('new'))).toEqual(['a.mp4']);
  });

  it('is not there when it is given up; an older one stays', async () => {
    using folder = new TestFolder();
    writeFileSync(folder.at('a.mp4'), 'older');
    const leave = async () => {
      await using writer = await encodeVideo({ ...SIZE, output: folder.at('a.mp4') });
      for (const pixels of CLIP.frames) await writer.write(pixels);
      throw new Error('something else');
    };
    await expect(leave()).rejects.toThrow('something else');
    expect(readdirSync(folder.path)).toEqual(['a.mp4']);
    expect(readFileSync(folder.at('a.mp4'), 'utf8')).toBe('older');
  });

  it('without frames is refused', async () => {
    using folder = new TestFolder();
    const writer = await encodeVideo({ ...SIZE, output: folder.at('a.mp4') });
    await expect(writer.finish()).rejects.toThrow(/a\.mp4: there is no frame/);
    expect(readdirSync(folder.path)).toEqual([]);
  });

  it.runIf(existsSync('/dev/full')).each(['mkv', 'avi', 'ts', 'mp4'])(
    '.%s on a full disk',
    async (ending) => {
      using folder = new TestFolder();
      symlinkSync('/dev/full', folder.at(`a.${ending}`));
      const failure = await writeClip(folder.at(`a.${ending}`), CLIP).catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(OutputError);
      expect((failure as Error).message).toMatch(/a\.\w+: the disk is full/);
    },
  );

  it('names what it cannot make', async () => {
    using folder = new TestFolder();
    writeFileSync(folder.at('file'), '');
    const open = (output: string, more = {}) => encodeVideo({ ...SIZE, output: folder.at(output), ...more });
    await expect(open('a.text')).rejects.toThrow(/a\.text: no video format has this ending/);
    await expect(open('file/a.mp4')).rejects.toBeInstanceOf(OutputError);
    await expect(open('a.mp4', { width: 1 })).rejects.toBeInstanceOf(InputError);
    await expect(open('a.mp4', { encoder: { name: 'none' } })).rejects.toThrow(/no encoder none/);
    await expect(open('a.webm')).rejects.toThrow(/a\.webm: WebM does not hold MPEG-4 Part 2; use \.mp4, /);
    await expect(open('a.gif', { codec: 'h264' })).rejects.toThrow(/GIF does not hold H\.264; use \.mp4, /);
    await expect(open('a.mpg', { codec: 'auto' })).rejects.toThrow(/MPEG-PS is not written by twnet; use /);
    await expect(open('a.webm', { encoder: { name: 'mpeg4' } })).rejects.toThrow(
      /a\.webm: its format does not take this stream/,
    );
    expect(readdirSync(folder.path)).toEqual(['file']);
  });
});

describe('rationalRate', () => {
  it.each([
    [25, 25, 1],
    [23.976, 24000, 1001],
    [29.97, 30000, 1001],
    [59.94, 60000, 1001],
    [12.5, 12500, 1000],
    [0, 25, 1],
    [Number.NaN, 25, 1],
  ])('%d is %d/%d', (rate, num, den) => {
    expect(rationalRate(rate)).toMatchObject({ num, den });
  });
});
