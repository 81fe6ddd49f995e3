import { NO_MOTION, type VideoFrame } from '@twnet/core/frame';
import type { Networks } from '@twnet/core/runtime/networks';
import { type BareNetworks, type BareResult, keepingNetworks } from '@twnet/core/segment/keeping-networks';
import type { SegmentedFrame } from '@twnet/core/segment/segmented-frame';
import { type FrameSource, segmentVideo } from '@twnet/core/segment/segmenter';
import { MotionSource } from '@twnet/node/motion/motion-source';
import { macroblocks, randomFrom } from '@twnet/testing/made-motion';
import { MadeVideo, ScriptedNetworks } from '@twnet/testing/scripted-networks';
import { openUntrained } from '@twnet/testing/untrained-networks';
import { describe, expect, it } from 'vitest';
import type { BaselineFrame } from './baseline.js';
import { deepFeatureFlow } from './dff.js';
import { interpMv } from './interp-mv.js';
import { propMv } from './prop-mv.js';
import { tapLab } from './taplab.js';
import { regionSize } from './taplab-regions.js';

const codec = { keyFrames: { mode: 'codec' }, keepScores: true } as const;
const WIDTH = 96;
const HEIGHT = 64;

/** Blocks of 4 × 4 pixels of random brightness that move 4 pixels to the right a frame; `I` and `P` in `letters`. */
function movingVideo(letters: string, shift = 4): FrameSource {
  const random = randomFrom(7);
  const wide = WIDTH + shift * letters.length;
  const cells = Float32Array.from({ length: (wide / 4) * (HEIGHT / 4) }, () => Math.floor(256 * random()));
  const frames = Array.from(letters, (letter, index): VideoFrame => {
    const pixels = new Uint8Array(3 * WIDTH * HEIGHT);
    for (let i = 0; i < pixels.length; i++) {
      const x = (i % WIDTH) + wide - WIDTH - shift * index;
      const y = Math.floor(i / WIDTH) % HEIGHT;
      pixels[i] = cells[Math.floor(y / 4) * (wide / 4) + Math.floor(x / 4)];
    }
    return {
      index,
      timestamp: index,
      pictureType: letter as 'I' | 'P',
      width: WIDTH,
      height: HEIGHT,
      pixels,
      motion: letter === 'I' ? NO_MOTION : macroblocks(WIDTH, HEIGHT, () => [shift, 0]),
      discontinuity: index === 0,
    };
  });
  return {
    info: { width: WIDTH, height: HEIGHT, motionSource: 'codec' },
    async *[Symbol.asyncIterator]() {
      yield* frames;
    },
  };
}

/** Two classes: the brightness of each cell's first pixel, and its complement. Position by position, so that it shifts. */
async function brightness(pixels: Uint8Array, width: number, height: number): Promise<BareResult> {
  const columns = width / 4;
  const cells = columns * (height / 4);
  const scores = new Float32Array(2 * cells);
  for (let cell = 0; cell < cells; cell++) {
    scores[cell] = pixels[4 * Math.floor(cell / columns) * width + 4 * (cell % columns)];
    scores[cell + cells] = 255 - scores[cell];
  }
  return { scores, context: new Float32Array(0) };
}

function brightnessNetwork(
  width = WIDTH,
  height = HEIGHT,
  {
    context = new Float32Array(0),
    nonKey = () => Promise.reject(new Error('a baseline ran the non-key-frame network')),
  }: { context?: Float32Array; nonKey?: BareNetworks['nonKey'] } = {},
): Networks {
  return keepingNetworks({
    ...{ classes: 2, width, height, layer: 3, contextChannels: 1, contextStride: 4, nonKey },
    key: async (pixels) => ({ ...(await brightness(pixels, width, height)), context }),
  });
}

async function all<T>(frames: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const frame of frames) list.push(frame);
  return list;
}

/** Per-frame results, by the segmenter's own option. */
const perFrame = (video: FrameSource, networks: Networks): Promise<SegmentedFrame[]> =>
  all(segmentVideo(video, networks, { ...codec, perFrame: true }));

/** Scores of the cells that `columns` keeps from the left border, where content enters. */
function scoresFrom(scores: Float32Array, firstColumn: number, columns = WIDTH / 4): number[] {
  return [...scores].filter((_, i) => i % columns >= firstColumn);
}

/** Scores away from the borders. */
function inner(scores: Float32Array): number[] {
  const columns = WIDTH / 4;
  const margin = 5;
  return [...scores].filter((_, i) => Math.min(i % columns, columns - 1 - (i % columns)) >= margin);
}

/** The same pictures, whose stream says that nothing moves. */
function withoutVectors(video: FrameSource): FrameSource {
  return {
    info: video.info,
    async *[Symbol.asyncIterator]() {
      for await (const frame of video) yield { ...frame, motion: macroblocks(WIDTH, HEIGHT, () => [0, 0]) };
    },
  };
}

describe('propMv', () => {
  it('moves scores exactly along a known shift', async () => {
    const network = brightnessNetwork();
    const frames = await all(propMv(movingVideo('IPPP'), network, codec));
    const truth = await perFrame(movingVideo('IPPP'), network);
    expect(frames.map(({ kind }) => kind)).toEqual(['key', 'nonkey', 'nonkey', 'nonkey']);
    frames.forEach(({ scores, latency }, t) => {
      expect(scoresFrom(scores!, t)).toEqual(scoresFrom(truth[t].scores!, t));
      expect(latency).toBe(0);
    });
    // The column that came into view is not known.
    expect(frames[1].labels).not.toEqual(truth[1].labels);
  });

  it('keeps labels where nothing moves, and runs the network on key frames alone', async () => {
    const networks = new ScriptedNetworks();
    const frames = await all(propMv(new MadeVideo('IPBPpP'), networks, codec));
    expect(networks.calls).toEqual(['K0', 'K4']);
    expect(frames.map(({ labels }) => labels[0])).toEqual([0, 0, 0, 0, 0, 0]);
    expect(frames.map(({ distance }) => distance)).toEqual([0, 1, 2, 3, 0, 1]);
  });

  it('takes motion from another source', async () => {
    const network = brightnessNetwork();
    using motion = await MotionSource.open('matching', WIDTH, HEIGHT);
    const frames = await all(propMv(withoutVectors(movingVideo('IPPP')), network, { ...codec, motion }));
    const truth = await perFrame(movingVideo('IPPP'), network);
    expect(frames.map(({ kind }) => kind)).toEqual(['key', 'nonkey', 'nonkey', 'nonkey']);
    const right = inner(frames[3].scores!).filter((score, i) => score === inner(truth[3].scores!)[i]);
    expect(right.length / inner(truth[3].scores!).length).toBeGreaterThan(0.9);
  });

  it('refuses a network for another size', async () => {
    await expect(all(propMv(movingVideo('I'), brightnessNetwork(64, 64), codec))).rejects.toThrow(/64×64/);
  });
});

describe('interpMv', () => {
  it('equals the per-frame network at key frames and where the motion is exact both ways', async () => {
    const network = brightnessNetwork();
    const every = { keyFrames: { mode: 'every', n: 3 }, keepScores: true } as const;
    const frames = await all(interpMv(movingVideo('IPPPPP'), network, every));
    const truth = await perFrame(movingVideo('IPPPPP'), network);
    expect(frames.map(({ frame }) => frame.index)).toEqual([0, 1, 2, 3, 4, 5]);
    expect(frames.map(({ latency }) => latency)).toEqual([0, 2, 1, 0, 1, 0]);
    for (const t of [0, 3]) {
      expect(frames[t].kind).toBe('key');
      expect(frames[t].labels).toEqual(truth[t].labels);
    }
    // Away from both borders, each of which one of the two propagations does not know.
    const inside = (scores: Float32Array) =>
      [...scores].filter((_, i) => i % (WIDTH / 4) >= 3 && i % (WIDTH / 4) < WIDTH / 4 - 3);
    for (const t of [1, 2]) {
      const [mixed, exact] = [inside(frames[t].scores!), inside(truth[t].scores!)];
      for (const [i, value] of mixed.entries()) expect(value).toBeCloseTo(exact[i], 3);
    }
  });

  it('weighs the two key frames by their distances', async () => {
    // Nothing moves; scores of even frames are (1, 0), of odd ones (0, 1).
    const frames = await all(
      interpMv(new MadeVideo('IPPPP'), new ScriptedNetworks(), {
        keyFrames: { mode: 'every', n: 3 },
        keepScores: true,
      }),
    );
    const secondClass = frames.map(({ scores }) => scores![scores!.length - 1]);
    [0, 1 / 3, 2 / 3, 1, 1].forEach((share, t) => {
      expect(secondClass[t]).toBeCloseTo(share, 5);
    });
  });

  it('estimates what leads into an I-frame, and propagates forward alone over a break', async () => {
    const network = brightnessNetwork();
    const frames = await all(interpMv(movingVideo('IPPIP'), network, codec));
    const forward = await all(propMv(movingVideo('IPPIP'), network, codec));
    expect(frames[1].scores).not.toEqual(forward[1].scores);
    expect(frames[4].scores).toEqual(forward[4].scores);

    const networks = new ScriptedNetworks();
    const broken = await all(interpMv(new MadeVideo('IPPiPP'), networks, codec));
    expect(broken.map(({ labels }) => labels[0])).toEqual([0, 0, 0, 1, 1, 1]);
  });

  it('takes B-frames from the references on both sides', async () => {
    const networks = new ScriptedNetworks();
    const frames = await all(
      interpMv(new MadeVideo('IBPBP'), networks, { keyFrames: { mode: 'every', n: 4 }, keepScores: true }),
    );
    expect(networks.calls).toEqual(['K0', 'K4']);
    expect(frames.map(({ frame }) => frame.index)).toEqual([0, 1, 2, 3, 4]);
    expect(frames.map(({ latency }) => latency)).toEqual([0, 3, 2, 1, 0]);
  });

  it('gives what waited when the video breaks, then its error', async () => {
    const seen: BaselineFrame[] = [];
    const run = async () => {
      const video = new MadeVideo('IPPPP', 'codec', 3);
      for await (const frame of interpMv(video, new ScriptedNetworks(), codec)) seen.push(frame);
    };
    await expect(run()).rejects.toThrow('the video broke');
    expect(seen.map(({ frame }) => frame.index)).toEqual([0, 1, 2]);
  });

  it('does not wait for a key frame for ever', async () => {
    const frames = await all(interpMv(new MadeVideo(`I${'P'.repeat(70)}`), new ScriptedNetworks(), codec));
    expect(frames.filter(({ kind }) => kind === 'key').map(({ frame }) => frame.index)).toEqual([0, 61]);
    expect(Math.max(...frames.map(({ latency }) => latency))).toBe(60);
  });
});

describe('deepFeatureFlow', () => {
  it('gives the key frame again while nothing moves, at Layer 3 of the real networks', async () => {
    const networks = await openUntrained(3, 32, 32);
    const frames = await all(deepFeatureFlow(new MadeVideo('IPBP'), networks, codec));
    for (const { labels } of frames.slice(1)) expect(labels).toEqual(frames[0].labels);
    await networks.close();
  });

  it('warps the key frame’s feature once, by the sum of the shifts', async () => {
    const warped: Float32Array[] = [];
    const context = Float32Array.from({ length: (WIDTH / 4) * (HEIGHT / 4) }, (_, i) => i % (WIDTH / 4));
    const networks = brightnessNetwork(WIDTH, HEIGHT, {
      context,
      async nonKey(pixels, feature) {
        warped.push(feature);
        // What it gives as its own context must not be used.
        return { ...(await brightness(pixels, WIDTH, HEIGHT)), context: new Float32Array(context.length) };
      },
    });
    await all(deepFeatureFlow(movingVideo('IPPP', 2), networks, codec));
    expect(warped.map((feature) => feature[10])).toEqual([9.5, 9, 8.5]);

    // Between the key frame's picture and the current one, at once: shifts of 4 pixels are a cell each.
    warped.length = 0;
    using motion = await MotionSource.open('matching', WIDTH, HEIGHT);
    await all(deepFeatureFlow(movingVideo('IPP', 4), networks, { ...codec, motion }));
    expect(warped.map((feature) => feature[10 + 6 * (WIDTH / 4)])).toEqual([9, 8]);
  });
});

describe('tapLab', () => {
  it('equals the per-frame network where the region is the whole frame and nothing is mixed in', async () => {
    const networks = await openUntrained(3, WIDTH, HEIGHT);
    const frames = await all(tapLab(movingVideo('IPPP'), networks, networks, { ...codec, newShare: 1 }));
    const truth = await perFrame(movingVideo('IPPP'), networks);
    frames.forEach(({ labels }, t) => {
      expect(labels).toEqual(truth[t].labels);
    });
    await networks.close();
  });

  it('corrects the region with the largest residual, and only that', async () => {
    const size = { width: 32, height: 32 };
    const changed = async function* () {
      for await (const frame of movingVideo('IP', 0)) {
        const pixels = frame.pixels.slice();
        // A change in the lower right corner that no vector explains.
        if (frame.index === 1)
          for (let i = 0; i < pixels.length; i++)
            if (i % WIDTH >= 72 && Math.floor(i / WIDTH) % HEIGHT >= 40) pixels[i] = 255 - pixels[i];
        yield { ...frame, pixels };
      }
    };
    const video = (): FrameSource => ({
      info: { width: WIDTH, height: HEIGHT, motionSource: 'codec' },
      [Symbol.asyncIterator]: changed,
    });
    const network = brightnessNetwork();
    const options = { ...codec, newShare: 1 };
    const [key, next] = await all(
      tapLab(video(), network, brightnessNetwork(size.width, size.height), options),
    );
    const [, truth] = await perFrame(video(), network);
    expect(next.scores).not.toEqual(key.scores);
    expect(next.scores).toEqual(truth.scores);
  });

  it('takes regions of half the height and a quarter of the width, in multiples of 32', () => {
    expect(regionSize(2048, 1024)).toEqual({ width: 512, height: 512 });
    expect(regionSize(480, 360)).toEqual({ width: 128, height: 192 });
    expect(regionSize(30, 20)).toEqual({ width: 30, height: 20 });
  });
});
