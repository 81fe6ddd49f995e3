import { IGNORE_LABEL } from '../classes.js';

/** Rows and columns that every label value maps to while counting. */
type Bins = Int32Array;

/**
 * Counts of (true class, predicted class) over the pixels of a whole data set, as cityscapesScripts keeps
 * them: pixels whose true label is ignored are left out; a prediction that is no class (ignored, or an id
 * outside the table) counts as a miss of the true class and as a false alarm of none.
 */
export class ConfusionMatrix {
  readonly classes: number;
  /**
   * `classes × (classes + 1)`, row-major: one row a true class, one column a predicted class, the last column
   * for predictions that are no class. Doubles count exactly up to 2⁵³ pixels.
   */
  readonly counts: Float64Array;
  readonly #columnOf: Bins;
  readonly #rowOf: Bins;
  /** Counts of one picture: a scratch row each for ignored and for impossible true labels. */
  readonly #scratch: Int32Array;

  constructor(classes: number) {
    this.classes = classes;
    this.counts = new Float64Array(classes * (classes + 1));
    const columns = classes + 1;
    this.#columnOf = new Int32Array(256).map((_, label) => Math.min(label, classes));
    this.#rowOf = new Int32Array(256).map((_, label) => (label < classes ? label : classes + 1) * columns);
    this.#rowOf[IGNORE_LABEL] = classes * columns;
    this.#scratch = new Int32Array((classes + 2) * columns);
  }

  /**
   * Adds one picture.
   *
   * @param prediction one label a pixel
   * @param truth likewise, 0 to classes − 1 or 255
   * @throws RangeError when the lengths differ or `truth` holds another label; nothing is counted then.
   */
  add(prediction: Uint8Array, truth: Uint8Array): void {
    if (prediction.length !== truth.length) {
      throw new RangeError(`${prediction.length} predicted labels for ${truth.length} pixels`);
    }
    const scratch = this.#scratch.fill(0);
    const rowOf = this.#rowOf;
    const columnOf = this.#columnOf;
    for (let i = 0; i < truth.length; i++) scratch[rowOf[truth[i]] + columnOf[prediction[i]]]++;

    const columns = this.classes + 1;
    for (let i = (this.classes + 1) * columns; i < scratch.length; i++) {
      if (scratch[i] > 0) throw new RangeError(`the true labels hold an id outside 0 to ${this.classes - 1}`);
    }
    for (let i = 0; i < this.counts.length; i++) this.counts[i] += scratch[i];
  }

  /** Adds another matrix's counts to this one's, `times` times. */
  merge(other: ConfusionMatrix, times = 1): void {
    if (other.classes !== this.classes) throw new RangeError('confusion matrices of different classes');
    for (let i = 0; i < this.counts.length; i++) this.counts[i] += times * other.counts[i];
  }

  /** Pixels of true class `truth` predicted as `prediction`; `prediction = classes` counts those that are no class. */
  at(truth: number, prediction: number): number {
    return this.counts[truth * (this.classes + 1) + prediction];
  }
}
