/** Weights of label values in the loss. */

/** Keeps the weight of the rarest class within a few times that of the commonest (ENet's c is 1.02). */
const FREQUENCY_FLOOR = 1.1;

/**
 * The table for `softmaxCrossEntropy`: 256 entries, 0 for every value that is not a class.
 *
 * @param kind 'none': all alike; 'log': 1 / ln(1.1 + share of the class among the labelled pixels) (Paszke et al.
 *   2016, ENet)
 */
export function labelWeights(
  kind: 'none' | 'log',
  classes: number,
  labels: Iterable<Uint8Array>,
): Float32Array {
  const table = new Float32Array(256).fill(1, 0, classes);
  if (kind === 'none') return table;
  const pixels = new Float64Array(256);
  for (const map of labels) for (let i = 0; i < map.length; i++) pixels[map[i]] += 1;
  const counts = pixels.subarray(0, classes);
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total > 0) table.set(counts.map((count) => 1 / Math.log(FREQUENCY_FLOOR + count / total)));
  return table;
}
