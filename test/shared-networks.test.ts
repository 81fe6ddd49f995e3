/** Any number of videos on one set of networks: labels byte for byte those of running alone. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SegmentOptions } from '@twnet/core/segment/segment-options';
import { segmentVideo } from '@twnet/core/segment/segmenter';
import { Model } from '@twnet/node/model/model';
import { closeAll, Networks, openParallel } from '@twnet/node/networks/networks';
import { encodeVideo } from '@twnet/node/video/encode-video';
import { openVideo } from '@twnet/node/video/open-video';
import { openUntrained } from '@twnet/testing/untrained-networks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const size = { width: 96, height: 64 };
const folder = mkdtempSync(join(tmpdir(), 'twnet-shared-'));
const videos = Array.from({ length: 8 }, (_, i) => join(folder, `${i}.mp4`));
beforeAll(async () => {
  for (const [i, path] of videos.entries()) await writeVideo(path, 5 + i, [3, 4, 12, 1][i % 4], i + 1);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Blobs of colours of their own that move, for every seed others. */
async function writeVideo(output: string, frames: number, gop: number, seed: number): Promise<void> {
  const { width, height } = size;
  await using writer = await encodeVideo({ output, ...size, frameRate: 25, gop });
  for (let t = 0; t < frames; t++) {
    const pixels = Uint8Array.from({ length: 3 * width * height }, (_, i) => {
      const [x, y, plane] = [i % width, Math.floor(i / width) % height, Math.floor(i / (width * height))];
      return (
        128 + 100 * Math.sin((x - 2 * t) / (3 + seed) + plane * seed) * Math.cos((y + t) / (9 - seed / 2))
      );
    });
    await writer.write(pixels);
  }
  await writer.finish();
}

/** All labels of a video, or those of its first frames. */
async function labelsOf(
  path: string,
  networks: Networks | readonly Networks[],
  options: SegmentOptions = {},
  frames = Number.POSITIVE_INFINITY,
): Promise<Buffer> {
  await using video = await openVideo(path);
  const all: Uint8Array[] = [];
  for await (const { labels } of segmentVideo(video, networks, options)) {
    all.push(labels);
    if (all.length >= frames) break;
  }
  return Buffer.concat(all);
}

const sources: Record<string, () => Promise<Networks[]>> = {
  'Networks, Layer 1': async () => [
    await Networks.open(await Model.open('camvid-mobilenet-v1'), { ...size, layer: 1, threads: 1 }),
  ],
  'Networks, Layer 3': async () => [
    await Networks.open(await Model.open('camvid-mobilenet-v1'), { ...size, layer: 3, threads: 1 }),
  ],
  'networks in this thread': async () => [await openUntrained(1, size.width, size.height)],
  openParallel: async () =>
    openParallel(await Model.open('camvid-mobilenet-v1'), 2, { ...size, layer: 1, threads: 2 }),
};

describe.each(Object.entries(sources))('%s', (_name, open) => {
  it('gives each of two and of eight videos at once what it gives it alone', async () => {
    const networks = await open();
    const alone: Buffer[] = [];
    for (const path of videos) alone.push(await labelsOf(path, networks));
    for (const many of [2, 8]) {
      const together = await Promise.all(videos.slice(0, many).map((path) => labelsOf(path, networks)));
      for (const [i, labels] of together.entries()) expect(labels.equals(alone[i])).toBe(true);
    }
    // Different videos have different labels: the above says something.
    expect(alone[3].equals(alone[7].subarray(0, alone[3].length))).toBe(false);
    await closeAll(networks as Networks[]);
  });

  it('goes on where others leave, break and are aborted', async () => {
    const networks = await open();
    const alone = await Promise.all([4, 5, 6, 7].map((i) => labelsOf(videos[i], networks)));
    const abort = new AbortController();
    async function* broken() {
      await using video = await openVideo(videos[2]);
      for await (const frame of video) {
        if (frame.index === 2) throw new Error('the video broke');
        yield frame;
      }
    }
    const source = { info: { ...size, motionSource: 'codec' as const }, [Symbol.asyncIterator]: broken };
    const breaking = async () => {
      for await (const _frame of segmentVideo(source, networks));
    };
    const aborting = async () => {
      await using video = await openVideo(videos[3]);
      for await (const { frame } of segmentVideo(video, networks, { signal: abort.signal }))
        if (frame.index === 1) abort.abort(new Error('enough'));
    };
    const results = await Promise.allSettled([
      ...[4, 5, 6, 7].map((i) => labelsOf(videos[i], networks)),
      labelsOf(videos[1], networks, {}, 2),
      breaking(),
      aborting(),
      labelsOf(videos[0], networks, { keyFrames: { mode: 'every', n: 2 }, keepScores: true }),
    ]);
    for (const [i, labels] of alone.entries())
      expect(labels.equals((results[i] as PromiseFulfilledResult<Buffer>).value)).toBe(true);
    const reasons = results.map((result) => (result as PromiseRejectedResult).reason?.message);
    expect(reasons).toEqual([...Array(5).fill(undefined), 'the video broke', 'enough', undefined]);
    await closeAll(networks as Networks[]);
  });

  it('answers with an error once it is closed, and in mid-loop', async () => {
    const networks = await open();
    let frames = 0;
    const looping = async () => {
      await using video = await openVideo(videos[7]);
      for await (const _frame of segmentVideo(video, networks)) {
        if (++frames === 2) await closeAll(networks as Networks[]);
      }
    };
    await expect(looping()).rejects.toThrow(/networks (are|were) closed/);
    await expect(labelsOf(videos[0], networks)).rejects.toThrow('the networks are closed');
    await expect(networks[0].keyFrame(new Uint8Array(3 * 96 * 64))).rejects.toThrow('networks are closed');
    await closeAll(networks as Networks[]);
  });
});

it('takes turns with a caller who asks for much', async () => {
  await using networks = await Networks.open(await Model.open('camvid-mobilenet-v1'), {
    ...size,
    layer: 1,
    threads: 1,
  });
  const pixels = new Uint8Array(3 * size.width * size.height);
  const done: string[] = [];
  const [greedy, modest] = [networks.begin(), networks.begin()];
  const asked = [
    ...Array.from({ length: 12 }, () => greedy.keyFrame(pixels).then(() => done.push('greedy'))),
    ...Array.from({ length: 2 }, () => modest.keyFrame(pixels).then(() => done.push('modest'))),
  ];
  await Promise.all(asked);
  expect(done.lastIndexOf('modest')).toBeLessThan(6);
  await modest.close();
  await expect(networks.begin().nonKeyFrame(pixels, {} as never, undefined)).rejects.toThrow();
});
