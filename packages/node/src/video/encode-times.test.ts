/** Frames keep their times in every container that can hold them; what cannot is said. */

import { movingTexture, readAll, TestFolder } from '@twnet/testing/moving-texture';
import { describe, expect, it } from 'vitest';
import { type EncodeOptions, encodeVideo } from './encode-video.js';

const CLIP = movingTexture(64, 48, 14, 2, 1);
const last = <T>(values: readonly T[]): T => values[values.length - 1];

/** Writes frames at times, and reads the times back, from the first. */
async function roundTrip(
  ending: string,
  times: readonly (number | undefined)[],
  options: Partial<EncodeOptions> = {},
  duration?: number,
) {
  using folder = new TestFolder();
  const output = folder.at(`a.${ending}`);
  const writer = await encodeVideo({
    output,
    width: 64,
    height: 48,
    frameRate: 25,
    codec: 'auto',
    ...options,
  });
  for (const [i, seconds] of times.entries())
    await writer.write(CLIP.frames[i % CLIP.frames.length], seconds, duration);
  await writer.finish();
  const { video, frames } = await readAll(output, { motionSource: 'none' });
  return { read: frames.map(({ timestamp }) => timestamp), notes: writer.notes, info: video.info };
}

const evenly = (count: number, rate: number, start = 0) =>
  Array.from({ length: count }, (_, i) => start + i / rate);
const VARIABLE = [0, 0.04, 0.2, 0.205, 0.5, 0.8333, 1.7, 1.7042, 4, 4.04, 4.08];
const SHAPES: [string, number, number[]][] = [
  ['variable', 25, VARIABLE],
  ['slides', 0.5, evenly(4, 0.5)],
  ['dropped frames', 25, evenly(14, 25).filter((_, i) => i < 4 || i % 4 === 0 || i > 11)],
  ['23.976', 24000 / 1001, evenly(14, 24000 / 1001)],
  ['29.97', 30000 / 1001, evenly(14, 30000 / 1001)],
  ['a nominal rate of 1000', 1000, evenly(12, 12.5)],
  ['a nominal rate of 90000', 90000, evenly(12, 10)],
  ['no rate', 0, evenly(12, 18)],
  ['a late start', 25, evenly(8, 25, 5)],
  ['a negative start', 25, evenly(8, 25, -3)],
];
const CONTAINERS: [string, Partial<EncodeOptions>][] = [
  ['mp4', {}],
  ['mp4', { codec: 'mpeg4' }],
  ['mp4', { codec: 'mpeg4', encoder: { options: { bf: '2' } } }],
  ['mov', {}],
  ['m4v', {}],
  ['mkv', {}],
  ['mkv', { codec: 'h264', encoder: { options: { bf: '3' } } }],
  ['mkv', { codec: 'mpeg4' }],
  ['ts', {}],
  ['ts', { codec: 'h264', encoder: { options: { bf: '2' } } }],
  ['webm', {}],
  ['nut', {}],
  ['flv', {}],
  ['apng', {}],
];

describe.each(CONTAINERS)('.%s %o', (ending, options) => {
  it.each(SHAPES)('keeps the times of %s', async (_name, frameRate, times) => {
    const { read, notes } = await roundTrip(ending, times, { ...options, frameRate });
    expect(notes).toEqual([]);
    expect(read).toHaveLength(times.length);
    for (const [i, time] of times.entries())
      expect(Math.abs(read[i] - read[0] - (time - times[0]))).toBeLessThanOrEqual(0.001 + 1e-9);
  });
});

describe('the last frame', () => {
  it.each(['mp4', 'mov', 'mkv', 'webm', 'gif'])('is shown as long as is said, in .%s', async (ending) => {
    const { info } = await roundTrip(ending, evenly(3, 0.5), { frameRate: 25 }, 2);
    expect(info.durationSeconds).toBeCloseTo(6, 1);
  });

  it('is shown for a frame where nothing is said', async () => {
    expect((await roundTrip('mp4', evenly(10, 10), { frameRate: 10 })).info.durationSeconds).toBeCloseTo(
      1,
      3,
    );
  });
});

describe('without times', () => {
  it.each(['mp4', 'mkv', 'avi', 'gif'])('frames come at the rate, in .%s', async (ending) => {
    const { read, notes, info } = await roundTrip(ending, Array(12).fill(undefined), { frameRate: 20 });
    for (const [i, time] of read.entries()) expect(time).toBeCloseTo(i / 20, 3);
    expect(notes).toEqual([]);
    expect(info.frameRate).toBeCloseTo(20, 1);
  });
});

describe('times that do not grow', () => {
  it('go on where the clock jumps back, and say so', async () => {
    const times = [...evenly(5, 25), ...evenly(5, 25), ...evenly(3, 25, -2)];
    const { read, notes } = await roundTrip('mp4', times);
    for (const [i, time] of read.entries()) expect(time).toBeCloseTo(i / 25, 3);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(/jumps back 2 times, first after 0.16 s/);
  });

  it.each(['mp4', 'mkv', 'ts', 'webm', 'avi'])('are told apart in .%s', async (ending) => {
    const times = [0, 0.04, 0.04, 0.08, 0.07, 0.12, 0.16];
    const { read } = await roundTrip(ending, times);
    expect(read).toHaveLength(times.length);
    for (const [i, time] of read.entries()) if (i > 0) expect(time).toBeGreaterThan(read[i - 1]);
    expect(last(read)).toBeCloseTo(0.16, ending === 'avi' ? 0 : 2);
  });
});

describe('containers of one rate', () => {
  it('.avi leaves room for frames that are missing', async () => {
    const times = evenly(14, 25).filter((_, i) => i !== 5 && i !== 6);
    const { read, notes } = await roundTrip('avi', times, { codec: 'mpeg4' });
    expect(read.map((time) => Math.round(time * 25))).toEqual([0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 12, 13]);
    expect(notes).toEqual([]);
  });

  it.each([
    ['avi', /AVI knows one frame rate only: frames are up to 20 ms off/],
    ['h264', /a raw H.264 stream knows one frame rate only: frames are up to .* off their own times \(\.mp4/],
  ])('.%s says what it cannot hold', async (ending, message) => {
    const { read, notes } = await roundTrip(ending, [0, 0.06, 0.12, 0.16]);
    expect(read).toHaveLength(4);
    expect(notes).toHaveLength(1);
    expect(notes[0]).toMatch(message);
  });
});

describe('.gif', () => {
  it('holds hundredths of a second, and says what that costs', async () => {
    const { read, notes } = await roundTrip('gif', evenly(12, 30), { frameRate: 30 });
    for (const [i, time] of read.entries()) expect(Math.abs(time - i / 30)).toBeLessThan(0.0051);
    expect(notes).toEqual([
      expect.stringMatching(/GIF knows hundredths of a second only: frames are up to 3\.3 ms off/),
    ]);
  });

  it('leaves out frames that browsers would show for too long', async () => {
    const { read, notes } = await roundTrip('gif', evenly(13, 100), { frameRate: 100 });
    expect(read).toHaveLength(7);
    expect(last(read)).toBeCloseTo(0.12, 3);
    expect(notes[0]).toMatch(/at most 50 frames a second: 6 frames are left out/);
  });
});
