/**
 * The correction stage's own training: φ_r and φ_a alone, on L_consist over whole clips, differentiated through
 * the warps (back-propagation through time). One frame at a time, φ_r never learns that what it adds is carried
 * on, and its errors grow with the distance from the key frame.
 */

import { inferenceGraph } from '@twnet/core/network/inference-graph';
import { CONTEXT } from '@twnet/core/network/key-frame';
import { correctionNetwork, nonKeyFrameNetwork, SPATIAL } from '@twnet/core/network/non-key-frame';
import { randomWeights } from '@twnet/core/network/random-weights';
import type { Weights } from '@twnet/core/network/safetensors';
import { GraphSession } from '@twnet/node/engine/session';
import type { NonKeyConfig } from '../config/config.js';
import { consistencyLoss } from '../graph/objectives.js';
import { type StepGraph, stepGraph } from '../graph/step-graph.js';
import { unroll } from '../graph/unrolled.js';
import { copyShared } from '../run/initial-weights.js';
import { type TrainingProgress, trainingLoop } from '../run/loop.js';
import { RunFolder } from '../run/run-folder.js';
import { freshState, runStep } from '../run/state.js';
import { shippedWeights } from '../run/weight-average.js';
import type { ClipProvider } from './clip-slots.js';
import type { ContextTeacher } from './context-teacher.js';
import { CorrectionPool } from './correction-pool.js';
import { contextShape } from './non-key-training.js';

export interface CorrectionTraining {
  readonly config: NonKeyConfig;
  readonly classes: number;
  /** Run folder of this part. */
  readonly out: string;
  readonly resume: boolean;
  readonly threads?: number;
  readonly progress: TrainingProgress;
  readonly signal?: AbortSignal;
  /** The non-key-frame network's weights at the start. */
  readonly start: Weights;
  readonly teacher: ContextTeacher;
  readonly clips: ClipProvider;
}

/** One step as a graph. Feeds: see {@link CorrectionPool}. */
export function correctionStepGraph(config: NonKeyConfig): StepGraph {
  const { layer, rga, correction } = config;
  const { stride } = CONTEXT[layer];
  const [channels, rows, columns] = contextShape(config);
  const context = [
    channels,
    Math.min(rows, correction.window.rows),
    Math.min(columns, correction.window.columns),
  ] as const;
  const description = correctionNetwork(layer, { cfr: true, rga });
  const rule = () => ({ rateFactor: 1, weightDecay: 0 });
  return stepGraph(description, { rule, clipNorm: correction.clipNorm }, (tape, parameters) => {
    const frames = unroll(tape, description, {
      height: context[1] * stride,
      width: context[2] * stride,
      batch: correction.batch,
      frames: correction.unroll,
      context,
      parameters,
    });
    return { loss: consistencyLoss(tape, frames) };
  });
}

/** Trains; gives φ_r's and φ_a's weights. */
export async function trainCorrection(options: CorrectionTraining): Promise<Weights> {
  const { config, threads, progress, signal, start, teacher } = options;
  const { layer, size, rga, correction, seed } = config;
  await using folder = await RunFolder.open(options.out, config, options.resume);
  const weights = randomWeights(correctionNetwork(layer, { cfr: true, rga }), () => 0.5);
  copyShared(weights, start);
  const state = (options.resume && (await folder.resumedState())) || freshState(weights);
  const step = correctionStepGraph(config);
  await using session = await GraphSession.open(step.graph, { threads });
  await using spatial = await openSpatial(options);
  const features = async (pixels: Uint8Array) =>
    (await spatial.run({ image: pixels })).spatial as Float32Array;
  const pool = new CorrectionPool(options.clips, teacher, features, {
    ...correction,
    ...size,
    seed,
    stride: CONTEXT[config.layer].stride,
  });
  if (state.step < correction.steps)
    progress.note(
      `correction stage: ${correction.steps} steps on the features of ${correction.pool} clips at a time`,
    );
  await trainingLoop({
    config: { ...config, ...correction, validateEvery: 0 },
    state,
    folder,
    progress,
    signal,
    run: async (rate) => runStep(session, step, state, await pool.batch(state.step), rate),
    validate: async () => ({}),
  });
  return shippedWeights(state);
}

/** The non-key-frame network up to the spatial features f_t. */
async function openSpatial({ config, classes, start, threads }: CorrectionTraining): Promise<GraphSession> {
  const full = nonKeyFrameNetwork(config.backbone, classes, config.layer);
  const description = { ...full, outputs: { spatial: SPATIAL } };
  const graph = inferenceGraph(description, start, config.size.height, config.size.width);
  return GraphSession.open(graph, { threads });
}
