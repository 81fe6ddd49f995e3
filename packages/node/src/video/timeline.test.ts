/** Time stamps, and where a stream does not continue: what is a join and what only looks like one. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { VideoFrame } from '@twnet/core/frame';
import { meanDifference, movingTexture, readAll, TestFolder, writeClip } from '@twnet/testing/moving-texture';
import { afterAll, describe, expect, it } from 'vitest';
import { type EncodeOptions, encodeVideo } from './encode-video.js';

const CLIP = movingTexture(144, 96, 12, 2, 1);
const folder = new TestFolder();
afterAll(() => folder[Symbol.dispose]());

const joinsOf = (frames: readonly VideoFrame[]) =>
  frames.filter(({ discontinuity }) => discontinuity).map(({ index }) => index);

describe('B-frames', () => {
  const x264 = { codec: 'h264', encoder: { options: { bf: '3' } } } as const;
  const x265 = {
    encoder: {
      name: 'libx265',
      options: { preset: 'ultrafast', 'x265-params': 'log-level=none:bframes=3:b-adapt=0' },
    },
  };
  it.each([
    ['mp4', x264],
    ['mkv', x264],
    ['ts', x264],
    ['flv', x264],
    // These keep no display times.
    ['avi', x264],
    ['h264', x264],
    ['mp4', x265],
    ['hevc', x265],
    ['mp4', { encoder: { options: { bf: '2' } } }],
    ['avi', { encoder: { options: { bf: '2' } } }],
    ['mpg', { encoder: { name: 'mpeg2video', options: { b: '6M', bf: '2' } } }],
  ] as [string, Partial<EncodeOptions>][])('in .%s run on without gap or loss', async (ending, options) => {
    const file = folder.at(`b.${ending}`);
    await writeClip(file, CLIP, { quality: 3, ...options });
    const { video, frames } = await readAll(file);
    expect(video.losses).toEqual([]);
    expect(joinsOf(frames)).toEqual([0]);
    expect(frames).toHaveLength(12);
    frames.forEach(({ timestamp, pixels }, i) => {
      expect(timestamp).toBeCloseTo(i / 25, 2);
      expect(meanDifference(pixels, CLIP.frames[i])).toBeLessThan(12);
    });
  });
});

describe('an AVI with frames left out', () => {
  it.each([
    ['mpeg4', {}],
    ['mpeg4, B-frames', { encoder: { options: { bf: '2' } } }],
    ['h264', { codec: 'h264' }],
    ['h264, B-frames', { codec: 'h264', encoder: { options: { bf: '3' } } }],
  ] as [string, Partial<EncodeOptions>][])('is shown at its own times: %s', async (name, options) => {
    const file = folder.at(`${name}.avi`);
    const kept = [0, 1, 2, 5, 6, 7, 11];
    await using writer = await encodeVideo({
      output: file,
      width: 144,
      height: 96,
      frameRate: 25,
      ...options,
    });
    for (const i of kept) await writer.write(CLIP.frames[i], i / 25);
    await writer.finish();
    const { video, frames } = await readAll(file);
    expect(video.losses).toEqual([]);
    expect(frames).toHaveLength(kept.length);
    // With B-frames a gap may lie by as many frames aside as are reordered: AVI has no display times.
    const aside = 'encoder' in options ? 4 : 0;
    kept.forEach((i, n) => {
      expect(Math.abs(frames[n].timestamp - i / 25)).toBeLessThanOrEqual(aside / 25 + 1e-6);
    });
    expect(frames.at(-1)!.timestamp - frames[0].timestamp).toBeGreaterThan(0.3);
  });
});

describe('slow videos', () => {
  it.each(['mp4', 'avi', 'mkv', 'ts'])('of a frame every two seconds (.%s) hang together', async (ending) => {
    const file = folder.at(`slow.${ending}`);
    await writeClip(file, CLIP, { frameRate: 0.5 });
    const { frames } = await readAll(file);
    expect(frames[11].timestamp).toBeCloseTo(22, 1);
    expect(joinsOf(frames)).toEqual([0]);
  });
});

describe('joined streams', () => {
  const other = movingTexture(96, 64, 12, -3, 1);
  it.each(['mpeg4', 'h264'] as const)('in MPEG-TS (%s): each join marked', async (codec) => {
    const [a, b] = [folder.at('a.ts'), folder.at('b.ts')];
    await writeClip(a, CLIP, { codec });
    await writeClip(b, other, { codec });
    const again = Buffer.concat([readFileSync(a), readFileSync(a)]);
    writeFileSync(folder.at('again.ts'), again);
    expect(joinsOf((await readAll(folder.at('again.ts'))).frames)).toEqual([0, 12]);
    writeFileSync(folder.at('sizes.ts'), Buffer.concat([readFileSync(a), readFileSync(b), readFileSync(a)]));
    const { video, frames } = await readAll(folder.at('sizes.ts'));
    expect(video.losses).toEqual([]);
    expect(frames).toHaveLength(36);
    expect(joinsOf(frames)).toEqual([0, 12, 24]);
    expect(meanDifference(frames[35].pixels, CLIP.frames[11])).toBeLessThan(6);
  });

  it('of raw H.264 in two sizes: each join marked', async () => {
    await writeClip(folder.at('a.h264'), CLIP, { codec: 'h264' });
    await writeClip(folder.at('b.h264'), other, { codec: 'h264' });
    const [a, b] = ['a.h264', 'b.h264'].map((name) => readFileSync(folder.at(name)));
    const { frames } = await readAll(Buffer.concat([a, b, a]));
    expect(frames).toHaveLength(36);
    expect(joinsOf(frames)).toEqual([0, 12, 24]);
    expect(frames.slice(13, 24).every(({ motion }) => motion.count > 0)).toBe(true);
  });
});

describe('a stream that starts in the middle', () => {
  it('H.264: begins at the first I-frame, what is before it counted as one loss', async () => {
    await writeClip(folder.at('middle.h264'), CLIP, { codec: 'h264', gop: 5 });
    const bytes = readFileSync(folder.at('middle.h264'));
    const firstIdr = bytes.indexOf(Buffer.from([0, 0, 1, 0x65]));
    const nextSlice = bytes.indexOf(Buffer.from([0, 0, 1, 0x41]));
    const { video, frames, types } = await readAll(
      Buffer.concat([bytes.subarray(0, firstIdr), bytes.subarray(nextSlice)]),
    );
    expect(types).toBe('IPPPPIP');
    expect(joinsOf(frames)).toEqual([0]);
    expect(video.losses).toEqual([{ afterFrame: 0, what: '4 frames that cannot be decoded' }]);
    expect(meanDifference(frames[0].pixels, CLIP.frames[5])).toBeLessThan(4);
  });

  it('MPEG-4: the frames before the first I-frame do not pass for whole', async () => {
    await writeClip(folder.at('middle.avi'), CLIP, { gop: 5 });
    const bytes = readFileSync(folder.at('middle.avi'));
    // The first picture's start code becomes one of user data.
    bytes[bytes.indexOf(Buffer.from([0, 0, 1, 0xb6])) + 3] = 0xb2;
    const { video, frames, types } = await readAll(bytes);
    expect(types).toBe('PPPPIPPPPIP');
    expect(joinsOf(frames)).toEqual([0]);
    expect(video.losses).toEqual([{ afterFrame: 0, what: '1 frame that cannot be decoded' }]);
    expect(meanDifference(frames[4].pixels, CLIP.frames[5])).toBeLessThan(4);
  });
});

describe('edit lists', () => {
  /** Shifts and shortens what an MP4's edit list (ISO 14496-12, elst, version 0) shows, in seconds. */
  function edit(file: string, { start, end }: { start: number; end: number }): void {
    const bytes = readFileSync(file);
    const list = bytes.indexOf('elst') + 4;
    const timescale = bytes.readUInt32BE(bytes.indexOf('mdhd') + 16);
    // The duration in the film's thousandths, then the start in the track's own units.
    bytes.writeUInt32BE(bytes.readUInt32BE(list + 8) - Math.round(1000 * (start + end)), list + 8);
    bytes.writeInt32BE(bytes.readInt32BE(list + 12) + Math.round(timescale * start), list + 12);
    writeFileSync(file, bytes);
  }

  it.each([
    ['MPEG-4', {}],
    ['H.264', { codec: 'h264' }],
    ['H.264 with B-frames', { codec: 'h264', encoder: { options: { bf: '2' } } }],
  ] as [
    string,
    Partial<EncodeOptions>,
  ][])('leave out frames of %s without a false alarm', async (_name, options) => {
    const file = folder.at('edited.mp4');
    await writeClip(file, CLIP, options);
    edit(file, { start: 0.2, end: 0.08 });
    const { video, frames } = await readAll(file);
    expect(video.losses).toEqual([]);
    expect(joinsOf(frames)).toEqual([0]);
    expect(frames.length).toBeGreaterThanOrEqual(5);
    expect(frames.length).toBeLessThan(8);
    expect(meanDifference(frames[0].pixels, CLIP.frames[5])).toBeLessThan(8);
  });
});
