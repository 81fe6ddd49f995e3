/** Weights of label values in the loss. */

export const CLASS_WEIGHTS = ['none', 'log', 'median-frequency', 'class-balanced'] as const;
export type ClassWeights = (typeof CLASS_WEIGHTS)[number];

/** Keeps the weight of the rarest class within a few times that of the commonest (ENet's c is 1.02). */
const FREQUENCY_FLOOR = 1.1;

/** Pixels of each label value over a data set. */
interface LabelCounts {
  /** Pixels by label value. */
  readonly pixels: Float64Array;
  /** Labelled pixels of the pictures in which the value occurs. */
  readonly around: Float64Array;
}

/**
 * The table for `softmaxCrossEntropy`: 256 entries, 0 for every value that is not a class. A class that no label map
 * holds weighs as much as one of average frequency would.
 *
 * - 'log': 1 / ln(1.1 + share of the class among the labelled pixels) (Paszke et al. 2016, ENet)
 * - 'median-frequency': median of all f / f of the class, f its share of the labelled pixels of the pictures it
 *   occurs in (Eigen & Fergus 2015, as SegNet on CamVid)
 * - 'class-balanced': 1 / effective number, (1 − βⁿ) / (1 − β) (Cui et al. 2019), scaled to a mean of 1; the volume
 *   1 / (1 − β) is taken to be the mean number of pixels a class
 */
export function labelWeights(
  kind: ClassWeights,
  classes: number,
  labels: Iterable<Uint8Array>,
): Float32Array {
  const table = new Float32Array(256);
  const counts = kind === 'none' ? undefined : countLabels(classes, labels);
  const total = counts?.pixels.reduce((sum, count) => sum + count, 0) ?? 0;
  if (counts === undefined || total === 0) return table.fill(1, 0, classes);
  table.set(RULES[kind as keyof typeof RULES](counts, total));
  return table;
}

const RULES: Readonly<
  Record<Exclude<ClassWeights, 'none'>, (counts: LabelCounts, total: number) => Float64Array>
> = {
  log: ({ pixels }, total) => pixels.map((count) => 1 / Math.log(FREQUENCY_FLOOR + count / total)),
  'median-frequency': ({ pixels, around }) => {
    const frequencies = pixels.map((count, k) => count / around[k]);
    const present = frequencies.filter((f) => f > 0).sort();
    const median = (present[(present.length - 1) >> 1] + present[present.length >> 1]) / 2;
    return frequencies.map((f) => (f > 0 ? median / f : 1));
  },
  'class-balanced': ({ pixels }, total) => {
    const present = pixels.filter((count) => count > 0).length;
    const volume = Math.max(total / present, 2);
    // 1 − βⁿ without the loss of digits near β = 1.
    const inverse = pixels.map((count) => (count > 0 ? -1 / Math.expm1(count * Math.log1p(-1 / volume)) : 0));
    const mean = inverse.reduce((sum, weight) => sum + weight, 0) / present;
    return inverse.map((weight) => (weight > 0 ? weight / mean : 1));
  },
};

function countLabels(classes: number, labels: Iterable<Uint8Array>): LabelCounts {
  const pixels = new Float64Array(classes);
  const around = new Float64Array(classes);
  for (const map of labels) {
    const here = new Float64Array(256);
    for (let i = 0; i < map.length; i++) here[map[i]] += 1;
    const labelled = here.subarray(0, classes).reduce((sum, count) => sum + count, 0);
    for (let k = 0; k < classes; k++) {
      pixels[k] += here[k];
      if (here[k] > 0) around[k] += labelled;
    }
  }
  return { pixels, around };
}
