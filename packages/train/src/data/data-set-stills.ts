/** The stills of a data set that training learns on and those held out, in memory. */
import { totalmem } from 'node:os';
import { CAMVID, type ClassTable } from '@twnet/core/classes';
import { InputError } from '@twnet/core/errors';
import { loadStill, loadStills, type Still, splitHoldOut } from './camvid.js';
import type { LabelledStill } from './sets/history.js';
import { openDataSet } from './sets/open.js';
import type { Sequences } from './sets/sequence-clip-source.js';

export interface DataSetStills {
  readonly classes: ClassTable;
  /** Of the train split. */
  readonly stills: readonly Still[];
  readonly heldOut: readonly Still[];
  /** For each of `stills` the number of the one that follows it within {@link NEXT_WITHIN} frames of its drive, or −1. */
  readonly next: readonly number[];
  /** The stills' frames before them, where the data set has them. */
  readonly sequences: Sequences;
  /** What a model card says of it. */
  readonly description: string;
}

interface StillsConfig {
  readonly holdOut: number;
  readonly data: { readonly street: number };
}

/** CamVid labels every thirtieth frame, a second apart. */
const NEXT_WITHIN = 60;
/** Planar RGB and a label. */
export const BYTES_PER_PIXEL = 4;
/** Share of the machine's memory that stills may take; the network and its batch need the rest. */
export const MEMORY_SHARE = 0.5;

/**
 * Reads the train split of a data set of any layout.
 *
 * @param expected the class names that a model to be trained further has
 * @throws InputError when stills cannot be used, are of different sizes or too many for the memory, or when the
 *   classes are not those of the model or of the generated streets that are mixed in
 */
export async function loadTrainingStills(
  folder: string,
  { holdOut, data }: StillsConfig,
  expected?: readonly string[],
): Promise<DataSetStills> {
  const dataSet = await openDataSet(folder);
  const { classes } = dataSet;
  if (expected && expected.join() !== classes.classes.join()) {
    throw new InputError(
      `${folder}: has the classes ${classes.classes.join(', ')}, the model ${expected.join(', ')}; train the model on this data set first`,
    );
  }
  if (data.street > 0 && classes !== CAMVID) {
    throw new InputError(
      `${folder}: has other classes than generated streets, which have CamVid's; set data.street to 0`,
    );
  }
  const files = await dataSet.stills('train');
  const first = await loadStill(files[0]);
  checkMemory(folder, files.length, first, MEMORY_SHARE * totalmem());
  const { train, heldOut } = splitHoldOut(files, holdOut);
  const read = { stills: await loadStills(train), heldOut: await loadStills(heldOut) };
  checkSizes([...read.stills, ...read.heldOut]);
  const sequences = { folder, stills: train, history: dataSet.history };
  return {
    ...read,
    next: following(train),
    classes,
    sequences,
    description: describe(dataSet.kind, classes, first),
  };
}

/** For each still the number of the one that comes next in its drive and is not far off; −1 where there is none. */
export function following(stills: readonly Pick<LabelledStill, 'sequence' | 'frame'>[]): number[] {
  const ordered = stills
    .flatMap(({ sequence, frame }, number) => (frame === undefined ? [] : [{ sequence, frame, number }]))
    .sort((a, b) => a.sequence.localeCompare(b.sequence) || a.frame - b.frame);
  const next = new Array<number>(stills.length).fill(-1);
  for (let i = 1; i < ordered.length; i++) {
    const [one, other] = [ordered[i - 1], ordered[i]];
    const apart = other.frame - one.frame;
    if (one.sequence === other.sequence && apart > 0 && apart <= NEXT_WITHIN) next[one.number] = other.number;
  }
  return next;
}

/** @throws InputError when `count` stills need more than `bytes` of memory. */
export function checkMemory(
  folder: string,
  count: number,
  { width, height }: { width: number; height: number },
  bytes: number,
): void {
  const needed = count * width * height * BYTES_PER_PIXEL;
  if (needed <= bytes) return;
  const gib = (each: number): string => (each / 2 ** 30).toFixed(1);
  const factor = Math.ceil(Math.sqrt(needed / bytes));
  throw new InputError(
    `${folder}: ${count} stills of ${width}×${height} take ${gib(needed)} GiB in memory, ${gib(bytes)} are to be had; make pictures and labels ${factor} times smaller each way`,
  );
}

/** Labels and pictures are cached whole, so one size serves all. */
function checkSizes(stills: readonly Still[]): void {
  const odd = stills.find(({ width, height }) => width !== stills[0].width || height !== stills[0].height);
  if (odd)
    throw new InputError(
      `${odd.name}: is ${odd.width}×${odd.height}, other stills are not; bring them to one size`,
    );
}

function describe(kind: string, { name }: ClassTable, { width, height }: Still): string {
  const size = `${width}×${height}`;
  if (kind === 'folders') return `${name}, ${size}, train split`;
  const set =
    kind === 'cityscapes'
      ? `Cityscapes, ${size} (Cordts et al. 2016)`
      : `CamVid, ${kind === 'camvid' ? 'SegNet layout' : 'original layout'}, ${size} (Brostow, Fauqueur, Cipolla 2009)`;
  return `${set}, train split; research use, cite the authors`;
}
