/** Step 2 for an operating point of a segmenter: its network, where that starts, and one step as a graph. */
import type { Value } from '@twnet/core/graph/graph';
import type { NetworkDescription } from '@twnet/core/network/description';
import {
  PICTURE_STRIDE,
  propagatedFrameNetwork,
  propagatedShape,
} from '@twnet/core/network/propagated-frame';
import { randomWeights } from '@twnet/core/network/random-weights';
import type { Weights } from '@twnet/core/network/safetensors';
import type { Parameter } from '@twnet/core/network/shapes';
import type { PointConfig } from '../../config/point-config.js';
import { add, scale } from '../../graph/gradients/elementwise.js';
import { enlarge } from '../../graph/gradients/resampling.js';
import { softmaxCrossEntropy } from '../../graph/losses/cross-entropy.js';
import { divergence } from '../../graph/losses/divergence.js';
import { meanSquaredError } from '../../graph/objectives.js';
import { type ParameterRule, type StepGraph, type StepObjective, stepGraph } from '../../graph/step-graph.js';
import type { Tape } from '../../graph/tape.js';
import { tapeNetwork } from '../../graph/training-graph.js';
import { copyShared } from '../../run/initial-weights.js';
import { openAttention } from '../non-key-training.js';

/** Pixels of the key frame's picture for each label that is learnt on. */
export const LABEL_STRIDE = 4;

type Design = PointConfig['design'];

export function pointDescription(
  { design }: Pick<PointConfig, 'design'>,
  classes: number,
): NetworkDescription {
  const { propagated, divisor, hidden, cfr, rga } = design;
  return propagatedFrameNetwork(classes, {
    propagated,
    divisor,
    hidden,
    correction: { cfr, rga: cfr && rga },
  });
}

/** Channels, rows and columns of what is propagated. */
export function propagatedGrid(
  { propagated }: Pick<Design, 'propagated'>,
  classes: number,
  { width, height }: { width: number; height: number },
): readonly [channels: number, rows: number, columns: number] {
  const { channels, stride } = propagatedShape(propagated, classes);
  return [channels, Math.ceil(height / stride), Math.ceil(width / stride)];
}

/** Size of the pictures that non-key frames have. */
export function pictureSize({ width, height }: { width: number; height: number }): {
  width: number;
  height: number;
} {
  return { width: Math.ceil(width / PICTURE_STRIDE), height: Math.ceil(height / PICTURE_STRIDE) };
}

/**
 * Every layer that the key-frame network has too starts from its parameters; the last convolution of φ_r at zero; attention
 * as it does for the paper's networks (see {@link openAttention}), by the residual alone: the more of it, the more of what
 * the frame itself shows.
 *
 * @param from a network of such a point that is trained further: what it has by the same name and shape
 */
export function pointStart(
  config: Pick<PointConfig, 'design'>,
  classes: number,
  key: Weights,
  random: () => number,
  from?: Weights,
): Weights {
  const weights = randomWeights(pointDescription(config, classes), random);
  copyShared(weights, key);
  for (const name of ['cfr.weight', 'attention.seen.weight']) weights.get(name)?.data.fill(0);
  openAttention(weights);
  if (from) copyShared(weights, from);
  return weights;
}

/** Layers of the key-frame network that read what was corrected; where scores are propagated, what the frame itself shows. */
const TAIL = new Set(['head.wide', 'classifier']);

/** How fast each parameter learns. */
export function pointRule(config: PointConfig): (parameter: Parameter) => ParameterRule {
  return ({ layer, module, role }) => {
    const correction = module === 'CFR' || module === 'RGA';
    const isTail = config.design.propagated === 'refined' && TAIL.has(layer);
    const factor = isTail ? config.tailRateFactor : config.encoderRateFactor;
    return {
      rateFactor: correction ? 1 : factor,
      weightDecay: role === 'weight' ? config.weightDecay : 0,
    };
  };
}

/**
 * One step as a graph; norms keep the key-frame network's statistics. Feeds: `image`, `warped` and with RGA `residual`,
 * of `batch` frames; `target`, the key-frame network's feature of each clean frame, and `targetScores`, its scores, where
 * those are not the feature; with `labelled` also `labels` [N, height / 4, width / 4] and `labelWeights` [256].
 */
export function pointStepGraph(
  config: PointConfig,
  classes: number,
  labelled: boolean,
  rule = pointRule(config),
): StepGraph {
  const { batch, size, clipNorm } = config;
  const description = pointDescription(config, classes);
  return stepGraph(description, { rule, clipNorm }, (tape, parameters) => {
    const { outputs } = tapeNetwork(tape, description, { batch, ...size, norm: 'frozen', parameters });
    return pointObjective(tape, outputs, config, labelled);
  });
}

function pointObjective(
  tape: Tape,
  { scores, context }: Readonly<Record<string, Value>>,
  config: PointConfig,
  labelled: boolean,
): StepObjective {
  const { graph } = tape;
  const { consistencyWeight, distillationWeight, labelWeight, size, design } = config;
  const target = graph.input('target', context.shape);
  const targetScores = scores === context ? target : graph.input('targetScores', scores.shape);
  const terms: Record<string, [weight: number, loss: Value]> = {
    consistency: [consistencyWeight, tape.apply(meanSquaredError, [context, target], undefined)],
    divergence: [distillationWeight, tape.apply(divergence, [scores, targetScores], undefined)],
  };
  if (labelled && labelWeight > 0) {
    const [rows, columns] = [size.height / LABEL_STRIDE, size.width / LABEL_STRIDE];
    const grid = { factor: rows / scores.shape[2], rows, columns };
    const enlarged = tape.apply(enlarge, [scores], grid);
    const labels = graph.input('labels', [scores.shape[0], rows, columns], 'uint8');
    const inputs = [enlarged, labels, graph.input('labelWeights', [256])];
    terms.classification = [labelWeight, tape.apply(softmaxCrossEntropy, inputs, undefined)];
  }
  const weighted = Object.values(terms)
    .filter(([weight]) => weight > 0)
    .map(([factor, loss]) => tape.apply(scale, [loss], { factor }));
  const loss = weighted.reduce((a, b) => tape.apply(add, [a, b], undefined));
  const reported = Object.fromEntries(Object.entries(terms).map(([name, [, value]]) => [name, value]));
  return { loss, reported: design.accumulated ? reported : { ...reported, context } };
}
