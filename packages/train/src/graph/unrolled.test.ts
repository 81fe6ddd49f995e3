import type { MotionField } from '@twnet/core/motion/field';
import { warpFeatures } from '@twnet/core/motion/warp';
import { warpMatrix } from '@twnet/core/motion/warp-matrix';
import { inferenceGraph } from '@twnet/core/network/inference-graph';
import { correctionNetwork, nonKeyFrameNetwork } from '@twnet/core/network/non-key-frame';
import { randomWeights } from '@twnet/core/network/random-weights';
import { seededRandom } from '@twnet/core/random';
import { GraphSession } from '@twnet/node/engine/session';
import { describe, expect, it } from 'vitest';
import { nonKeyConfigSchema } from '../config/config.js';
import { contextShape, nonKeyStepGraph } from '../non-key/non-key-training.js';
import { correctionStepGraph } from '../non-key/train-correction.js';
import { freshState, runStep } from '../run/state.js';
import { frameSuffix } from './unrolled.js';

const FRAMES = 3;
const BATCH = 2;
const size = { height: 64, width: 96 };
const config = nonKeyConfigSchema.parse({
  size,
  layer: 2,
  batch: BATCH,
  unroll: FRAMES,
  clipLength: 12,
  correction: { batch: BATCH, unroll: FRAMES, learningRate: 1e-3 },
});
const [channels, rows, columns] = contextShape(config);
const cells = rows * columns;
const contextSize = channels * cells;

const random = seededRandom(3);
const values = (length: number, span = 1): Float32Array =>
  Float32Array.from({ length }, () => (random() - 0.5) * 2 * span);
const field = (): MotionField => ({
  rows,
  columns,
  stride: 8,
  dx: values(cells, 20),
  dy: values(cells, 20),
  coverage: new Float32Array(cells).fill(1),
});
const meanSquare = (a: Float32Array, b: Float32Array): number =>
  a.reduce((sum, v, i) => sum + (v - b[i]) ** 2, 0) / a.length;

/** `count` samples of one frame's feed, joined; the samples are kept for the reference. */
function joined<T extends Float32Array | Uint8Array>(parts: readonly T[]): T {
  const type = parts[0].constructor as new (length: number) => T;
  const all = new type(parts.length * parts[0].length);
  for (const [i, part] of parts.entries()) all.set(part as never, i * part.length);
  return all;
}

const fields = Array.from({ length: FRAMES }, () => Array.from({ length: BATCH }, field));
const residuals = fields.map((frame) => frame.map(() => values(3 * cells, 30).map(Math.abs)));
const targets = fields.map((frame) => frame.map(() => values(contextSize)));
const previous = Array.from({ length: BATCH }, () => values(contextSize));

function commonFeeds(): Record<string, Float32Array> {
  const first = fields[0].map((f, sample) => warpFeatures(previous[sample], channels, f));
  const feeds: Record<string, Float32Array> = { [`warped${frameSuffix(0)}`]: joined(first) };
  for (let t = 0; t < FRAMES; t++) {
    if (t > 0) feeds[`motion${frameSuffix(t)}`] = joined(fields[t].map((f) => warpMatrix(f)));
    feeds[`residual${frameSuffix(t)}`] = joined(residuals[t]);
    feeds[`target${frameSuffix(t)}`] = joined(targets[t]);
  }
  return feeds;
}

describe('unrolled passes', () => {
  it('give the features of running the network frame after frame with warpFeatures between', async () => {
    const images = fields.map((frame) =>
      frame.map(() => Uint8Array.from({ length: 3 * size.height * size.width }, () => random() * 256)),
    );
    const description = nonKeyFrameNetwork('mobilenet-v1', 11, 2);
    const weights = randomWeights(description, seededRandom(1));
    const inference = await GraphSession.open(inferenceGraph(description, weights, size.height, size.width), {
      threads: 2,
    });
    const contexts: Float32Array[] = [];
    let consistency = 0;
    for (let sample = 0; sample < BATCH; sample++) {
      let carried = previous[sample];
      for (let t = 0; t < FRAMES; t++) {
        const warped = warpFeatures(carried, channels, fields[t][sample]);
        const results = await inference.run({
          image: images[t][sample],
          warped,
          residual: residuals[t][sample],
        });
        carried = (results.context as Float32Array).slice();
        consistency += meanSquare(carried, targets[t][sample]) / (BATCH * FRAMES);
      }
      contexts.push(carried);
    }

    const step = nonKeyStepGraph(config, 11);
    const session = await GraphSession.open(step.graph, { threads: 2 });
    const feeds: Record<string, Float32Array | Uint8Array> = {
      ...commonFeeds(),
      labelWeights: new Float32Array(256).fill(1),
    };
    for (let t = 0; t < FRAMES; t++) {
      feeds[`image${frameSuffix(t)}`] = joined(images[t]);
      feeds[`labels${frameSuffix(t)}`] = new Uint8Array(BATCH * size.height * size.width);
    }
    const results = await runStep(session, step, freshState(weights), feeds, 1e-3);
    expect(Number(results.consistency[0])).toBeCloseTo(consistency, 4);
    const actual = results.context as Float32Array;
    const scale = Math.max(...contexts.map((c) => Math.max(...c.map(Math.abs))));
    const expected = joined(contexts);
    const worst = actual.reduce((most, v, i) => Math.max(most, Math.abs(v - expected[i])), 0);
    expect(worst / scale).toBeLessThan(1e-4);
    await Promise.all([session.close(), inference.close()]);
  });

  it('train the correction stage: the loss of the recurrence as run frame by frame, falling at every step', async () => {
    const spatial = fields.map((frame) => frame.map(() => values(contextSize)));
    const feeds = commonFeeds();
    for (let t = 0; t < FRAMES; t++) feeds[`spatial${frameSuffix(t)}`] = joined(spatial[t]);
    const description = correctionNetwork(2, { cfr: true, rga: true });
    const weights = randomWeights(description, seededRandom(8));
    const network = await GraphSession.open(inferenceGraph(description, weights, size.height, size.width), {
      threads: 2,
    });
    let loss = 0;
    for (let sample = 0; sample < BATCH; sample++) {
      let carried = previous[sample];
      for (let t = 0; t < FRAMES; t++) {
        const { context } = await network.run({
          warped: warpFeatures(carried, channels, fields[t][sample]),
          spatial: spatial[t][sample],
          residual: residuals[t][sample],
        });
        carried = (context as Float32Array).slice();
        loss += meanSquare(carried, targets[t][sample]) / (BATCH * FRAMES);
      }
    }
    await network.close();

    const step = correctionStepGraph(config);
    const session = await GraphSession.open(step.graph, { threads: 2 });
    const state = freshState(weights);
    const losses: number[] = [];
    for (let i = 0; i < 12; i++)
      losses.push(Number((await runStep(session, step, state, feeds, 1e-3)).loss[0]));
    expect(losses[0]).toBeCloseTo(loss, 4);
    for (const [i, value] of losses.slice(1).entries()) expect(value).toBeLessThan(losses[i]);
    await session.close();
  });
});
