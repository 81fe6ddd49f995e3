/** CamVid in SegNet's layout: `train/`, `trainannot/`, `test/`, `testannot/` with PNGs of the same names. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CAMVID, IGNORE_LABEL } from '@twnet/core/classes';
import { InputError } from '@twnet/core/errors';
import { loadImage } from '@twnet/node/images/images';
import { firstTen, idCoding, type LabelCoding, readLabels } from '@twnet/node/images/label-coding';

/** SegNet's label files mark void pixels with the id after the last class. */
const VOID_LABEL = CAMVID.classes.length;

/** SegNet's label files: train ids as they are. */
export const SEGNET_CODING = idCoding(
  [...CAMVID.classes.map((_, id) => [id, id] as const), [VOID_LABEL, IGNORE_LABEL]],
  `CamVid's ids are 0 to ${VOID_LABEL}`,
  CAMVID.palette,
);

/** A labelled still on disk. */
export interface StillFile {
  readonly name: string;
  /** The drive it comes from, e.g. 0016E5. */
  readonly sequence: string;
  readonly imagePath: string;
  readonly labelPath: string;
  /** How the label file is to be read; SegNet's train ids where nothing is said. */
  readonly coding?: LabelCoding;
}

/** A labelled still in memory: planar 8-bit RGB and one train id a pixel (255: ignored). */
export interface Still {
  readonly name: string;
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
  readonly labels: Uint8Array;
  /** What augmentation takes for scale 1; default: the picture's own. */
  readonly scale?: number;
}

const SPLIT_FOLDERS = {
  train: ['train', 'trainannot'],
  val: ['val', 'valannot'],
  test: ['test', 'testannot'],
} as const;

export type CamVidSplit = keyof typeof SPLIT_FOLDERS;

/** The stills of a split, by name. */
export function openCamVid(folder: string, split: CamVidSplit): Promise<StillFile[]> {
  const [images, labels] = SPLIT_FOLDERS[split];
  return openFrameFolder(join(folder, images), join(folder, labels));
}

/** Pairs the pictures of one folder with the label maps of another by file name. */
export async function openFrameFolder(images: string, labels: string): Promise<StillFile[]> {
  const [imageNames, labelNames] = await Promise.all([listPngs(images), listPngs(labels)]);
  const [imageSet, labelSet] = [new Set(imageNames), new Set(labelNames)];
  const unpaired = [
    ...imageNames.filter((name) => !labelSet.has(name)).map((name) => join(images, name)),
    ...labelNames.filter((name) => !imageSet.has(name)).map((name) => join(labels, name)),
  ];
  if (unpaired.length > 0)
    throw new InputError(`${images} and ${labels}: without a partner: ${firstTen(unpaired)}`);
  return imageNames.map((name) => ({
    name,
    sequence: sequenceOf(name),
    imagePath: join(images, name),
    labelPath: join(labels, name),
  }));
}

/** What comes before the first `_`; names without one are of one sequence, numbered through. */
function sequenceOf(name: string): string {
  return name.includes('_') ? name.slice(0, name.indexOf('_')) : '';
}

async function listPngs(folder: string): Promise<string[]> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch {
    throw new InputError(
      `${folder}: cannot be listed; CamVid in SegNet's layout has train, trainannot, test, testannot`,
    );
  }
  const pngs = names.filter((name) => !name.startsWith('.') && name.toLowerCase().endsWith('.png')).sort();
  if (pngs.length === 0) throw new InputError(`${folder}: holds no PNG files`);
  return pngs;
}

/** Reads one still; checks its sizes and label values. */
export async function loadStill(file: StillFile): Promise<Still> {
  const [image, map] = await Promise.all([
    loadImage(file.imagePath),
    readLabels(file.labelPath, file.coding ?? SEGNET_CODING),
  ]);
  const { width, height, pixels } = image;
  if (map.width !== width || map.height !== height) {
    throw new InputError(
      `${file.labelPath}: is ${map.width}×${map.height}, its picture is ${width}×${height}; they must be of one size`,
    );
  }
  return { name: file.name, width, height, pixels, labels: map.labels };
}

/**
 * Reads many stills, a few at a time.
 *
 * @throws InputError that lists the first ten stills that cannot be used, and counts the others
 */
export async function loadStills(files: readonly StillFile[]): Promise<Still[]> {
  const stills: Still[] = [];
  const problems: string[] = [];
  for (let i = 0; i < files.length; i += 8) {
    for (const result of await Promise.allSettled(files.slice(i, i + 8).map(loadStill))) {
      if (result.status === 'fulfilled') stills.push(result.value);
      else if (result.reason instanceof InputError) problems.push(result.reason.message);
      else throw result.reason;
    }
    // A data set that is wrong throughout need not fill the memory to say so.
    if (problems.length > 0) stills.length = 0;
  }
  if (problems.length === 1) throw new InputError(problems[0]);
  if (problems.length > 1) {
    throw new InputError(
      `${problems.length} of ${files.length} stills cannot be used: ${firstTen(problems, '; ')}`,
    );
  }
  return stills;
}

/**
 * Holds out the last `share` of every sequence: neighbouring frames are near duplicates, so a random draw
 * would leak training frames into validation. Sequences too short to give one are taken together, in order.
 */
export function splitHoldOut<T extends { sequence: string }>(
  files: readonly T[],
  share: number,
): { train: T[]; heldOut: T[] } {
  const shortest = share > 0 ? 0.5 / share : 0;
  const sequences = joinShort(groupBySequence(files), shortest);
  const train: T[] = [];
  const heldOut: T[] = [];
  for (const members of sequences.values()) {
    const kept = members.length - Math.round(members.length * share);
    train.push(...members.slice(0, kept));
    heldOut.push(...members.slice(kept));
  }
  return { train, heldOut };
}

function groupBySequence<T extends { sequence: string }>(files: readonly T[]): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const file of files) {
    const group = groups.get(file.sequence);
    if (group) group.push(file);
    else groups.set(file.sequence, [file]);
  }
  return groups;
}

function joinShort<T>(groups: ReadonlyMap<string, T[]>, shortest: number): Map<string, T[]> {
  const joined = new Map<string, T[]>();
  const short: T[] = [];
  for (const [name, members] of groups) {
    if (members.length < shortest) short.push(...members);
    else joined.set(name, members);
  }
  return short.length > 0 ? joined.set(' short', short) : joined;
}
