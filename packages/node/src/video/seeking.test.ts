/** Frames from one place on are those of a whole read: of every codec and container that is made here. */
import type { VideoFrame } from '@twnet/core/frame';
import { FUZZED_FILES } from '@twnet/testing/fuzz-codecs';
import { makeStream } from '@twnet/testing/made-stream';
import { movingTexture, readAll, TestFolder, writeClip } from '@twnet/testing/moving-texture';
import { AV_PIX_FMT_YUV422P10LE } from 'node-av/constants';
import { afterAll, describe, expect, it } from 'vitest';
import { openVideo } from './open-video.js';
import { indexPictures } from './picture-index.js';

const CLIP = movingTexture(96, 64, 32, 2.5, 1);
const folder = new TestFolder();
afterAll(() => folder[Symbol.dispose]());

/** What a frame is, in words that can be compared fast. */
function digest({ index, timestamp, duration, pictureType, pixels, motion }: VideoFrame) {
  const { count, direction, x, y, dx, dy } = motion;
  const arrays = [direction, x, y, dx, dy].map((values) =>
    Buffer.from(values.buffer, values.byteOffset, values.byteLength),
  );
  const bytes = Buffer.concat([pixels, ...arrays]).toString('base64');
  return { index, timestamp, duration, pictureType, count, bytes };
}

async function expectSeeks(file: string, options = {}): Promise<void> {
  const whole = (await readAll(file, options)).frames.map(digest);
  expect(whole.length).toBeGreaterThan(25);
  for (const [from, to] of [
    [1, 3],
    [6, 7],
    [11, 20],
    [29, undefined],
  ]) {
    const part = await readAll(file, { ...options, from, to });
    expect(part.frames.map(digest), `${file} from ${from} to ${to}`).toEqual(whole.slice(from, to));
    expect(part.frames.map(({ discontinuity }) => discontinuity)).toEqual(part.frames.map((_, i) => i === 0));
    expect(part.video.losses).toEqual([]);
  }
  const times = { from: { seconds: whole[13].timestamp }, to: { seconds: whole[16].timestamp } };
  const timed = await readAll(file, { ...options, ...times });
  expect(timed.frames.map(digest), `${file} by time`).toEqual(whole.slice(13, 16));
  const beyond = await openVideo(file, { ...options, from: 99 }).then(
    ({ name }) => name,
    (error) => error.message,
  );
  expect(beyond).toBe(`${file}: there is no frame 99; it has ${whole.length} frames`);
}

describe('frames from a place on are those of a whole read', () => {
  const made = Object.entries(FUZZED_FILES).flatMap(([codec, files]) =>
    files.map(({ ending, ...options }) => [`${codec}.${ending}`, options] as const),
  );
  it.each(made)('%s', async (name, options) => {
    const file = folder.at(name);
    await writeClip(file, CLIP, { gop: 6, ...options });
    await expectSeeks(file);
  });

  const X264 = { crf: 12, preset: 'veryfast' };
  const OPEN = {
    ...X264,
    'x264-params': 'open-gop=1:bframes=3:b-adapt=0:keyint=8:min-keyint=8:scenecut=0:log-level=none',
  };
  // Whose frames before the key frame are noticed to be missing only later.
  const OPEN_TWO = {
    ...OPEN,
    'x264-params': OPEN['x264-params'].replace('bframes=3:b-adapt=0', 'bframes=2'),
  };
  const X265 = {
    preset: 'ultrafast',
    'x265-params': 'open-gop=1:bframes=3:keyint=8:min-keyint=8:scenecut=0:log-level=none',
  };
  it.each([
    ['open.mp4', { encoder: 'libx264', options: OPEN }],
    ['open-two.mp4', { encoder: 'libx264', options: OPEN_TWO }],
    ['open.ts', { encoder: 'libx264', options: OPEN }],
    ['open.mkv', { encoder: 'libx264', options: OPEN }],
    ['open-hevc.mp4', { encoder: 'libx265', options: X265 }],
    ['open-hevc.ts', { encoder: 'libx265', options: X265 }],
    ['open-mpeg2.ts', { encoder: 'mpeg2video', options: { b: '2M', bf: 2 }, gop: 9 }],
    [
      'interlaced.mp4',
      {
        encoder: 'libx264',
        options: { ...X264, 'x264-params': 'tff=1:bframes=2:keyint=8:log-level=none' },
        fields: 'top',
      },
    ],
    [
      'refresh.mp4',
      {
        encoder: 'libx264',
        options: { ...X264, 'x264-params': 'intra-refresh=1:keyint=8:bframes=0:log-level=none' },
      },
    ],
    ['prores.mov', { encoder: 'prores_ks', pixelFormat: AV_PIX_FMT_YUV422P10LE }],
  ] as const)('%s', async (name, spec) => {
    const file = folder.at(name);
    const { frames } = movingTexture(128, 96, 32, 2.5, 1);
    await makeStream({ width: 128, height: 96, frames }, { output: file, ...spec });
    await expectSeeks(file);
  });

  it('pipes and bytes', async () => {
    const file = folder.at('mpeg4.mp4');
    await expectSeeks(file, { motionSource: 'none', pixels: false });
  });
});

describe('an index', () => {
  it('tells where groups begin, and is none where frames cannot be told', async () => {
    const index = await indexPictures(folder.at('mpeg4.mp4'));
    expect([...index!.groups]).toEqual([0, 6, 12, 18, 24, 30]);
    expect(index!.times).toHaveLength(32);
    // Frames before the key frame, as they are shown, belong to the group before.
    const open = await indexPictures(folder.at('open.ts'));
    const { types } = await readAll(folder.at('open.ts'));
    expect([...open!.groups]).toEqual([...types].flatMap((type, i) => (type === 'I' ? [i] : [])));
    expect(await indexPictures(folder.at('interlaced.mp4'))).toBeUndefined();
    expect(await indexPictures(folder.at('h264.h264'))).toBeUndefined();
  });

  it('places are checked', async () => {
    for (const options of [
      { from: -1 },
      { from: 1.5 },
      { from: { seconds: -1 } },
      { from: 5, to: 5 },
      { from: 1, start: 2 },
    ])
      await expect(openVideo('x.mp4', options)).rejects.toBeInstanceOf(RangeError);
  });
});
