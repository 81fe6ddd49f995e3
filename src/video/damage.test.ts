/** Videos that are damaged, cut off, or none. */
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { InputError } from '../errors.js';
import { encodeClip } from './encode-clip.js';
import { meanDifference, movingTexture, readAll, TestFolder, writeClip } from './moving-texture.js';
import { openVideo } from './open-video.js';

const CLIP = movingTexture(96, 64, 24, 2, 1);
const GOP = 6;
const folder = new TestFolder();
afterAll(() => folder[Symbol.dispose]());

describe('what is no video', () => {
  const wav = Buffer.alloc(44 + 1600);
  wav.write('RIFF', 0);
  wav.writeUInt32LE(wav.length - 8, 4);
  wav.write('WAVEfmt ', 8);
  // PCM, mono, 8 kHz, 16 bits.
  [16, 0x00010001, 8000, 16000, 0x00100002].forEach((word, i) => {
    wav.writeUInt32LE(word, 16 + 4 * i);
  });
  wav.write('data', 36);
  wav.writeUInt32LE(1600, 40);

  it.each([
    ['missing.mp4', undefined, /missing\.mp4: no such file/],
    ['empty.mp4', '', /empty\.mp4: is empty/],
    ['prose.mp4', 'It was a dark night.\n'.repeat(50), /prose\.mp4: is not a video/],
    ['prose.txt', 'It was a dark night.\n'.repeat(50), /prose\.txt: is text/],
    ['noise.mkv', Buffer.alloc(5000, 'x9#'), /noise\.mkv: is not a video/],
    ['sound.wav', wav, /sound\.wav: has no video stream \(audio or data only\)/],
    [
      'list.m3u8',
      '#EXTM3U\n#EXTINF:9,\nhttp://127.0.0.1:9/a.ts\n#EXT-X-ENDLIST\n',
      /list\.m3u8: is not a video/,
    ],
  ])('%s', async (name, content, message) => {
    if (content !== undefined) writeFileSync(folder.at(name), content);
    const failure = await openVideo(folder.at(name)).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(InputError);
    expect((failure as Error).message).toMatch(message);
    expect((failure as Error).message).not.toContain('\n');
  });

  it('a folder', async () => {
    await expect(openVideo(folder.path)).rejects.toThrow(/is a folder.*twnet encode/);
  });

  it('an MP4 whose index was cut off', async () => {
    await writeClip(folder.at('cut.mp4'), CLIP);
    truncateSync(folder.at('cut.mp4'), 3000);
    await expect(openVideo(folder.at('cut.mp4'))).rejects.toThrow(/cut\.mp4: its index \(moov\) is missing/);
  });

  it('a stream with headers and no frame', async () => {
    const bytes = encodeClip(CLIP.frames.slice(0, 1), CLIP);
    await expect(openVideo(bytes.subarray(0, 30))).rejects.toBeInstanceOf(InputError);
  });
});

describe('truncation', () => {
  it.each([
    ['avi', {}],
    ['mkv', {}],
    ['ts', {}],
    ['flv', { codec: 'h264' }],
    ['mkv', { codec: 'h264' }],
    ['ts', { codec: 'h264' }],
    ['h264', { codec: 'h264' }],
    ['webm', { encoder: { name: 'libvpx-vp9', options: { 'cpu-used': '8', crf: '10' } } }],
  ] as const)('of .%s is noticed, and what is there is read', async (ending, options) => {
    const file = folder.at(`long.${ending}`);
    await writeClip(file, CLIP, { gop: GOP, ...options });
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.subarray(0, Math.floor(0.55 * bytes.length)));
    const { video, frames } = await readAll(file);
    expect(frames.length).toBeGreaterThan(6);
    expect(frames.length).toBeLessThan(20);
    expect(video.losses.length).toBeGreaterThan(0);
    expect(video.losses.at(-1)?.afterFrame).toBeGreaterThanOrEqual(frames.length - 1);
    // All but perhaps the last are as they were.
    frames.slice(0, -1).forEach(({ pixels }, i) => {
      expect(meanDifference(pixels, CLIP.frames[i])).toBeLessThan(5);
    });
  });
});

describe('damage in the middle', () => {
  it.each([
    ['avi', {}],
    ['mkv', {}],
    ['h264', { codec: 'h264' }],
    ['ts', { codec: 'h264' }],
  ] as const)('of .%s is noted, and the next intact I-frame recovers', async (ending, options) => {
    const file = folder.at(`hurt.${ending}`);
    await writeClip(file, CLIP, { gop: GOP, ...options });
    const bytes = readFileSync(file);
    // Where the second GOP's pictures lie, and nothing of header and index.
    bytes.fill(0xff, Math.floor(0.3 * bytes.length), Math.floor(0.4 * bytes.length));
    writeFileSync(file, bytes);
    const { video, frames } = await readAll(file);
    expect(video.losses.length).toBeGreaterThan(0);
    const joins = frames.filter(({ discontinuity, index }) => discontinuity && index > 0);
    expect(joins.length).toBeGreaterThan(0);
    for (const { afterFrame } of video.losses) expect(afterFrame).toBeLessThanOrEqual(frames.length);
    // The last GOP is whole again.
    const last = frames.slice(-GOP);
    expect(last[0].pictureType).toBe('I');
    last.forEach(({ pixels }, i) => {
      expect(meanDifference(pixels, CLIP.frames[CLIP.frames.length - GOP + i])).toBeLessThan(5);
    });
  });

  it('that swallows an I-frame is noticed though the decoder says nothing', async () => {
    const file = folder.at('swallowed.mkv');
    await writeClip(file, CLIP, { gop: GOP, codec: 'h264' });
    const bytes = readFileSync(file);
    // The slice header of each picture after the first GOP's I-frame, made an unknown kind of unit.
    let [at, hurt] = [0, 0];
    while (hurt < 1) {
      at = bytes.indexOf(Buffer.from([0x41, 0x9a]), at + 1);
      bytes[at] = 0x1f;
      hurt += 1;
    }
    writeFileSync(file, bytes);
    const { video, frames } = await readAll(file);
    expect(frames).toHaveLength(CLIP.frames.length - 1);
    expect(video.losses).toEqual([{ afterFrame: 1, what: '1 frame that cannot be decoded' }]);
    expect(frames.filter(({ discontinuity }) => discontinuity).map(({ index }) => index)).toEqual([0, 1]);
  });
});

describe('joined streams', () => {
  it('of two sizes come at the first one’s, the join marked, vectors of the other size left out', async () => {
    const small = movingTexture(64, 48, 4, 1, 1);
    const joined = Buffer.concat([
      encodeClip(CLIP.frames.slice(0, 4), CLIP),
      encodeClip(small.frames, small),
      encodeClip(CLIP.frames.slice(0, 4), CLIP),
    ]);
    const { frames } = await readAll(joined);
    expect(frames).toHaveLength(12);
    for (const { width, height, pixels } of frames) {
      expect([width, height, pixels.length]).toEqual([96, 64, 3 * 96 * 64]);
    }
    frames.slice(4, 8).forEach(({ discontinuity, motion }) => {
      expect(discontinuity).toBe(true);
      expect(motion.count).toBe(0);
    });
    expect(meanDifference(frames[11].pixels, CLIP.frames[3])).toBeLessThan(5);
  });
});
