/** Videos that are damaged, cut off, or none. */
import { readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { InputError } from '@twnet/core/errors';
import type { VideoFrame } from '@twnet/core/frame';
import {
  meanDifference,
  movingTexture,
  prevailingMotion,
  readAll,
  TestFolder,
  writeClip,
} from '@twnet/testing/moving-texture';
import { afterAll, describe, expect, it } from 'vitest';
import { openVideo } from './open-video.js';
import { encodeClip } from './recode-clip.js';

const CLIP = movingTexture(144, 96, 24, 2.3, 1.4);
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

/** Frames against the clip's pictures that they claim to be. */
function expectIntact(frames: readonly VideoFrame[]): void {
  for (const { timestamp, pixels } of frames) {
    expect(meanDifference(pixels, CLIP.frames[Math.round(25 * timestamp)])).toBeLessThan(5);
  }
}

describe('truncation', () => {
  it.each([
    ['avi', {}],
    ['mkv', {}],
    ['flv', { codec: 'h264' }],
    ['mkv', { codec: 'h264' }],
    ['ivf', { encoder: { name: 'libvpx', options: { 'cpu-used': '8', b: '2M' } } }],
    ['webm', { encoder: { name: 'libvpx-vp9', options: { 'cpu-used': '8', crf: '10' } } }],
    // These announce no end: what is missing shows only if a picture was cut in two.
    ['ts', {}],
    ['ts', { codec: 'h264' }],
    ['h264', { codec: 'h264' }],
  ] as const)('of .%s is noticed, and what is there is read', async (ending, options) => {
    const file = folder.at(`long.${ending}`);
    await writeClip(file, CLIP, { gop: GOP, quality: 2, ...options });
    const bytes = readFileSync(file);
    writeFileSync(file, bytes.subarray(0, Math.floor(0.6 * bytes.length)));
    const { video, frames } = await readAll(file);
    expect(frames.length).toBeGreaterThan(5);
    expect(frames.length).toBeLessThan(20);
    if (!/ts|264/.test(ending)) {
      expect(video.losses.length).toBeGreaterThan(0);
      expect(video.losses.at(-1)?.afterFrame).toBe(frames.length);
    }
    // All but perhaps the last are as they were.
    expectIntact(frames.slice(0, -1));
  });
});

/** Where the nth picture that starts with `marker` begins. */
function findPicture(bytes: Buffer, marker: readonly number[], n: number): number {
  let at = -1;
  for (let found = 0; found < n; ) {
    at = bytes.indexOf(Buffer.from(marker), at + 1);
    expect(at).toBeGreaterThan(0);
    if (marker === MPEG4_VOP || beginsUnit(bytes, at)) found += 1;
  }
  return at;
}

/**
 * Whether a start code or the length of a unit below 64 KiB comes before. H.264's markers are short enough to
 * turn up inside a slice, and x264's bytes differ a little from run to run.
 */
function beginsUnit(bytes: Buffer, at: number): boolean {
  const [a, b, c, d] = bytes.subarray(at - 4, at);
  return (a === 0 && b === 0) || (b === 0 && c === 0 && d === 1);
}

/** A start code and an I-picture: MPEG-4's VOP with coding type 0; H.264's IDR slice, as x264 begins it. */
const MPEG4_VOP = [0, 0, 1, 0xb6];
const H264_IDR = [0x65, 0x88];

describe('damage in the middle', () => {
  it.each([
    ['avi', {}, MPEG4_VOP, GOP + 1],
    ['mkv', {}, MPEG4_VOP, GOP + 1],
    ['h264', { codec: 'h264' }, H264_IDR, 2],
    ['mkv', { codec: 'h264' }, H264_IDR, 2],
    ['flv', { codec: 'h264' }, H264_IDR, 2],
  ] as const)('of .%s is noted, and the next intact I-frame recovers', async (ending, options, marker, n) => {
    const file = folder.at(`hurt.${ending}`);
    await writeClip(file, CLIP, { gop: GOP, quality: 2, ...options });
    const bytes = readFileSync(file);
    const picture = findPicture(bytes, marker, n);
    bytes.fill(0xff, picture + 200, picture + 400);
    writeFileSync(file, bytes);
    const { video, frames, types } = await readAll(file);
    expect(types).toBe('IPPPPPIPPPPPIPPPPPIPPPPP');
    expect(video.losses).toEqual([{ afterFrame: GOP, what: 'part of a damaged frame' }]);
    expect(frames.filter(({ discontinuity }) => discontinuity).map(({ index }) => index)).toEqual([0, GOP]);
    expectIntact(frames.slice(0, GOP));
    const error = (i: number) => meanDifference(frames[i].pixels, CLIP.frames[i]);
    expect(error(GOP)).toBeGreaterThan(1.1 * error(0));
    expectIntact(frames.slice(2 * GOP));
  });

  it('that makes the decoder skip a frame is noticed though the decoder says nothing', async () => {
    const file = folder.at('swallowed.mkv');
    await writeClip(file, CLIP, { gop: GOP, codec: 'h264' });
    const bytes = readFileSync(file);
    // The first P-frame's slice, made a unit of an unknown kind.
    bytes[findPicture(bytes, [0x41, 0x9a], 1)] = 0x1f;
    writeFileSync(file, bytes);
    const { video, frames } = await readAll(file);
    expect(frames).toHaveLength(CLIP.frames.length - 1);
    expect(video.losses).toEqual([{ afterFrame: 1, what: '1 frame that cannot be decoded' }]);
    expect(frames.filter(({ discontinuity }) => discontinuity).map(({ index }) => index)).toEqual([0, 1]);
  });
});

describe('joined streams', () => {
  it('of two sizes come at the first one’s, the join marked once, motion to match', async () => {
    const small = movingTexture(64, 48, 4, 1, 1);
    const joined = Buffer.concat([
      encodeClip(CLIP.frames.slice(0, 4), CLIP),
      encodeClip(small.frames, small),
      encodeClip(CLIP.frames.slice(0, 4), CLIP),
    ]);
    const { frames } = await readAll(joined);
    expect(frames).toHaveLength(12);
    for (const { width, height, pixels } of frames) {
      expect([width, height, pixels.length]).toEqual([144, 96, 3 * 144 * 96]);
    }
    expect(frames.filter(({ discontinuity }) => discontinuity).map(({ index }) => index)).toEqual([0, 4, 8]);
    expect(frames[4].motion.count).toBe(0);
    for (const frame of frames.slice(5, 8)) expect(prevailingMotion(frame).vector).toEqual([2, 2]);
    expect(meanDifference(frames[11].pixels, CLIP.frames[3])).toBeLessThan(5);
  });
});
