import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NO_MOTION, type VideoFrame } from '@twnet/core/frame';
import { meanIou } from '@twnet/core/metrics/metrics';
import { type FrameSource, segmentVideo } from '@twnet/core/segment/segmenter';
import { openVideo } from '@twnet/node/video/open-video';
import { thresholdNetworks } from '@twnet/testing/threshold-networks';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { memoryAtMinutes } from '../memory/memory.js';
import { PANNING_FRAME_RATE, writePanningVideo } from '../speed/panning-video.js';
import { ClipMeter } from './clip-figures.js';
import { loadLabelledClip, segmentClip } from './labelled-clip.js';
import { scoreStills } from './score-stills.js';
import { videoFlicker } from './video-flicker.js';

const WIDTH = 96;
const HEIGHT = 64;
let folder: string;
let made: string;
const networks = thresholdNetworks(WIDTH, HEIGHT);

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'twnet-benchmarks-'));
  made = join(folder, 'made.mp4');
  await writePanningVideo(made, { width: WIDTH, height: HEIGHT, frames: 30 });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A bright square on a dark ground that moves 4 pixels a frame, and its labels. */
async function writeSquares(images: string, labels: string, frames: number): Promise<void> {
  mkdirSync(images);
  mkdirSync(labels);
  for (let frame = 0; frame < frames; frame++) {
    const truth = new Uint8Array(WIDTH * HEIGHT);
    for (let y = 16; y < 48; y++) truth.fill(1, y * WIDTH + 8 + 4 * frame, y * WIDTH + 40 + 4 * frame);
    const raw = { width: WIDTH, height: HEIGHT, channels: 1 as const };
    const grey = truth.map((label) => 40 + 180 * label);
    await sharp(grey, { raw })
      .toColourspace('srgb')
      .png()
      .toFile(join(images, `${frame}.png`));
    await sharp(truth, { raw })
      .toColourspace('b-w')
      .png()
      .toFile(join(labels, `${frame}.png`));
  }
}

describe('segmentClip', () => {
  it('gives a clip’s frames by distance, from one start or from several', async () => {
    const [images, labels] = [join(folder, 'images'), join(folder, 'labels')];
    await writeSquares(images, labels, 8);
    const clip = await loadLabelledClip(images, labels);
    expect(clip.frames).toHaveLength(8);
    const figures = async (starts: number[], perFrame = false) => {
      const meter = new ClipMeter(clip, ['ground', 'square'], { gop: 4 });
      const segment = (video: FrameSource) =>
        segmentVideo(video, networks, { keyFrames: { mode: 'codec' }, perFrame });
      await segmentClip(clip, segment, { gop: 4, starts }, (frame) => meter.add(frame));
      return meter.figures();
    };

    const once = await figures([0]);
    expect(once.curve.map(({ distance, frames }) => [distance, frames])).toEqual([
      [0, 2],
      [1, 2],
      [2, 2],
      [3, 2],
    ]);
    const often = await figures([0, 1, 2, 3]);
    expect(often.curve.map(({ frames }) => frames)).toEqual([8, 7, 6, 5]);
    // The square and its vectors are exact up to the codec's losses.
    const perFrame = await figures([0], true);
    expect(perFrame.meanIou).toBeGreaterThan(0.97);
    for (const { meanIou: value } of once.curve) expect(value).toBeGreaterThan(0.9);
    // Key frames are the same in both.
    expect(perFrame.curve[0]).toEqual(once.curve[0]);
  });
});

describe('scoreStills', () => {
  it('scores the key-frame network', async () => {
    const files = [
      { name: 'a', sequence: 'a', imagePath: join(folder, 'a.png'), labelPath: join(folder, 'b.png') },
    ];
    const raw = { width: WIDTH, height: HEIGHT, channels: 1 as const };
    const truth = new Uint8Array(WIDTH * HEIGHT).fill(1, 0, (WIDTH * HEIGHT) / 2);
    await sharp(
      truth.map((v) => 255 * v),
      { raw },
    )
      .toColourspace('srgb')
      .png()
      .toFile(files[0].imagePath);
    await sharp(truth, { raw }).toColourspace('b-w').png().toFile(files[0].labelPath);
    expect(meanIou(await scoreStills(networks, files))).toBe(1);
    // Ground and square change places; then all is one class.
    expect(meanIou(await scoreStills(networks, files, undefined, [1, 0]))).toBe(0);
    const one = await scoreStills(networks, files, undefined, [1, 1]);
    expect(one.at(0, 0) + one.at(1, 0)).toBe(0);
    await expect(scoreStills(thresholdNetworks(64, 64), files)).rejects.toThrow(/is 96×64.*64×64/);
  });
});

describe('videoFlicker', () => {
  /** A still pattern in green and blue; red on either side of the threshold in turn, or on one. */
  function patterns(alternate: boolean): FrameSource {
    async function* frames(): AsyncGenerator<VideoFrame> {
      for (let index = 0; index < 8; index++) {
        const pixels = Uint8Array.from(
          { length: 3 * WIDTH * HEIGHT },
          (_, i) => Math.imul(i >> 3, 2654435761) >>> 24,
        );
        pixels.fill(alternate && index % 2 === 1 ? 134 : 122, 0, WIDTH * HEIGHT);
        const [pictureType, motion] = ['I' as const, NO_MOTION];
        const discontinuity = index === 0;
        yield {
          index,
          timestamp: index,
          pictureType,
          width: WIDTH,
          height: HEIGHT,
          pixels,
          motion,
          discontinuity,
        };
      }
    }
    const info = { width: WIDTH, height: HEIGHT, motionSource: 'codec' as const };
    return { info, [Symbol.asyncIterator]: frames };
  }

  it('is nothing where labels stay and everything where they alternate, I-frames included', async () => {
    expect((await videoFlicker(patterns(false), networks, {})).mean()).toBe(0);
    const flashing = await videoFlicker(patterns(true), networks, { frames: 5 });
    expect(flashing.perFrame()).toEqual([Number.NaN, 1, 1, 1, 1]);
  });

  it('follows the motion of a panning texture', async () => {
    const aligned = await videoFlicker(await openVideo(made), networks, { perFrame: true });
    expect(aligned.mean()).toBeGreaterThan(0);
    expect(aligned.mean()).toBeLessThan(0.1);
    const propagated = await videoFlicker(await openVideo(made), networks, {});
    expect(propagated.mean()).toBeLessThan(0.2);
  });
});

describe('cost', () => {
  it('gives memory for every whole minute', async () => {
    const frameRate = 1 / 6; // Ten frames a minute.
    const mebibytes = await memoryAtMinutes(await openVideo(made), networks, frameRate);
    expect(mebibytes).toHaveLength(3);
    for (const value of mebibytes) expect(value).toBeGreaterThan(10);
  });

  it('makes the same video every time', async () => {
    const again = join(folder, 'again.mp4');
    await writePanningVideo(again, { width: WIDTH, height: HEIGHT, frames: 30 });
    const [first, second] = [await openVideo(made), await openVideo(again)];
    expect(first.info.frameRate).toBe(PANNING_FRAME_RATE);
    const other = second[Symbol.asyncIterator]();
    for await (const frame of first) {
      const { value } = await other.next();
      expect(Buffer.compare(frame.pixels, value.pixels)).toBe(0);
      expect(frame.pictureType).toBe(frame.index % 12 === 0 ? 'I' : 'P');
    }
  });
});
