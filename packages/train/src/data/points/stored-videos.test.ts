import { movingTexture, readAll, TestFolder, writeClip } from '@twnet/testing/moving-texture';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFrames, StoredVideos } from './stored-videos.js';

const FRAMES = 40;
const size = { width: 64, height: 48 };
let folder: TestFolder;
let video: string;
beforeAll(async () => {
  folder = new TestFolder();
  video = folder.at('drive.mp4');
  await writeClip(video, movingTexture(size.width, size.height, FRAMES, 2, 1));
});
afterAll(() => folder[Symbol.dispose]());

describe('StoredVideos', () => {
  it('gives the frames of the videos, their ends held out', async () => {
    using stored = await StoredVideos.decode([video, video], { least: 4, holdOut: 0.25 });
    const frames = (await readAll(video, { motionSource: 'none' })).frames.map(({ pixels }) => pixels);
    const learnt = stored.of('learnt');
    const heldOut = stored.of('heldOut');
    expect(learnt.runs.map(({ video: number, frames: count }) => [number, count])).toEqual([
      [0, 30],
      [1, 30],
    ]);
    expect(heldOut.runs.map(({ frames: count }) => count)).toEqual([10, 10]);
    expect(readFrames(learnt, learnt.runs[1], { first: 3, count: 4, step: 2 })).toEqual(
      [3, 5, 7, 9].map((t) => frames[t]),
    );
    expect(readFrames(heldOut, heldOut.runs[0], { first: 9, count: 1, step: 1 })).toEqual([frames[39]]);
  });

  it('keeps runs all along what does not fit', async () => {
    const bytes = 3 * size.width * size.height * 20;
    using stored = await StoredVideos.decode([video], { least: 2, holdOut: 0, bytes });
    const { runs } = stored.of('learnt');
    expect(stored.frames).toBeLessThanOrEqual(21);
    expect(runs.length).toBeGreaterThan(2);
    for (const run of runs) expect(run.frames).toBeGreaterThanOrEqual(2);
  });

  it('says of a video that it is too short', async () => {
    await expect(StoredVideos.decode([video], { least: 41, holdOut: 0 })).rejects.toThrow(
      `${video}: has 40 frames, a clip needs 41 in a row`,
    );
  });
});
