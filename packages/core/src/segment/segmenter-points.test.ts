/** A segmenter's operating points through the whole pipeline, against its graphs and warps by hand. */
import { GraphSession, onnxEngine } from '@twnet/node/engine/session';
import { macroblocks, randomFrom } from '@twnet/testing/made-motion';
import { type MadePoint, segmenterCard } from '@twnet/testing/made-segmenter';
import { describe, expect, it } from 'vitest';
import { NO_MOTION, type VideoFrame } from '../frame.js';
import { untrainedNetworks } from '../model/untrained.js';
import { inferenceGraph } from '../network/inference-graph.js';
import { propagatedShape } from '../network/propagated-frame.js';
import { type NetworksOptions, openNetworks } from '../runtime/networks.js';
import { labelsFromScores } from './labels.js';
import type { SegmentedFrame } from './segmented-frame.js';
import { segmentVideo } from './segmenter.js';

/** Frames, whose key pictures have 89 × 69 pixels, and the motion of all of them: whole cells of 4 × 4. */
const [WIDTH, HEIGHT] = [45, 35];
const KEY = { width: 89, height: 69 };
const [ROWS, COLUMNS] = [9, 12];
const [DX, DY] = [8, -4];
const FRAMES = 4;

const noise = (count: number, seed: number): Uint8Array => {
  const random = randomFrom(seed);
  return Uint8Array.from({ length: count }, () => 256 * random());
};

function madeFrame(index: number): VideoFrame {
  return {
    ...{ index, timestamp: index / 10, pictureType: index === 0 ? 'I' : 'P', width: WIDTH, height: HEIGHT },
    pixels: noise(3 * WIDTH * HEIGHT, index),
    keyPicture: async () => noise(3 * KEY.width * KEY.height, 100 + index),
    motion: index === 0 ? NO_MOTION : macroblocks(WIDTH, HEIGHT, () => [DX, DY]),
    discontinuity: index === 0,
  };
}

const STILL = macroblocks(WIDTH, HEIGHT, () => [0, 0]);
const frames = Array.from({ length: FRAMES }, (_, index) => madeFrame(index));
const video = {
  info: { width: WIDTH, height: HEIGHT, keyWidth: KEY.width, keyHeight: KEY.height, motionSource: 'codec' },
  async *[Symbol.asyncIterator]() {
    yield* frames;
  },
} as const;

/** F̂[p] = F[p − Mv], cells outside being those at the border. */
function shifted(feature: Float32Array, dx: number, dy: number): Float32Array {
  const within = (at: number, size: number): number => Math.min(Math.max(at, 0), size - 1);
  return feature.map((_, i) => {
    const [plane, cell] = [Math.floor(i / (ROWS * COLUMNS)), i % (ROWS * COLUMNS)];
    const row = within(Math.floor(cell / COLUMNS) - dy, ROWS);
    const column = within((cell % COLUMNS) - dx, COLUMNS);
    return feature[(plane * ROWS + row) * COLUMNS + column];
  });
}

function expectClose(actual: Float32Array, expected: Float32Array): void {
  expect(actual.length).toBe(expected.length);
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const apart = actual.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0);
  expect(apart).toBeLessThan(2e-5 * largest);
}

const source = (point: MadePoint) =>
  untrainedNetworks('efficientvit-b0', segmenterCard({ fast: point }), randomFrom(5));

async function segmented(
  networks: ReturnType<typeof source>,
  options: Partial<NetworksOptions>,
): Promise<SegmentedFrame[]> {
  const sizes = { width: WIDTH, height: HEIGHT, threads: 1 };
  await using opened = await openNetworks(networks, { ...sizes, ...options }, { engine: onnxEngine });
  const results: SegmentedFrame[] = [];
  for await (const frame of segmentVideo(video, opened, { keepScores: true })) results.push(frame);
  return results;
}

const HALF = { width: WIDTH, height: HEIGHT };
const CASES: readonly (readonly [string, MadePoint, Partial<NetworksOptions>])[] = [
  ['the refined feature, from frame to frame', {}, { keySize: KEY, labelSize: HALF }],
  [
    'the refined feature, from the key frame, seen at a quarter',
    { accumulated: true, divisor: 4, hidden: 8 },
    { keySize: KEY, labelSize: HALF },
  ],
  ['scores, from frame to frame', { propagated: 'scores', divisor: 4 }, { keySize: KEY, labelSize: HALF }],
  [
    'scores, from the key frame',
    { propagated: 'scores', accumulated: true },
    { keySize: KEY, labelSize: HALF },
  ],
  ['scores without RGA', { propagated: 'scores', correction: { cfr: true, rga: false } }, {}],
  ['scores that are only warped', { propagated: 'scores', correction: { cfr: false, rga: false } }, {}],
  ['features that are only warped', { correction: { cfr: false, rga: false }, accumulated: true }, {}],
  ['frames that are enlarged for key frames', {}, {}],
  ['labels of the key pictures', { accumulated: true }, { keySize: KEY }],
];

describe('segmentVideo at a segmenter’s operating points', () => {
  it.each(CASES)('%s: what graphs and warps give by hand', async (_, point, options) => {
    const networks = source(point);
    const { propagated = 'refined', accumulated = false } = point;
    const results = await segmented(networks, { speed: 'fast', ...options });
    const classes = networks.card.classes.length;
    const { channels } = propagatedShape(propagated, classes);

    const key = networks.keyFrame('fast');
    // Frames that are enlarged: to twice their sides.
    const size = options.keySize ?? { width: 2 * WIDTH, height: 2 * HEIGHT };
    const enlarged = options.keySize === undefined;
    const nonKey = await networks.nonKeyFrame('fast');
    const open = (network: typeof key, { width, height }: typeof size, enlarge: boolean) =>
      GraphSession.open(
        inferenceGraph(network.description, network.weights, height, width, { enlarged: enlarge }),
        {
          threads: 1,
        },
      );
    await using keySession = await open(key, size, enlarged);
    await using nonKeySession =
      nonKey.description.outputs.scores === 'warped'
        ? undefined
        : await open(nonKey, { width: 2 * WIDTH, height: 2 * HEIGHT }, false);

    const image = enlarged ? frames[0].pixels : await frames[0].keyPicture!();
    let { scores, context } = (await keySession.run({ image })) as Record<string, Float32Array>;
    expect(context.length).toBe(channels * ROWS * COLUMNS);
    const keyFeature = context;
    for (const [t, result] of results.entries()) {
      expect(result.kind).toBe(t === 0 ? 'key' : 'nonkey');
      if (t > 0) {
        // One frame's motion is a shift by 2 cells to the right and 1 up.
        const steps = accumulated ? t : 1;
        const warped = shifted(accumulated ? keyFeature : context, (steps * DX) / 4, (steps * DY) / 4);
        expect(result.field!.dx.every((value) => value === steps * DX)).toBe(true);
        const feeds = { image: frames[t].pixels, warped, residual: result.residual?.data };
        const inputs = Object.fromEntries(Object.entries(feeds).filter(([, value]) => value !== undefined));
        const outputs = (await nonKeySession?.run(inputs as typeof feeds & { residual: Float32Array })) ?? {
          scores: warped,
        };
        scores = outputs.scores as Float32Array;
        context = (outputs.context ?? warped) as Float32Array;
        expect(result.attention === undefined).toBe(outputs.attention === undefined);
      }
      expectClose(result.scores!, scores);
      const { width, height } = options.labelSize ?? options.keySize ?? HALF;
      const stride = width === WIDTH ? 4 : 8;
      expect(result.labelSize).toEqual({ width, height });
      const labels = labelsFromScores(result.scores!, classes, width, height, undefined, stride);
      expect(result.labels).toEqual(labels);
    }
    expect(new Set(results.flatMap(({ labels }) => [...labels])).size).toBeGreaterThan(2);
  });

  it('warps the scores of networks that were trained for no point', async () => {
    const networks = untrainedNetworks('efficientvit-b0', segmenterCard(), randomFrom(5));
    const sizes = { width: WIDTH, height: HEIGHT, threads: 1, keySize: KEY };
    await using opened = await openNetworks(networks, sizes, { engine: onnxEngine });
    expect(opened).toMatchObject({ usesResidual: false, bidirectional: true, contextChannels: 11 });
    const still = frames.map((frame) => ({ ...frame, motion: frame.index === 0 ? NO_MOTION : STILL }));
    const source = {
      ...video,
      [Symbol.asyncIterator]: async function* () {
        yield* still;
      },
    };
    const results: SegmentedFrame[] = [];
    for await (const frame of segmentVideo(source, opened)) results.push(frame);
    for (const { labels } of results) expect(labels).toEqual(results[0].labels);
  });

  it('warps from both key frames and mixes them, on however many lanes', async () => {
    const networks = source({ propagated: 'scores', accumulated: true, bidirectional: true });
    const group = 3;
    const clip = Array.from({ length: 8 }, (_, index) => {
      const frame = madeFrame(index);
      return index % group ? frame : { ...frame, pictureType: 'I' as const, motion: NO_MOTION };
    });
    // Into an I-frame motion is found in the pictures: of the same ones it is none.
    for (const frame of clip) frame.pixels.set(clip[0].pixels);
    const given = {
      ...video,
      async *[Symbol.asyncIterator]() {
        yield* clip;
      },
    };
    const sizes = { width: WIDTH, height: HEIGHT, threads: 1, keySize: KEY, speed: 'fast' } as const;
    const open = () => openNetworks(networks, sizes, { engine: onnxEngine });
    await using first = await open();
    await using second = await open();
    const runs: SegmentedFrame[][] = [];
    for (const lanes of [[first], [first, second]]) {
      const results: SegmentedFrame[] = [];
      for await (const frame of segmentVideo(given, lanes, { keepScores: true })) results.push(frame);
      runs.push(results);
    }
    const [alone, parallel] = runs;
    const without = ({ timings: _, ...rest }: SegmentedFrame) => rest;
    expect(parallel.map(without)).toEqual(alone.map(without));
    const { description, weights } = await networks.nonKeyFrame('fast');
    const size = { rows: 2 * HEIGHT, columns: 2 * WIDTH };
    await using session = await GraphSession.open(
      inferenceGraph(description, weights, size.rows, size.columns),
      { threads: 1 },
    );
    // Frame 5 is two from the key frame before it, along (2 DX, 2 DY), and one from that after it, in the same place.
    const [before, at, after] = [alone[3], alone[5], alone[6]];
    const past = shifted(before.scores!, (2 * DX) / 4, (2 * DY) / 4);
    const { share, field } = at.following!;
    expect(new Set([...field.dx, ...field.dy])).toEqual(new Set([0]));
    const warped = past.map((value, i) => value + share[i % share.length] * (after.scores![i] - value));
    const outputs = await session.run({ image: at.frame.pixels, warped, residual: at.residual!.data });
    expectClose(at.scores!, outputs.scores as Float32Array);
    expect(alone[7].following).toBeUndefined();
  });

  it('refuses networks for other key pictures than the video gives', async () => {
    const sizes = { width: WIDTH, height: HEIGHT, threads: 1, keySize: { width: 90, height: 70 } };
    await using opened = await openNetworks(source({}), sizes, { engine: onnxEngine });
    await expect(segmentVideo(video, opened).next()).rejects.toThrow(
      'networks for key pictures of 90×70, video that gives 89×69',
    );
  });
});
