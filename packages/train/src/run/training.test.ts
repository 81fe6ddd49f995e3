import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyFrameNetwork } from '@twnet/core/network/key-frame';
import { randomWeights } from '@twnet/core/network/random-weights';
import { seededRandom } from '@twnet/core/random';
import { GraphSession } from '@twnet/node/engine/session';
import { madeStill } from '@twnet/testing/made-stills';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keyConfigSchema, nonKeyConfigSchema } from '../config/config.js';
import { stillBatch } from '../data/batches.js';
import { labelWeights } from '../data/class-weights.js';
import { makeStillClip } from '../data/still-clip.js';
import { keyDescription, keyStepGraph } from '../key/key-training.js';
import { ClipSlots } from '../non-key/clip-slots.js';
import { ContextTeacher } from '../non-key/context-teacher.js';
import { nonKeyDescription, nonKeyStepGraph } from '../non-key/non-key-training.js';
import { learningRateAt, trainingLoop } from './loop.js';
import { RunFolder } from './run-folder.js';
import { freshState, runStep, type TrainingState } from './state.js';

const silent = { step: () => undefined, begin: () => undefined, note: () => undefined };
const stills = [1, 2, 3].map((seed) => madeStill(32, 32, seed));
const small = {
  size: { height: 32, width: 32 },
  batch: 2,
  steps: 6,
  checkpointMinutes: 60,
  validateEvery: 0,
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twnet-train-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Trains the key network `upTo` steps into its folder; gives the losses logged. */
async function trainKeySteps(path: string, upTo: number, resume: boolean): Promise<number[]> {
  const config = keyConfigSchema.parse({ ...small, freezeNormAfter: 1 });
  const run = await RunFolder.open(path, config, resume);
  const fresh = () => freshState(randomWeights(keyDescription(config, 11), seededRandom(config.seed)));
  const state: TrainingState = (resume && (await run.resumedState())) || fresh();
  const step = keyStepGraph(config, 11, 'batch');
  const session = await GraphSession.open(step.graph, { threads: 2 });
  const weights = labelWeights(
    'log',
    11,
    stills.map(({ labels }) => labels),
  );
  await trainingLoop({
    config: { ...config, steps: upTo },
    state,
    folder: run,
    progress: silent,
    run: async () => {
      const { images, labels } = stillBatch(stills, state.step, {
        ...config.size,
        batch: config.batch,
        seed: 1,
      });
      const rate = learningRateAt(state.step, config);
      return runStep(session, step, state, { image: images, labels, labelWeights: weights }, rate);
    },
    validate: async () => ({}),
  });
  await session.close();
  await run.close();
  const log = await readFile(join(path, 'log.jsonl'), 'utf8');
  return log
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
    .filter(({ loss }) => loss !== undefined)
    .map(({ loss }) => loss);
}

describe('step 1', () => {
  it('resumes exactly: the same losses as an unbroken run', async () => {
    const unbroken = await trainKeySteps(join(folder, 'a'), 6, false);
    const firstHalf = await trainKeySteps(join(folder, 'b'), 3, false);
    expect(firstHalf).toEqual(unbroken.slice(0, 3));
    expect(await trainKeySteps(join(folder, 'b'), 6, true)).toEqual(unbroken);
    expect(unbroken[5]).toBeLessThan(unbroken[0]);
  });

  it('refuses to overwrite a run, or to resume one with another configuration', async () => {
    await trainKeySteps(join(folder, 'a'), 1, false);
    await expect(RunFolder.open(join(folder, 'a'), {}, false)).rejects.toThrow(
      /already holds a run; add --resume/,
    );
    const shorter = keyConfigSchema.parse({ ...small, freezeNormAfter: 1, steps: 1 });
    const other = await RunFolder.open(join(folder, 'a'), shorter, true);
    await expect(other.resumedState()).rejects.toThrow(
      /another configuration \(there, here\): steps: 6, 1; .*choose another --out/,
    );
  });

  it('stops at a loss that is not a number', async () => {
    const config = keyConfigSchema.parse(small);
    const run = await RunFolder.open(folder, config, false);
    const options = {
      config,
      state: freshState(new Map()),
      folder: run,
      progress: silent,
      validate: async () => ({}),
    };
    const diverged = trainingLoop({ ...options, run: async () => ({ loss: Float32Array.of(Number.NaN) }) });
    await expect(diverged).rejects.toThrow(/training diverged: the loss is NaN/);
    await run.close();
  });

  it('writes no checkpoint from weights that are not finite', async () => {
    const run = await RunFolder.open(folder, {}, false);
    const state = freshState(new Map([['a.weight', { shape: [2], data: Float32Array.of(1, 2) }]]));
    await run.checkpoint(state);
    state.step = 1;
    for (const broken of [Number.NaN, Number.POSITIVE_INFINITY]) {
      state.parameters.set('a.weight', { shape: [2], data: Float32Array.of(1, broken) });
      await expect(run.checkpoint(state)).rejects.toThrow(/a\.weight is not finite after step 1/);
    }
    expect((await run.resumedState())?.step).toBe(0);
  });

  it('refuses a checkpoint of another network, naming what differs', async () => {
    const run = await RunFolder.open(folder, {}, false);
    const of = (shapes: Record<string, number[]>) =>
      new Map(Object.entries(shapes).map(([name, shape]) => [name, { shape, data: new Float32Array(6) }]));
    await run.checkpoint(freshState(of({ 'a.weight': [2, 3], 'b.weight': [6] })));
    await expect(run.resumedState(of({ 'a.weight': [3, 2], 'c.weight': [6] }))).rejects.toThrow(
      /is of another network: a\.weight has the shape \[2, 3\], the network wants \[3, 2\], it has no c\.weight, its b\.weight is unknown here/,
    );
    expect(await run.resumedState(of({ 'a.weight': [2, 3], 'b.weight': [6] }))).toBeDefined();
  });

  it('begins the log anew where a run ended before its first checkpoint', async () => {
    const first = await RunFolder.open(folder, {}, false);
    first.append({ step: 1, loss: 3 });
    await first.close();
    const again = await RunFolder.open(folder, {}, true);
    again.append({ step: 1, loss: 2 });
    await again.drawCurves();
    expect(await readFile(join(folder, 'log.jsonl'), 'utf8')).toBe('{"step":1,"loss":2}\n');
    expect(await readFile(join(folder, 'curves.svg'), 'utf8')).toMatch(/^<svg/);
  });
});

describe('step 2', () => {
  const config = nonKeyConfigSchema.parse({ ...small, layer: 2, clipLength: 4, learningRate: 1e-3 });

  it('walks its clips, carries features from frame to frame and goes on exactly after a checkpoint', async () => {
    const key = keyFrameNetwork('mobilenet-v1', 11);
    const outputs = { context: key.outputs.context2 };
    const keyWeights = randomWeights(key, seededRandom(2));
    const teacher = await ContextTeacher.open(
      { description: { ...key, outputs }, weights: keyWeights },
      2,
      config.size,
    );
    const step = nonKeyStepGraph(config, 11);
    const session = await GraphSession.open(step.graph, { threads: 2 });
    const clip = async (index: number) => makeStillClip(stills, index, { seed: 5, length: 4 });
    const slotOptions = {
      batch: 2,
      pool: 2,
      clipLength: 4,
      unroll: 1,
      stride: 8 as const,
      ...config.size,
    };
    const weights = labelWeights('none', 11, []);
    const train = async (state: TrainingState, steps: number): Promise<number[]> => {
      const slots = new ClipSlots(clip, teacher, state, slotOptions);
      const losses: number[] = [];
      for (let i = 0; i < steps; i++) {
        const results = await runStep(
          session,
          step,
          state,
          { ...(await slots.next()), labelWeights: weights },
          1e-3,
        );
        slots.carry(results.context as Float32Array);
        losses.push(Number(results.loss[0]));
      }
      return losses;
    };
    const start = () => freshState(randomWeights(nonKeyDescription(config, 11), seededRandom(6)));
    const unbroken = await train(start(), 5);

    const run = await RunFolder.open(folder, config, false);
    const state = start();
    const before = await train(state, 2);
    await run.checkpoint(state);
    const after = await train((await run.resumedState())!, 3);
    expect([...before, ...after]).toEqual(unbroken);
    // Slot 1 starts in the middle of its clip; after five steps both slots have begun another one.
    expect(state.positions).toEqual([
      { clip: 0, frame: 2 },
      { clip: 1, frame: 3 },
    ]);
    await Promise.all([session.close(), teacher.close(), run.close()]);
  });

  it('trains the correction stage alone, on labels, where the layers keep their weights', () => {
    const learnt = (layersRateFactor: number) =>
      nonKeyStepGraph({ ...config, layersRateFactor }, 11).learnt.toSorted();
    expect(learnt(0)).toEqual(['attention.bias', 'attention.weight', 'cfr.bias', 'cfr.weight']);
    expect(learnt(0.5)).toEqual(learnt(1));
    expect(learnt(1)).toContain('classifier.weight');
  });
});

describe('learning rate', () => {
  it('rises to the rate, then falls to nothing', () => {
    const config = keyConfigSchema.parse({ steps: 1000, learningRate: 1 });
    expect(learningRateAt(0, config)).toBeLessThan(0.02);
    expect(learningRateAt(100, config)).toBeCloseTo(0.9 ** 0.9, 5);
    expect(learningRateAt(999, config)).toBeLessThan(0.003);
    const constant = { ...config, schedule: { kind: 'constant' as const, power: 1, warmup: 0 } };
    expect(learningRateAt(700, constant)).toBe(1);
  });
});
