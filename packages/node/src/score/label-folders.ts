/** A folder of predicted label maps beside a folder of true ones. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type ClassTable, IGNORE_LABEL } from '@twnet/core/classes';
import { InputError } from '@twnet/core/errors';
import { loadLabels } from '../images/label-image.js';
import { readLabelsHead } from '../output/labels-file.js';

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
  const predicted = await listPngs(predictions);
  const expected = await listPngs(truth);
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
 * Checks that predictions which `twnet segment` wrote are of a table's classes, as far as their `labels.json` says.
 *
 * @throws InputError
 */
export async function checkPredictedClasses(folder: string, { name, classes }: ClassTable): Promise<void> {
  const said = await readLabelsHead(folder);
  if (!said || said.classes.length === classes.length) return;
  const names = said.classes.map((each) => each.name).join(', ');
  throw new InputError(
    `${folder}: its labels.json says that the labels are of ${said.classes.length} classes (${names}), ${name} has ${classes.length}; score labels of all of a table's classes (--classes)`,
  );
}

/** The label maps of a pair, checked. */
export interface LoadedPair {
  readonly width: number;
  readonly height: number;
  readonly prediction: Uint8Array;
  /** 0 to classes − 1, or 255. */
  readonly truth: Uint8Array;
}

/**
 * Reads a pair.
 *
 * @param table the classes; for CamVid the true label 11 (void in SegNet's files) is ignored as 255 is
 * @throws InputError when a file cannot be read, sizes differ, or the true labels hold an unknown class
 */
export async function loadLabelPair(pair: LabelPair, table: ClassTable): Promise<LoadedPair> {
  const [prediction, truth] = await Promise.all([
    loadLabels(pair.prediction, table.palette),
    loadLabels(pair.truth, table.palette),
  ]);
  const { width, height } = truth;
  if (prediction.width !== width || prediction.height !== height) {
    throw new InputError(
      `${pair.prediction} is ${prediction.width}×${prediction.height} but ${pair.truth} is ${width}×${height}; label maps are scored at one size`,
    );
  }
  const unknown = maskVoid(truth.labels, table);
  if (unknown !== undefined) {
    throw new InputError(
      `${pair.truth} holds the label ${unknown}; ${table.name} has 0 to ${table.classes.length - 1}, and 255 for pixels that are not scored`,
    );
  }
  return { width, height, prediction: prediction.labels, truth: truth.labels };
}

/** Turns CamVid's void into the ignored label, in place; gives a label that the table does not have. */
function maskVoid(labels: Uint8Array, { name, classes }: ClassTable): number | undefined {
  const count = classes.length;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (label < count || label === IGNORE_LABEL) continue;
    if (name !== 'camvid' || label !== count) return label;
    labels[i] = IGNORE_LABEL;
  }
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
