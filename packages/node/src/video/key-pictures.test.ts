/** Pictures of two sizes out of one video. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { VideoFrame } from '@twnet/core/frame';
import {
  meanDifference,
  movingTexture,
  prevailingMotion,
  readAll,
  TestFolder,
  writeClip,
} from '@twnet/testing/moving-texture';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { OpenVideoOptions } from './open-options.js';
import { openVideo } from './open-video.js';
import { RgbResizer } from './resize-rgb.js';

const SIZE = { width: 192, height: 128 };
const folder = new TestFolder();
const file = folder.at('clip.mp4');
const COUNT = 14;

beforeAll(() => writeClip(file, movingTexture(SIZE.width, SIZE.height, COUNT, 6, -4), { quality: 2 }));
afterAll(() => folder[Symbol.dispose]());

/** Frames, with the key pictures of those that are wanted. */
async function readWith(
  source: string,
  options: OpenVideoOptions,
  wanted: (frame: VideoFrame) => boolean = () => true,
) {
  await using video = await openVideo(source, { keyPictures: true, ...options });
  const frames: { frame: VideoFrame; key: Uint8Array | undefined }[] = [];
  for await (const frame of video)
    frames.push({ frame, key: wanted(frame) ? await frame.keyPicture!() : undefined });
  return { info: video.info, frames };
}

describe('a video of key pictures', () => {
  it("has the video's own as such, and frames and vectors of half the size", async () => {
    const { info, frames } = await readWith(file, {});
    expect(info).toMatchObject({ width: 96, height: 64, keyWidth: 192, keyHeight: 128, scale: 1 });
    const { frames: full } = await readAll(file);
    const { frames: half } = await readAll(file, { scale: 0.5 });
    for (const [i, { frame, key }] of frames.entries()) {
      expect(Buffer.compare(key!, full[i].pixels)).toBe(0);
      // Other scalers see the same picture.
      expect(meanDifference(frame.pixels, half[i].pixels)).toBeLessThan(2);
      expect(frame.motion).toEqual(half[i].motion);
    }
    expect(prevailingMotion(frames[3].frame).vector).toEqual([3, -2]);
  });

  it('enlarges pictures where the frames are the video as it is', async () => {
    const { info, frames } = await readWith(file, { scale: 2 }, ({ index }) => index % 5 === 0);
    expect(info).toMatchObject({ width: 192, height: 128, keyWidth: 384, keyHeight: 256, scale: 2 });
    const { frames: full } = await readAll(file);
    for (const [i, { frame, key }] of frames.entries()) {
      expect(Buffer.compare(frame.pixels, full[i].pixels)).toBe(0);
      expect(frame.motion).toEqual(full[i].motion);
      if (key) expect(meanDifference(halved(key, 384, 256), frame.pixels)).toBeLessThan(2);
    }
    expect(frames.filter(({ key }) => key)).toHaveLength(3);
  });

  it('chooses the scale by the size, which can be limited', async () => {
    expect((await readWith(file, { scale: 'auto' })).info).toMatchObject({ scale: 2, keyWidth: 384 });
    const { info } = await readWith(file, { scale: 'auto', maxSide: 192 });
    expect(info).toMatchObject({ scale: 1, keyWidth: 192, width: 96 });
    expect(info.notes).toEqual([expect.stringMatching(/192×128 instead of 384×256/)]);
    // Without halves, for networks that see every frame whole.
    const { video } = await readAll(file, { scale: 'auto' });
    expect(video.info).toMatchObject({ scale: 2, width: 384, keyWidth: 384 });
  });

  it('gives the same key picture as frames of that size', async () => {
    for (const scale of [0.5, 0.75, 2, 3]) {
      const { frames } = await readWith(file, { scale }, ({ index }) => index === 0);
      const { frames: whole } = await readAll(file, { scale });
      expect(Buffer.compare(frames[0].key!, whole[0].pixels)).toBe(0);
    }
  });

  it('has frames of odd sizes rounded up', async () => {
    const odd = folder.at('odd.mkv');
    await writeClip(odd, movingTexture(131, 97, 3, 2, 2), { quality: 2 });
    const { info, frames } = await readWith(odd, {});
    // The encoder takes even sides only.
    const [keyWidth, keyHeight] = [info.fullWidth, info.fullHeight];
    const [width, height] = [Math.ceil(keyWidth / 2), Math.ceil(keyHeight / 2)];
    expect(info).toMatchObject({ width, height, keyWidth, keyHeight });
    expect([frames[0].frame.pixels.length, frames[0].key!.length]).toEqual([
      3 * width * height,
      3 * keyWidth * keyHeight,
    ]);
  });

  it('is turned as it is to be shown', async () => {
    const turned = folder.at('turned.mp4');
    const bytes = readFileSync(file);
    // The display matrix in the track's header (ISO 14496-12, tkhd, version 0): by 90°.
    const matrix = bytes.indexOf('tkhd') + 4 + 40;
    [0, 1, -1, 0].forEach((value, i) => {
      bytes.writeInt32BE(value * 65536, matrix + 4 * [0, 1, 3, 4][i]);
    });
    writeFileSync(turned, bytes);
    const { info, frames } = await readWith(turned, {});
    expect(info).toMatchObject({ width: 64, height: 96, keyWidth: 128, keyHeight: 192 });
    const { frames: whole } = await readAll(turned);
    expect(Buffer.compare(frames[4].key!, whole[4].pixels)).toBe(0);
    expect(meanDifference(halved(frames[4].key!, 128, 192), frames[4].frame.pixels)).toBeLessThan(2);
  });

  it('is the picture that an overlay is drawn on, where that has the size', async () => {
    const { frames } = await readWith(file, { fullPixels: true });
    for (const { frame, key } of frames) expect(key).toBe(frame.fullPixels);
    const { frames: enlarged } = await readWith(file, { fullPixels: true, scale: 3 });
    expect(enlarged[1].frame.fullPixels).toHaveLength(3 * 192 * 128);
    expect(enlarged[1].key).toHaveLength(3 * 576 * 384);
  });
});

describe('a picture that is resized', () => {
  it('is what a video gives, up to the rounding of colours', async () => {
    const { frames: full } = await readAll(file);
    using enlarge = new RgbResizer(SIZE, { width: 384, height: 256 });
    using reduce = new RgbResizer(SIZE, { width: 96, height: 64 });
    const { frames } = await readWith(file, {});
    const { frames: enlarged } = await readWith(file, { scale: 2 });
    for (const i of [0, 7]) {
      expect(meanDifference(enlarge.resize(full[i].pixels), enlarged[i].key!)).toBeLessThan(0.5);
      expect(meanDifference(reduce.resize(full[i].pixels), frames[i].frame.pixels)).toBeLessThan(0.5);
    }
  });
});

describe('a key picture', () => {
  it('is made once, of a few frames back too, also when all has been read', async () => {
    await using video = await openVideo(file, { keyPictures: true });
    const frames: VideoFrame[] = [];
    for await (const frame of video) frames.push(frame);
    const { frames: full } = await readAll(file);
    const last = frames.slice(-6);
    const made = await Promise.all(last.map((frame) => frame.keyPicture!()));
    last.forEach(({ index }, i) => {
      expect(Buffer.compare(made[i], full[index].pixels)).toBe(0);
    });
    expect(await last[0].keyPicture!()).toBe(made[0]);
    await expect(frames[2].keyPicture!()).rejects.toThrow(/key picture of frame 2 is no longer there/);
    expect(frames[2].pixels).toHaveLength(3 * 96 * 64);
  });

  it('is refused once the video is closed, or its frame was given back', async () => {
    const video = await openVideo(file, { keyPictures: true });
    const frames: VideoFrame[] = [];
    for await (const frame of video) {
      frames.push(frame);
      if (frame.index === 3) break;
    }
    video.recycle(frames[3]);
    await expect(frames[3].keyPicture!()).rejects.toThrow(/no longer there/);
    const made = frames[1].keyPicture!();
    await video.close();
    expect(await made).toHaveLength(3 * 192 * 128);
    await expect(frames[2].keyPicture!()).rejects.toThrow(/no longer there/);
  });

  it("lies in the memory of a frame's that was given back", async () => {
    const { frames: full } = await readAll(file);
    await using video = await openVideo(file, { keyPictures: true });
    const arrays = new Set<Uint8Array>();
    for await (const frame of video) {
      const key = await frame.keyPicture!();
      expect(Buffer.compare(key, full[frame.index].pixels)).toBe(0);
      arrays.add(key);
      video.recycle(frame);
      video.recycle(frame);
    }
    expect(arrays.size).toBeLessThan(4);
  });
});

/** Means of 2 × 2 pixels. */
function halved(pixels: Uint8Array, width: number, height: number): Uint8Array {
  const out = new Uint8Array(pixels.length / 4);
  for (let y = 0, i = 0; y < 3 * height; y += 2)
    for (let x = 0; x < width; x += 2, i++) {
      const at = y * width + x;
      out[i] = (pixels[at] + pixels[at + 1] + pixels[at + width] + pixels[at + width + 1] + 2) / 4;
    }
  return out;
}
