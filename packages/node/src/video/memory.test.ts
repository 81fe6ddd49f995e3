/** Memory of the process, however long the video and however many of them. */
import { memoryUsage } from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { movingTexture, TestFolder } from '@twnet/testing/moving-texture';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodeVideo } from './encode-video.js';
import { openVideo } from './open-video.js';

const SIZE = { width: 320, height: 240 };
const FRAMES = 600;
/** MiB. One to twelve were measured, once 25 on a busy machine; with every decoded frame leaking, 37 to 67 over half as many frames. */
const GROWTH = 48;
/** MiB, over videos left early. */
const GROWTH_OF_MANY = 24;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
const folder = new TestFolder();
const file = folder.at('long.mp4');

function residentMegabytes(): number {
  collect();
  return memoryUsage.rss() / 2 ** 20;
}

beforeAll(async () => {
  const { frames } = movingTexture(SIZE.width, SIZE.height, 6, 1, 1);
  await using writer = await encodeVideo({ ...SIZE, output: file, frameRate: 25 });
  for (let i = 0; i < FRAMES; i++) await writer.write(frames[i % frames.length]);
  await writer.finish();
});
afterAll(() => folder[Symbol.dispose]());

it.each(['codec', 'estimate'] as const)('stays level along a video (motion: %s)', async (motionSource) => {
  await using video = await openVideo(file, { motionSource });
  let early = 0;
  for await (const { index } of video) if (index === FRAMES / 5) early = residentMegabytes();
  expect(residentMegabytes() - early).toBeLessThan(GROWTH);
});

it('stays level where key pictures of some frames are taken, and no frame is given back', async () => {
  await using video = await openVideo(file, { keyPictures: true });
  let early = 0;
  for await (const { index, keyPicture } of video) {
    if (index % 12 === 0) await keyPicture!();
    if (index === FRAMES / 5) early = residentMegabytes();
  }
  expect(residentMegabytes() - early).toBeLessThan(GROWTH);
});

it('is given back by videos left early, closed unread and failing', async () => {
  const leave = async () => {
    const early = await openVideo(file);
    for await (const { index } of early) if (index === 2) break;
    await (await openVideo(file)).close();
    const failing = await openVideo(file);
    const read = async () => {
      for await (const { index } of failing) if (index === 1) throw new Error('elsewhere');
    };
    await expect(read()).rejects.toThrow('elsewhere');
  };
  for (let i = 0; i < 20; i++) await leave();
  const early = residentMegabytes();
  for (let i = 0; i < 60; i++) await leave();
  expect(residentMegabytes() - early).toBeLessThan(GROWTH_OF_MANY);
});
