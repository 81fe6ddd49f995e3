/** Scoring a folder of predicted label maps against a folder of true ones. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type ClassTable, IGNORE_LABEL } from '../data/classes.js';
import { type LabelMap, loadLabels } from '../data/images.js';
import { InputError } from '../errors.js';
import { ConfusionMatrix } from './confusion.js';

/** A predicted label map and the true one. */
export interface LabelPair {
  readonly prediction: string;
  readonly truth: string;
}

export interface LabelPairs {
  readonly pairs: readonly LabelPair[];
  /** Whether the file names agreed, or the files were paired by their sorted order. */
  readonly by: 'name' | 'order';
}

/**
 * Pairs the PNGs of two folders: by name where all names agree, by sorted order where none does.
 *
 * @throws InputError when a folder cannot be read, holds no PNG, the counts differ, or only some names agree.
 */
export async function pairLabelFolders(predictions: string, truth: string): Promise<LabelPairs> {
  const [predicted, expected] = await Promise.all([listPngs(predictions), listPngs(truth)]);
  if (predicted.length !== expected.length) {
    throw new InputError(
      `${predictions} holds ${predicted.length} PNGs and ${truth} ${expected.length}; give two folders with one label map a picture each`,
    );
  }
  const known = new Set(expected);
  const shared = predicted.filter((name) => known.has(name)).length;
  if (shared > 0 && shared < predicted.length) {
    const odd = predicted.find((name) => !known.has(name));
    throw new InputError(
      `${predictions} and ${truth} share only some of their file names (${odd} is not in the second); name all alike, or none to pair them in sorted order`,
    );
  }
  const pairs = predicted.map((name, i) => ({
    prediction: join(predictions, name),
    truth: join(truth, expected[i]),
  }));
  return { pairs, by: shared > 0 ? 'name' : 'order' };
}

/**
 * Scores predicted label maps against true ones, in one confusion matrix.
 *
 * @param table the classes; for CamVid the true label 11 (void in SegNet's files) is ignored as 255 is
 * @param onPicture called after each picture with how many are done
 * @throws InputError when a file cannot be read, sizes differ, or true labels hold an unknown class.
 */
export async function scoreLabelPairs(
  pairs: readonly LabelPair[],
  table: ClassTable,
  onPicture?: (done: number) => void,
): Promise<ConfusionMatrix> {
  const matrix = new ConfusionMatrix(table.classes.length);
  for (const [index, pair] of pairs.entries()) {
    const [prediction, truth] = await Promise.all([loadLabels(pair.prediction), loadLabels(pair.truth)]);
    scorePair(matrix, table, pair, prediction, truth);
    onPicture?.(index + 1);
  }
  return matrix;
}

function scorePair(
  matrix: ConfusionMatrix,
  table: ClassTable,
  pair: LabelPair,
  prediction: LabelMap,
  truth: LabelMap,
): void {
  if (prediction.width !== truth.width || prediction.height !== truth.height) {
    throw new InputError(
      `${pair.prediction} is ${prediction.width}×${prediction.height} but ${pair.truth} is ${truth.width}×${truth.height}; label maps are scored at one size`,
    );
  }
  if (table.name === 'camvid') ignoreLabel(truth.labels, table.classes.length);
  try {
    matrix.add(prediction.labels, truth.labels);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const id = truth.labels.find((label) => label >= table.classes.length && label !== IGNORE_LABEL);
    throw new InputError(
      `${pair.truth} holds the label ${id}; ${table.name} has 0 to ${table.classes.length - 1}, and 255 for pixels that are not scored`,
    );
  }
}

/** Turns `label` into the ignored label, in place. */
function ignoreLabel(labels: Uint8Array, label: number): void {
  for (let i = 0; i < labels.length; i++) if (labels[i] === label) labels[i] = IGNORE_LABEL;
}

/** Sorted names of the PNGs of a folder. */
async function listPngs(folder: string): Promise<string[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const reason =
      code === 'ENOENT' ? 'does not exist' : code === 'ENOTDIR' ? 'is not a folder' : 'cannot be read';
    throw new InputError(`${folder} ${reason}; give a folder of 8-bit label PNGs`);
  }
  const pngs = names.filter((name) => !name.startsWith('.') && name.toLowerCase().endsWith('.png')).sort();
  if (pngs.length === 0)
    throw new InputError(`${folder} holds no PNG files; give a folder of 8-bit label PNGs`);
  return pngs;
}
