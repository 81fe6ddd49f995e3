/** Weights of label values in the loss. */

/** Keeps the weight of the rarest class within a few times that of the commonest (ENet's rule with c = 1.1). */
const FREQUENCY_FLOOR = 1.1;

/**
 * The table for `softmaxCrossEntropy`: 256 entries, 0 for every value that is not a class.
 * 'log' weighs class k by 1 / ln(c + share of k among the labelled pixels).
 */
export function labelWeights(
  kind: 'none' | 'log',
  classes: number,
  labels: Iterable<Uint8Array>,
): Float32Array {
  const table = new Float32Array(256);
  if (kind === 'none') return table.fill(1, 0, classes);
  const counts = new Float64Array(256);
  for (const map of labels) for (let i = 0; i < map.length; i++) counts[map[i]] += 1;
  const labelled = counts.subarray(0, classes).reduce((sum, count) => sum + count, 0);
  if (labelled === 0) return table.fill(1, 0, classes);
  for (let k = 0; k < classes; k++) table[k] = 1 / Math.log(FREQUENCY_FLOOR + counts[k] / labelled);
  return table;
}
