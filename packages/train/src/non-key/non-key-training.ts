/** Step 2: trains the non-key-frame CNN, the key-frame CNN fixed (Secs. 4.4.3, 5.1.2). */

import { gridSize } from '@twnet/core/motion/grid';
import type { NetworkDescription } from '@twnet/core/network/description';
import { CONTEXT } from '@twnet/core/network/key-frame';
import { nonKeyFrameNetwork } from '@twnet/core/network/non-key-frame';
import { randomWeights } from '@twnet/core/network/random-weights';
import type { Weights } from '@twnet/core/network/safetensors';
import type { Parameter } from '@twnet/core/network/shapes';
import type { Model } from '@twnet/node/model/model';
import type { NonKeyConfig } from '../config/config.js';
import { nonKeyFrameObjective } from '../graph/objectives.js';
import { type ParameterRule, type StepGraph, stepGraph } from '../graph/step-graph.js';
import { unroll } from '../graph/unrolled.js';
import { parameterRule } from '../key/key-training.js';
import { copyShared } from '../run/initial-weights.js';
import { factoriseTail } from './low-rank-tail.js';

export function nonKeyDescription(config: NonKeyConfig, classes: number): NetworkDescription {
  const { backbone, layer, cfr, rga, tailRank } = config;
  return nonKeyFrameNetwork(backbone, classes, layer, { cfr, rga: cfr && rga }, tailRank);
}

/** The attention starts almost closed where motion explains the picture, and opens with the residual: */
const ATTENTION_BIAS = -2;
/** its input rises by this much for every unit of the scaled residual (16 grey levels) all around. */
const ATTENTION_SLOPE = 3;

/**
 * Head and tail layers start from the key-frame CNN's parameters. The rectification starts at zero, which is plain
 * warping: whatever it adds is added again at every frame, so that even a small random start grows over a group of
 * pictures into an error far above the warp's own. The attention starts as the guide it is meant to be (Sec. 4.3.2),
 * 0.12 where there is no residual, 0.73 at 16 grey levels; from random weights it is as often the reverse.
 *
 * @param from a non-key-frame network that is trained further: what it has by the same name and shape
 */
export function nonKeyStart(
  config: NonKeyConfig,
  model: Model,
  random: () => number,
  from?: Weights,
): Weights {
  const weights = randomWeights(nonKeyDescription(config, model.classes), random);
  copyShared(weights, factoriseTail(model.keyFrame(config.layer).weights, config.tailRank));
  weights.get('cfr.weight')?.data.fill(0);
  openAttention(weights);
  if (from) copyShared(weights, factoriseTail(from, config.tailRank));
  return weights;
}

/** Attention as the guide it is meant to be, see {@link nonKeyStart}. */
export function openAttention(weights: Weights): void {
  const attention = weights.get('attention.weight')?.data;
  attention?.fill(ATTENTION_SLOPE / attention.length);
  weights.get('attention.bias')?.data.fill(ATTENTION_BIAS);
}

function nonKeyRule(config: NonKeyConfig): (parameter: Parameter) => ParameterRule {
  const rule = parameterRule(config);
  return (parameter) => {
    const { rateFactor, weightDecay } = rule(parameter);
    const correction = parameter.module === 'CFR' || parameter.module === 'RGA';
    const factor = correction ? config.correctionRateFactor : rateFactor * config.layersRateFactor;
    return { rateFactor: factor, weightDecay };
  };
}

/** Context features of a frame: channels, rows, columns. */
export function contextShape({
  layer,
  size,
}: NonKeyConfig): [channels: number, rows: number, columns: number] {
  const { channels, stride } = CONTEXT[layer];
  return [channels, ...Object.values(gridSize(size.width, size.height, stride))] as [number, number, number];
}

/** One step of step 2 as a graph: `config.unroll` frames; batch norm keeps the key-frame CNN's statistics. */
export function nonKeyStepGraph(config: NonKeyConfig, classes: number): StepGraph {
  const { batch, size, consistencyWeight } = config;
  const description = nonKeyDescription(config, classes);
  return stepGraph(description, { rule: nonKeyRule(config) }, (tape, parameters) => {
    const options = { batch, ...size, frames: config.unroll, context: contextShape(config), parameters };
    const frames = unroll(tape, description, options);
    return nonKeyFrameObjective(tape, frames, size, consistencyWeight, config.jaccardWeight);
  });
}
