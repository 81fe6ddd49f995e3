/** The losses of the two training steps (Sec. 4.4.3). */
import { sizeOf, type Value } from '@twnet/core/graph/graph';
import { scoreStride } from '@twnet/core/network/label-output';
import { add, scale } from './gradients/elementwise.js';
import { enlarge } from './gradients/resampling.js';
import { softmaxCrossEntropy } from './losses/cross-entropy.js';
import { softJaccard } from './losses/soft-jaccard.js';
import type { StepObjective } from './step-graph.js';
import type { Differentiable, Tape } from './tape.js';
import { frameSuffix } from './unrolled.js';

/**
 * L_cls: softmax cross-entropy at full size. Declares the inputs `labels` [N, H, W] (uint8, 255 ignored) and
 * `labelWeights` [256] (weight of each label value, 0 where ignored).
 *
 * @param jaccardWeight of the soft Jaccard loss beside it
 */
export function classificationLoss(
  tape: Tape,
  scores: Value,
  height: number,
  width: number,
  jaccardWeight = 0,
): Value {
  const labels = tape.graph.input('labels', [scores.shape[0], height, width], 'uint8');
  return crossEntropyAtFullSize(tape, scores, labels, tape.graph.input('labelWeights', [256]), jaccardWeight);
}

function crossEntropyAtFullSize(
  tape: Tape,
  scores: Value,
  labels: Value,
  weights: Value,
  jaccardWeight: number,
): Value {
  const [, height, width] = labels.shape;
  const stride = scoreStride(scores.shape, height, width);
  const full = tape.apply(enlarge, [scores], { factor: stride, rows: height, columns: width });
  const inputs = [full, labels, weights];
  const crossEntropy = tape.apply(softmaxCrossEntropy, inputs, undefined);
  if (jaccardWeight === 0) return crossEntropy;
  const jaccard = tape.apply(scale, [tape.apply(softJaccard, inputs, undefined)], { factor: jaccardWeight });
  return tape.apply(add, [crossEntropy, jaccard], undefined);
}

/**
 * L = L_cls + λ1 · L_consist (Eq. 8; λ0 · L_reg acts in the optimiser), each a mean over the frames of a window.
 * Declares `labels.<t>`, `labelWeights`, and `target.<t>`, the key-frame CNN's own context feature.
 */
export function nonKeyFrameObjective(
  tape: Tape,
  frames: readonly Readonly<Record<string, Value>>[],
  { height, width }: { height: number; width: number },
  consistencyWeight: number,
  jaccardWeight = 0,
): StepObjective {
  const weights = tape.graph.input('labelWeights', [256]);
  const classification = meanOf(
    tape,
    frames.map(({ scores }, t) => {
      const labels = tape.graph.input(`labels${frameSuffix(t)}`, [scores.shape[0], height, width], 'uint8');
      return crossEntropyAtFullSize(tape, scores, labels, weights, jaccardWeight);
    }),
  );
  const consistency = consistencyLoss(tape, frames);
  const { context } = frames[frames.length - 1];
  const reported = { consistency, context };
  if (consistencyWeight === 0) return { loss: classification, reported };
  const weighted = tape.apply(scale, [consistency], { factor: consistencyWeight });
  return {
    loss: tape.apply(add, [classification, weighted], undefined),
    reported: { classification, ...reported },
  };
}

/**
 * L_consist: the mean squared difference between the corrected context features and the key-frame CNN's, which it
 * declares as `target.<t>`.
 */
export function consistencyLoss(tape: Tape, frames: readonly Readonly<Record<string, Value>>[]): Value {
  const terms = frames.map(({ context }, t) => {
    const target = tape.graph.input(`target${frameSuffix(t)}`, context.shape);
    return tape.apply(meanSquaredError, [context, target], undefined);
  });
  return meanOf(tape, terms);
}

function meanOf(tape: Tape, terms: readonly Value[]): Value {
  const sum = terms.reduce((a, b) => tape.apply(add, [a, b], undefined));
  return terms.length === 1 ? sum : tape.apply(scale, [sum], { factor: 1 / terms.length });
}

/** Mean of (a − b)² over all elements; no gradient flows into b (a fixed target). */
export const meanSquaredError: Differentiable = {
  name: 'meanSquaredError',
  forward(graph, [a, b]) {
    const difference = graph.node('Sub', [a, b]);
    const squares = graph.node('Mul', [difference, difference]);
    const output = graph.reduce('ReduceMean', squares);
    return { output, saved: [difference] };
  },
  gradient({ graph, inputs: [a], saved: [difference], gradient }) {
    const factor = graph.node('Mul', [gradient, graph.scalar(2 / sizeOf(a.shape))]);
    return [graph.node('Mul', [difference, factor])];
  },
};
