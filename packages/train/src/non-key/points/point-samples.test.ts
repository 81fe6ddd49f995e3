import { CAMVID } from '@twnet/core/classes';
import type { VideoFrame } from '@twnet/core/frame';
import { Graph } from '@twnet/core/graph/graph';
import type { NetworkSource } from '@twnet/core/model/loaded-network';
import { keyFrameDescription, nonKeyFrameDescription } from '@twnet/core/model/loaded-network';
import { efficientVitSegmenter } from '@twnet/core/network/efficientvit-segmenter';
import { randomWeights } from '@twnet/core/network/random-weights';
import type { Weights } from '@twnet/core/network/safetensors';
import { seededRandom } from '@twnet/core/random';
import { openNetworks } from '@twnet/core/runtime/networks';
import { clipSource, segmentVideo } from '@twnet/core/segment/segmenter';
import { GraphSession, onnxEngine } from '@twnet/node/engine/session';
import { segmenterCard } from '@twnet/testing/made-segmenter';
import { madeStill } from '@twnet/testing/made-stills';
import { describe, expect, it } from 'vitest';
import type { PointConfig } from '../../config/point-config.js';
import { resolvePointConfig } from '../../config/presets.js';
import { makePointClip } from '../../data/points/make-point-clip.js';
import type { PointClip } from '../../data/points/point-clip.js';
import { Tape } from '../../graph/tape.js';
import { parameterInputs, tapeNetwork } from '../../graph/training-graph.js';
import { freshState, type TrainingState } from '../../run/state.js';
import { isClosed, PointSamples, samplesOf } from './point-samples.js';
import { PointTeacher } from './point-teacher.js';
import { pointDescription, pointStart } from './point-training.js';
import { PointValidation } from './point-validation.js';

const classes = CAMVID.classes.length;
const size = { width: 128, height: 96 };
const origin = { stills: [madeStill(96, 128, 3)] };

const configOf = (design: object, more: object = {}): PointConfig =>
  resolvePointConfig({ design, size, batch: 1, clipLength: 4, samples: 3, ...more }, 'options');

function clipOf(config: PointConfig, index: number, perFrame = false): PointClip {
  const { augmentation, coding, clipLength: length } = config;
  const rules = {
    ...{ size, ...augmentation, coding, length },
    ...{ closed: isClosed(config), samples: samplesOf(config) },
  };
  return makePointClip({ origin, rules, seed: 4, perFrame }, index);
}

/** A network that corrects a lot, so that what it is given is seen in what it gives. */
function randomNetworks(config: PointConfig): { key: Weights; nonKey: Weights } {
  const key = randomWeights(efficientVitSegmenter(classes), seededRandom(5));
  const nonKey = pointStart(config, classes, key, seededRandom(6));
  const drawn = randomWeights(pointDescription(config, classes), seededRandom(7));
  nonKey.set('cfr.weight', drawn.get('cfr.weight')!);
  return { key, nonKey };
}

function sourceOf(config: PointConfig, { key, nonKey }: { key: Weights; nonKey: Weights }): NetworkSource {
  const { cfr, rga, ...point } = config.design;
  const card = segmenterCard({ [config.speed]: { ...point, correction: { cfr, rga } } });
  return {
    card,
    keyFrame: (point) => ({ description: keyFrameDescription(card, point), weights: key }),
    nonKeyFrame: async (point) => ({
      description: nonKeyFrameDescription(card, point, false),
      weights: nonKey,
    }),
  };
}

/** Scores of a clip's frames as `segmentVideo` gives them. */
async function segmented(config: PointConfig, clip: PointClip, weights: { key: Weights; nonKey: Weights }) {
  const { speed } = config;
  const [{ width, height }] = clip.frames;
  const labelSize = { width, height };
  const options = { width, height, keySize: size, labelSize, speed, threads: 1 };
  await using networks = await openNetworks(sourceOf(config, weights), options, { engine: onnxEngine });
  const frames = clip.frames.map(
    (frame, t): VideoFrame => ({ ...frame, keyPicture: async () => clip.decoded.get(t)! }),
  );
  const { info, ...source } = clipSource(frames);
  const video = { ...source, info: { ...info, keyWidth: size.width, keyHeight: size.height } };
  const scores: Float32Array[] = [];
  for await (const one of segmentVideo(video, networks, { keepScores: true }))
    scores.push(one.scores!.slice());
  return scores;
}

/** What training computes of a sample. */
async function openForward(config: PointConfig, nonKey: Weights) {
  const description = pointDescription(config, classes);
  const graph = new Graph();
  const parameters = parameterInputs(graph, description);
  const { outputs } = tapeNetwork(new Tape(graph), description, {
    ...{ batch: 1, ...size, norm: 'frozen', parameters },
  });
  graph.output('scores', outputs.scores);
  graph.output('context', outputs.context);
  const session = await GraphSession.open(graph, { threads: 1 });
  const values = Object.fromEntries([...nonKey].map(([name, { data }]) => [name, data]));
  return { session, values };
}

const largestDifference = (a: Float32Array, b: Float32Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);
const largest = (a: Float32Array): number => a.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

describe('PointSamples', () => {
  for (const [propagated, divisor] of [
    ['refined', 2],
    ['scores', 4],
  ] as const)
    for (const [way, accumulated, bidirectional] of [
      ['from both key frames', true, true],
      ['accumulated', true, false],
      ['carried on', false, true],
    ] as const)
      it(`has training compute what inference does: ${propagated}, ${way}`, async () => {
        const design = { propagated, divisor, accumulated, bidirectional, hidden: 8 };
        const config = configOf(design, { augmentation: { forward: 0 } });
        const weights = randomNetworks(config);
        const key = { description: efficientVitSegmenter(classes), weights: weights.key };
        await using teacher = await PointTeacher.open(key, propagated, size, 1);
        const state: TrainingState = freshState(new Map());
        const clips = new Map<number, PointClip>();
        const provider = async (index: number) => {
          clips.set(index, clips.get(index) ?? clipOf(config, index));
          return clips.get(index)!;
        };
        const samples = new PointSamples(provider, teacher, state, config, classes);
        const { session, values } = await openForward(config, weights.nonKey);
        // Those of one clip, which other clips' lie between.
        const clip = 6;
        const found = new Map<number, Float32Array>();
        for (const [number, step] of [0, 10, 20].entries()) {
          state.step = step;
          const { labels: _, target: __, targetScores: ___, ...feeds } = await samples.next();
          const { scores, context } = await session.run({ ...feeds, ...values });
          state.step++;
          if (!accumulated) samples.carry(context as Float32Array);
          const frame = accumulated ? [...clips.get(clip)!.clean.keys()][number] : number + 1;
          found.set(frame, (scores as Float32Array).slice());
        }
        await session.close();
        const inferred = await segmented(config, clips.get(clip)!, weights);
        expect([...clips.keys()]).toEqual([clip]);
        expect([...found.keys()].sort()).toEqual([1, 2, 3]);
        for (const [frame, scores] of found)
          expect(largestDifference(scores, inferred[frame])).toBeLessThan(1e-4 * largest(scores));
      });

  it('learns on some frames as if no key frame came after them', async () => {
    const feedsOf = async (bidirectional: boolean, forward: number) => {
      const design = { propagated: 'scores', hidden: 8, bidirectional };
      const config = configOf(design, { augmentation: { forward } });
      const { key: weights } = randomNetworks(config);
      const key = { description: efficientVitSegmenter(classes), weights };
      await using teacher = await PointTeacher.open(key, 'scores', size, 1);
      // The clip's pictures are the same with and without a key frame behind them.
      const clip = clipOf(configOf({ propagated: 'scores', hidden: 8 }), 6);
      const provider = async () => (bidirectional ? clip : { ...clip, frames: clip.frames.slice(0, -1) });
      return await new PointSamples(provider, teacher, freshState(new Map()), config, classes).next();
    };
    const alone = await feedsOf(false, 0);
    expect(await feedsOf(true, 1)).toEqual(alone);
    expect((await feedsOf(true, 0)).warped).not.toEqual(alone.warped);
  });

  it('gives a step the same feeds, also when it starts there', async () => {
    const config = configOf({ propagated: 'scores', hidden: 8 }, { batch: 2, samples: 2 });
    const { key: weights } = randomNetworks(config);
    const key = { description: efficientVitSegmenter(classes), weights };
    await using teacher = await PointTeacher.open(key, 'scores', size, 1);
    const feedsAt = async (...steps: number[]) => {
      const state = freshState(new Map());
      const samples = new PointSamples(async (i) => clipOf(config, i), teacher, state, config, classes);
      let feeds = {};
      for (state.step of steps) feeds = await samples.next();
      return feeds;
    };
    const walked = await feedsAt(0, 1, 2, 3);
    expect(await feedsAt(3)).toEqual(walked);
    expect(await feedsAt(2)).not.toEqual(walked);
  });
});

describe('PointValidation', () => {
  it('finds a shut attention to be warping alone, and other weights not', async () => {
    for (const accumulated of [true, false]) {
      const config = configOf({ accumulated, hidden: 8 }, { clipLength: 10, samples: 9 });
      const { key: weights, nonKey } = randomNetworks(config);
      const key = { description: efficientVitSegmenter(classes), weights };
      const validation = await PointValidation.of(key, [clipOf(config, 1, true)], config, classes);
      const shut = pointStart(config, classes, weights, seededRandom(6));
      shut.get('attention.weight')!.data.fill(0);
      shut.get('attention.bias')!.data.fill(-100);
      const start = await validation.scores(shut);
      expect(Object.keys(start).sort()).toEqual(
        ['agreement', 'warp', 'half'].flatMap((name) => [name, `${name} far`, `${name} mIoU`]).sort(),
      );
      expect(start.agreement).toBe(start.warp);
      expect(start['agreement far']).toBe(start['warp far']);
      expect(start['agreement mIoU']).toBe(start['warp mIoU']);
      const other = await validation.scores(nonKey);
      expect(other.agreement).not.toBe(other.warp);
      expect(other.half).toBe(start.half);
      for (const share of Object.values(other)) expect(share > 0 && share < 1).toBe(true);
    }
  });
});
