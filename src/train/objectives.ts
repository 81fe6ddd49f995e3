/** The losses of the two training steps (Sec. 4.4.3). */
import type { Value } from '../graph/graph.js';
import { add, scale } from '../graph/operators/elementwise.js';
import { meanSquaredError, softmaxCrossEntropy } from '../graph/operators/losses.js';
import { enlargeMatrix, resample } from '../graph/operators/resample.js';
import type { Tape } from '../graph/tape.js';
import type { StepObjective } from './step-graph.js';

/** Stride of the class scores. */
const SCORE_STRIDE = 4;

/**
 * L_cls: softmax cross-entropy at full size. Declares the inputs `labels` [N, H, W] (uint8, 255 ignored) and
 * `labelWeights` [256] (weight of each label value, 0 where ignored).
 */
export function classificationLoss(tape: Tape, scores: Value, height: number, width: number): Value {
  const { graph } = tape;
  const labels = graph.input('labels', [scores.shape[0], height, width], 'uint8');
  const weights = graph.input('labelWeights', [256]);
  const full = tape.apply(resample, [scores], {
    rows: enlargeMatrix(scores.shape[2], SCORE_STRIDE, height),
    columns: enlargeMatrix(scores.shape[3], SCORE_STRIDE, width),
  });
  return tape.apply(softmaxCrossEntropy, [full, labels, weights], undefined);
}

/**
 * L = L_cls + λ1 · L_consist (Eq. 8; λ0 · L_reg acts in the optimiser). L_consist is the mean squared
 * difference between the corrected context feature and the key-frame CNN's, fed as `target`.
 */
export function nonKeyFrameObjective(
  tape: Tape,
  outputs: Readonly<Record<string, Value>>,
  size: { height: number; width: number },
  consistencyWeight: number,
): StepObjective {
  const classification = classificationLoss(tape, outputs.scores, size.height, size.width);
  const target = tape.graph.input('target', outputs.context.shape);
  const consistency = tape.apply(meanSquaredError, [outputs.context, target], undefined);
  const reported = { classification, consistency, context: outputs.context };
  if (consistencyWeight === 0)
    return { loss: classification, reported: { consistency, context: outputs.context } };
  const weighted = tape.apply(scale, [consistency], { factor: consistencyWeight });
  return { loss: tape.apply(add, [classification, weighted], undefined), reported };
}
