/** What a data set holds and what is wrong with it. */

import { IGNORE_LABEL } from '@twnet/core/classes';
import { InputError } from '@twnet/core/errors';
import { loadStill } from '../camvid.js';
import { EVALUATION_CLIP_LENGTH, TRAINING_CLIP_LENGTH } from './clips.js';
import type { DataSet, Split } from './data-set.js';
import type { LabelledStill } from './history.js';

export interface SplitReport {
  readonly split: Split;
  /** Labelled stills that can be used. */
  readonly usable: number;
  /** Labelled stills on disk. */
  readonly stills: number;
  /** Pictures whose labels are not published. */
  readonly unlabelled: number;
  /** Stills of each size, `960×720`. */
  readonly sizes: Readonly<Record<string, number>>;
  /** Stills with the frame before them, and with the eleven before them that the evaluation takes. */
  readonly pairs: number;
  readonly clips: number;
}

export interface DataSetReport {
  readonly kind: string;
  readonly folder: string;
  readonly splits: readonly SplitReport[];
  /** Labelled pixels of each class, over all splits. */
  readonly classes: readonly { readonly name: string; readonly pixels: number }[];
  readonly ignoredPixels: number;
  readonly faultCount: number;
  /** The first ten, a line each. */
  readonly faults: readonly string[];
}

const LISTED_FAULTS = 10;
/** Stills read at a time. */
const AT_ONCE = 4;

/** Counts faults and keeps the first of them. */
class Faults {
  readonly first: string[] = [];
  count = 0;

  add(fault: string): void {
    this.count++;
    if (this.first.length < LISTED_FAULTS) this.first.push(fault);
  }
}

/**
 * Reads every labelled still of every split, a few at a time.
 *
 * @param onStill called after each still with how many are done, of how many
 */
export async function checkDataSet(
  dataSet: DataSet,
  onStill?: (done: number, total: number) => void,
): Promise<DataSetReport> {
  const faults = new Faults();
  const pixels = new Float64Array(256);
  const listings = [];
  for (const split of dataSet.splits) listings.push({ split, ...(await dataSet.list(split)) });
  const total = listings.reduce((sum, { stills }) => sum + stills.length, 0);
  let done = 0;
  const splits: SplitReport[] = [];
  for (const { split, stills, unpaired, unlabelled = [] } of listings) {
    for (const path of unpaired) faults.add(`${path}: has no partner`);
    if (stills.length + unpaired.length + unlabelled.length === 0)
      faults.add(`${dataSet.folder}: its split '${split}' is empty`);
    const sizes: Record<string, number> = {};
    for (let i = 0; i < stills.length; i += AT_ONCE) {
      const some = stills.slice(i, i + AT_ONCE);
      for (const size of await Promise.all(some.map((still) => measure(still, pixels, faults))))
        if (size !== undefined) sizes[size] = (sizes[size] ?? 0) + 1;
      done += some.length;
      onStill?.(done, total);
    }
    const usable = Object.values(sizes).reduce((sum, count) => sum + count, 0);
    const pairs = await countClips(dataSet, stills, TRAINING_CLIP_LENGTH);
    const clips = await countClips(dataSet, stills, EVALUATION_CLIP_LENGTH);
    splits.push({
      split,
      stills: stills.length,
      usable,
      unlabelled: unlabelled.length,
      sizes,
      pairs,
      clips,
    });
  }
  return {
    kind: dataSet.kind,
    folder: dataSet.folder,
    splits,
    classes: dataSet.classes.classes.map((name, id) => ({ name, pixels: pixels[id] })),
    ignoredPixels: pixels[IGNORE_LABEL],
    faultCount: faults.count,
    faults: faults.first,
  };
}

/** Counts a still's labels into `pixels`; gives its size, or a fault. */
async function measure(
  file: LabelledStill,
  pixels: Float64Array,
  faults: Faults,
): Promise<string | undefined> {
  try {
    const { labels, width, height } = await loadStill(file);
    for (let i = 0; i < labels.length; i++) pixels[labels[i]]++;
    return `${width}×${height}`;
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    faults.add(error.message);
    return undefined;
  }
}

async function countClips(
  { history }: DataSet,
  stills: readonly LabelledStill[],
  length: number,
): Promise<number> {
  let count = 0;
  for (const still of stills) if (await history?.locate(still, length)) count++;
  return count;
}
