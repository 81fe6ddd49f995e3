/** Step 2: trains the non-key-frame CNN, the key-frame CNN fixed (Secs. 4.4.3, 5.1.2). */

import type { NetworkDescription } from '../network/description.js';
import { CONTEXT } from '../network/key-frame.js';
import type { Model } from '../network/model.js';
import { nonKeyFrameNetwork } from '../network/non-key-frame.js';
import type { Weights } from '../network/safetensors.js';
import type { NonKeyConfig } from './config.js';
import { copyShared, randomWeights } from './initial-weights.js';
import { parameterRule } from './key-training.js';
import { nonKeyFrameObjective } from './objectives.js';
import { type StepGraph, trainingStepGraph } from './step-graph.js';

/** The correction starts near zero, so that training starts from plain warping. */
const RECTIFICATION_START = 0.1;

export function nonKeyDescription(config: NonKeyConfig, classes: number): NetworkDescription {
  const { backbone, layer, cfr, rga } = config;
  return nonKeyFrameNetwork(backbone, classes, layer, { cfr, rga: cfr && rga });
}

/** Head and tail layers start from the key-frame CNN's parameters, the correction stage at random, small. */
export function nonKeyStart(config: NonKeyConfig, model: Model, random: () => number): Weights {
  const weights = randomWeights(nonKeyDescription(config, model.classes), random);
  copyShared(weights, model.keyFrame(config.layer).weights);
  const rectification = weights.get('cfr.weight');
  if (rectification) {
    const data = rectification.data.map((value) => value * RECTIFICATION_START);
    weights.set('cfr.weight', { shape: rectification.shape, data });
  }
  return weights;
}

/** One step of step 2 as a graph; batch norm keeps the key-frame CNN's statistics. */
export function nonKeyStepGraph(config: NonKeyConfig, classes: number): StepGraph {
  const { batch, size, consistencyWeight } = config;
  const options = { batch, ...size, norm: 'frozen' as const, rule: parameterRule(config) };
  return trainingStepGraph(nonKeyDescription(config, classes), options, (tape, outputs) =>
    nonKeyFrameObjective(tape, outputs, size, consistencyWeight),
  );
}

export const contextOf = (config: NonKeyConfig) => CONTEXT[config.layer];
