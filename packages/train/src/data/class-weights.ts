/** Weights of label values in the loss. */

/** Keeps the weight of the rarest class within a few times that of the commonest (ENet's c is 1.02). */
const FREQUENCY_FLOOR = 1.1;

/** Some of what batches are drawn from. */
export interface LabelShare {
  /** Of the batches; only the ratios of the shares count. */
  readonly share: number;
  readonly labels: Iterable<Uint8Array>;
}

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
  return mixedLabelWeights(kind, classes, [{ share: 1, labels }]);
}

/** The same where batches are mixed: a class's share among the labelled pixels is that of the mixture. */
export function mixedLabelWeights(
  kind: 'none' | 'log',
  classes: number,
  mixture: readonly LabelShare[],
): Float32Array {
  const table = new Float32Array(256).fill(1, 0, classes);
  if (kind === 'none') return table;
  const frequencies = new Float64Array(classes);
  let shares = 0;
  for (const { share, labels } of mixture) {
    const pixels = new Float64Array(256);
    for (const map of labels) for (let i = 0; i < map.length; i++) pixels[map[i]] += 1;
    const counts = pixels.subarray(0, classes);
    const total = counts.reduce((sum, count) => sum + count, 0);
    if (total === 0) continue;
    shares += share;
    for (const [id, count] of counts.entries()) frequencies[id] += (share * count) / total;
  }
  if (shares > 0) table.set(frequencies.map((each) => 1 / Math.log(FREQUENCY_FLOOR + each / shares)));
  return table;
}
