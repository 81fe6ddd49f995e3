/** Parts of a video, and what counts as a loss. */
import { readFileSync, writeFileSync } from 'node:fs';
import { movingTexture, readAll, TestFolder, writeClip } from '@twnet/testing/moving-texture';
import { afterAll, describe, expect, it } from 'vitest';
import { openVideo } from './open-video.js';

const CLIP = movingTexture(96, 64, 30, 2, 1);
const folder = new TestFolder();
afterAll(() => folder[Symbol.dispose]());

describe('start and duration', () => {
  it.each([
    ['mp4', {}],
    ['mkv', { codec: 'h264' }],
    ['ts', { codec: 'h264', encoder: { options: { bf: '2' } } }],
    ['avi', {}],
    ['webm', { encoder: { name: 'libvpx-vp9', options: { 'cpu-used': '8' } } }],
  ] as const)('of .%s give the frames and times of the whole', async (ending, options) => {
    const file = folder.at(`clip.${ending}`);
    await writeClip(file, CLIP, { gop: 6, ...options });
    const whole = (await readAll(file, { motionSource: 'none' })).frames;
    for (const [start, duration] of [
      [0.04, 0.12],
      [0.5, 0.3],
      [0.96, 1],
    ]) {
      const part = await readAll(file, { motionSource: 'none', start, duration });
      const expected = whole.filter(({ timestamp: t }) => t > start - 0.001 && t < start + duration - 0.001);
      expect(part.frames.map(({ timestamp }) => timestamp.toFixed(3))).toEqual(
        expected.map(({ timestamp }) => timestamp.toFixed(3)),
      );
      expect(part.frames.map(({ pixels }) => pixels)).toEqual(expected.map(({ pixels }) => pixels));
      expect(part.frames.map(({ index }) => index)).toEqual(expected.map((_, i) => i));
      expect(part.frames[0].discontinuity).toBe(true);
      expect(part.video.losses).toEqual([]);
    }
    await expect(openVideo(file, { start: 9 })).rejects.toThrow(
      /beyond its end; its last frame is at 1\.16 s/,
    );
    await expect(openVideo(file, { stream: 3 })).rejects.toThrow(/no stream 3; there is 0 \(video of 96×64/);
  });

  it('are checked', async () => {
    for (const options of [{ start: -1 }, { start: Number.NaN }, { duration: 0 }])
      await expect(openVideo('x.mp4', options)).rejects.toBeInstanceOf(RangeError);
  });
});

describe('losses', () => {
  it('are none where an AVI announces more frames than it was given', async () => {
    const file = folder.at('announced.avi');
    await writeClip(file, CLIP);
    const bytes = readFileSync(file);
    for (const at of [bytes.indexOf('avih') + 8 + 16, bytes.indexOf('strh') + 8 + 32])
      bytes.writeUInt32LE(90, at);
    writeFileSync(file, bytes);
    const { video, frames } = await readAll(file);
    expect([frames.length, video.losses]).toEqual([30, []]);
  });

  it('are added up, where a file with its index in front is cut', async () => {
    const file = folder.at('cut.mp4');
    await writeClip(file, CLIP, { gop: 6 });
    const bytes = readFileSync(file);
    // The index is moved to the front by hand: box, and places of the samples.
    const at = bytes.indexOf('moov') - 4;
    const index = Buffer.from(bytes.subarray(at));
    const media = bytes.indexOf('mdat') - 4;
    for (let table = index.indexOf('stco'), i = 0; i < index.readUInt32BE(table + 8); i++)
      index.writeUInt32BE(index.readUInt32BE(table + 12 + 4 * i) + index.length, table + 12 + 4 * i);
    const fast = Buffer.concat([bytes.subarray(0, media), index, bytes.subarray(media, at)]);
    expect((await readAll(fast)).video.losses).toEqual([]);
    const { video, frames } = await readAll(fast.subarray(0, Math.floor(0.6 * fast.length)));
    expect(frames.length).toBeLessThan(30);
    expect(video.losses.at(-1)?.what).toMatch(/frames of 30 that the file announces/);
    expect(frames.length + video.lossTotals.frames).toBeGreaterThanOrEqual(29);
  });
});
