/** Trains the network between key frames on stored samples for so many minutes. */
import { efficientVitSegmenter } from '@twnet/core/network/efficientvit-segmenter';
import type { Weights } from '@twnet/core/network/safetensors';
import { seededRandom } from '@twnet/core/random';
import { GraphSession } from '@twnet/node/engine/session';
import { DEFAULT_MODEL, Model } from '@twnet/node/model/model';
import type { PointConfig } from '../config/point-config.js';
import { STREAM } from '../data/random-streams.js';
import { pointRule, pointStart, pointStepGraph } from '../non-key/points/point-training.js';
import { type TrainingProgress, trainingLoop } from '../run/loop.js';
import type { RunFolder } from '../run/run-folder.js';
import { freshState, runStep, type TrainingState } from '../run/state.js';
import { shippedWeights } from '../run/weight-average.js';
import type { StoredSamples } from './stored-samples.js';
import { emptyBatch, fillWindow } from './window.js';

/** Factor on the rate of the head. */
const HEAD_RATE = 0.3;
/** Steps by which the time of one is known. */
const MEASURED = 3;

export interface LearnOptions {
  readonly config: PointConfig;
  readonly classes: number;
  readonly samples: StoredSamples;
  readonly folder: RunFolder;
  /** For how long, from now. */
  readonly milliseconds: number;
  readonly threads?: number;
  readonly progress: TrainingProgress;
  readonly signal?: AbortSignal;
}

export interface Learnt {
  readonly weights: Weights;
  readonly steps: number;
}

/** Goes on from the folder's checkpoint where it has one; leaves one. */
export async function learn(options: LearnOptions): Promise<Learnt> {
  const { config, classes, samples, folder, threads, progress, signal } = options;
  const begun = performance.now();
  const { seed, batch, size } = config;
  const window = { width: size.width / 2, height: size.height / 2 };
  const start = pointStart(config, classes, await shippedEncoder(), seededRandom(seed, 0, STREAM.pointStart));
  const state = (await folder.resumedState(start)) ?? freshState(start);
  if (state.step > 0) progress.note(`going on behind step ${state.step}`);
  const step = pointStepGraph(config, classes, false, adaptedRule(config));
  await using session = await GraphSession.open(step.graph, { threads, memoryPattern: false });
  const feeds = emptyBatch(batch, window, classes);
  const run = async (rate: number) => {
    for (let place = 0; place < batch; place++) {
      const number = state.step * batch + place;
      const random = seededRandom(seed, number, STREAM.adaptWindows);
      const sample = await samples.sample(Math.floor(random() * samples.count));
      fillWindow(feeds, place, sample, window, random);
    }
    return runStep(session, step, state, feeds, rate);
  };
  const steps =
    state.step + (await stepsWithin(options.milliseconds - (performance.now() - begun), state, run));
  await trainingLoop({
    ...{ config: { ...config, steps, validateEvery: 0 }, state, folder, progress, signal, run },
    validate: async () => ({}),
  });
  return { weights: shippedWeights(state), steps: state.step };
}

/** The head learns other classes than it had, the encoder a little, what corrects the most. */
function adaptedRule(config: PointConfig): ReturnType<typeof pointRule> {
  const usual = pointRule(config);
  return (parameter) => {
    const isHead = parameter.module === 'decoder' || parameter.module === 'classifier';
    return isHead ? { ...usual(parameter), rateFactor: HEAD_RATE } : usual(parameter);
  };
}

/** Every layer that its networks have too starts from the default model's: they have seen many pictures. */
async function shippedEncoder(): Promise<Weights> {
  const { weights, description } = (await Model.open(DEFAULT_MODEL)).keyFrame();
  return description.name === efficientVitSegmenter(2).name ? weights : new Map();
}

/** How many steps there is time for: what a few of them take, which change nothing. */
async function stepsWithin(
  milliseconds: number,
  state: TrainingState,
  run: (rate: number) => Promise<unknown>,
): Promise<number> {
  const before = {
    ...state,
    parameters: new Map(state.parameters),
    first: new Map(state.first),
    second: new Map(state.second),
  };
  const begun = performance.now();
  for (let i = 0; i < MEASURED; i++) await run(0);
  const spent = performance.now() - begun;
  state.step = before.step;
  for (const group of ['parameters', 'first', 'second'] as const) {
    state[group].clear();
    for (const [name, tensor] of before[group]) state[group].set(name, tensor);
  }
  return Math.max(1, Math.floor(((milliseconds - spent) * MEASURED) / spent));
}
