/** What step 1 learns on: labelled stills, and frames of videos and pictures that a teacher labels. */
import { totalmem } from 'node:os';
import { basename, join } from 'node:path';
import { CAMVID, type ClassTable } from '@twnet/core/classes';
import { InputError } from '@twnet/core/errors';
import type { KeyConfig } from '../config/config.js';
import type { BatchOrigin } from '../data/batch-source.js';
import { type Still, splitHoldOut } from '../data/camvid.js';
import { type DataSetStills, loadTrainingStills, MEMORY_SHARE } from '../data/data-set-stills.js';
import { SEED_OFFSET } from '../data/random-streams.js';
import { folderPictures, PictureMemory, type UnlabelledPicture, videoPictures } from '../data/unlabelled.js';
import { mergedClasses } from '../import/merged-classes.js';
import { Labeller } from '../run/labeller.js';
import type { TrainingProgress } from '../run/loop.js';
import { pseudoLabelled } from './pseudo-labels.js';
import { bestScale, openTeacher, type Teacher } from './teacher.js';

export interface KeyDataOptions {
  readonly config: KeyConfig;
  /** A data set's folder, of any layout. */
  readonly data?: string;
  /** Videos to learn on, which a teacher labels. */
  readonly videos?: readonly string[];
  /** Folders of pictures, likewise. */
  readonly stills?: readonly string[];
  /** Model folder, or weights of EfficientViT-Seg-B0; default: what training starts from. */
  readonly teacher?: string;
  readonly encoder?: string;
  readonly from?: string;
  /** Run folder. */
  readonly out: string;
  readonly threads?: number;
  readonly progress: TrainingProgress;
  readonly signal?: AbortSignal;
}

export interface KeyData {
  readonly classes: ClassTable;
  readonly origins: readonly BatchOrigin[];
  /** Stills labelled by hand, held out of training. */
  readonly heldOut: readonly Still[];
  /** Pictures labelled by the teacher, held out of training. */
  readonly taught: readonly Still[];
  /** What a model card says of it. */
  readonly description: string;
}

/** The teacher's labels, in the run's folder. */
export const PSEUDO_LABELS = 'pseudo-labels';

/** Pictures of one origin, split. */
interface Split<T> {
  readonly train: readonly T[];
  readonly heldOut: readonly T[];
}

/** Held-out pictures of one origin that the teacher labels. */
const FEW = 3;

const NO_SHARE = 1e-9;

/** What is read, before the teacher labels what has no labels. */
export interface ReadKeyData {
  readonly classes: ClassTable;
  /** Has the labels made, or takes those that the run folder has. */
  label(): Promise<KeyData>;
}

/** @throws InputError for what cannot be read, does not fit together, or leaves nothing to learn on */
export async function readKeyData(options: KeyDataOptions): Promise<ReadKeyData> {
  const { config, data, videos = [], stills = [], signal } = options;
  const unlabelled = videos.length + stills.length > 0;
  if (data === undefined && !unlabelled)
    throw new InputError('trainKey: there is nothing to learn on: give --data, --videos or --stills');
  sharesOf(options);
  const dataSet = data === undefined ? undefined : await loadTrainingStills(data, config);
  const teacher =
    unlabelled || options.teacher !== undefined ? await openTeacher(teacherPath(options)) : undefined;
  const merged = dataSet && teacher && intoDataSet(dataSet.classes, teacher, config);
  const classes = teacher && !merged ? teacher.classes : dataSet!.classes;
  checkStreets(config, classes);

  // What the teacher labels: videos, folders and, where its classes are others, the data set.
  const split = (pictures: readonly UnlabelledPicture[]) => splitHoldOut(pictures, config.holdOut);
  const memory = new PictureMemory(MEMORY_SHARE * totalmem());
  const read: Split<UnlabelledPicture>[] = [];
  for (const video of videos)
    read.push(split(memory.with(await videoPictures(video, config.data, signal), video)));
  for (const folder of stills) read.push(split(memory.with(await folderPictures(folder), folder)));
  const byHand = dataSet && (!teacher || merged) ? dataSet : undefined;
  if (dataSet && !byHand)
    read.push({ train: dataSet.stills.map(inNoSequence), heldOut: dataSet.heldOut.map(inNoSequence) });
  const label = async (): Promise<KeyData> => {
    const taught = teacher ? await labelled(read, teacher, merged, options) : [];
    const origins = mixed(options, byHand, taught);
    noteNumbers(options, origins, byHand, taught);
    return {
      classes,
      origins,
      heldOut: byHand?.heldOut ?? [],
      taught: taught.flatMap(({ heldOut }) => heldOut),
      description: described(options, dataSet?.description, teacher),
    };
  };
  return { classes, label };
}

/** What batches are drawn from. */
function mixed(
  options: KeyDataOptions,
  byHand: DataSetStills | undefined,
  taught: readonly Split<Still>[],
): BatchOrigin[] {
  const { config, videos = [], stills = [] } = options;
  const train = taught.map((each) => each.train);
  const others = videos.length + stills.length;
  const shares = sharesOf(options);
  const origins = [
    ...alike(shares.data, byHand ? [byHand.stills] : train.slice(others)),
    ...alike(shares.videos, train.slice(0, videos.length)),
    ...alike(shares.stills, train.slice(videos.length, others)),
  ];
  const best = scaleOf(config);
  const scaled = (still: Still): Still =>
    config.augmentation.scaleOf === 'best' ? { ...still, scale: best(still) } : still;
  const { street } = config.data;
  const { width, height } = origins[0]?.stills[0] ?? config.size;
  const seed = config.seed + SEED_OFFSET.street;
  return [
    ...origins.map((each) => ({ share: each.share, stills: each.stills.map(scaled) })),
    ...(street > NO_SHARE ? [{ share: street, street: { seed, width, height } }] : []),
  ];
}

/** Origins that have a share together, the same for each. */
function alike(share: number, origins: readonly (readonly Still[])[]) {
  return origins
    .map((stills) => ({ share: share / origins.length, stills }))
    .filter((each) => each.share > NO_SHARE && each.stills.length > 0);
}

function noteNumbers(
  { progress }: KeyDataOptions,
  origins: readonly BatchOrigin[],
  byHand: DataSetStills | undefined,
  taught: readonly Split<Still>[],
): void {
  const count = (of: readonly { readonly length: number }[]): number =>
    of.reduce((sum, { length }) => sum + length, 0);
  const stills = count(origins.flatMap((origin) => ('stills' in origin ? [origin.stills] : [])));
  const heldOut = (byHand?.heldOut.length ?? 0) + count(taught.map((each) => each.heldOut));
  progress.note(`${stills} stills to learn from, ${heldOut} held out`);
}

/** The scale at which the teacher sees a picture. */
export function scaleOf({
  teacher: { scale },
}: Pick<KeyConfig, 'teacher'>): (picture: { width: number; height: number }) => number {
  return (picture) => (scale > 0 ? scale : bestScale(picture));
}

function teacherPath({ teacher, from, encoder, config }: KeyDataOptions): string {
  const path = teacher ?? from ?? (config.architecture === 'segmenter' ? encoder : undefined);
  if (path !== undefined) return path;
  throw new InputError(
    'trainKey: pictures without labels need a teacher: give --teacher, a model folder or weights of EfficientViT-Seg-B0',
  );
}

/**
 * For each of the teacher's classes the data set's, where the labels made by hand are to be kept; undefined where the
 * model is to have the teacher's.
 */
function intoDataSet(
  { classes, name }: ClassTable,
  teacher: Teacher,
  config: KeyConfig,
): readonly number[] | undefined {
  const own = teacher.classes.classes;
  if (own.join() !== classes.join() && config.teacher.classes === 'teacher') return undefined;
  const merged = mergedClasses(own, classes);
  const missing = classes.find((_, id) => !merged.includes(id));
  if (missing !== undefined)
    throw new InputError(
      `${teacher.name}: none of its classes is the '${missing}' of ${name}; set teacher.classes to "teacher"`,
    );
  return merged;
}

function checkStreets({ data: { street } }: KeyConfig, { classes }: ClassTable): void {
  if (street > 0 && classes.join() !== CAMVID.classes.join())
    throw new InputError(
      "trainKey: generated streets have CamVid's classes, the model has others; set data.street to 0",
    );
}

const inNoSequence = (still: Still): UnlabelledPicture => ({ ...still, sequence: '' });

/** The teacher's labels for all to be trained on and for a few of those held out. */
async function labelled(
  read: readonly Split<UnlabelledPicture>[],
  teacher: Teacher,
  merged: readonly number[] | undefined,
  { config, out, threads, progress, signal }: KeyDataOptions,
): Promise<Split<Still>[]> {
  const few = (pictures: readonly UnlabelledPicture[]) =>
    pictures.filter(
      (_, i) => Math.floor((i * FEW) / pictures.length) !== Math.floor(((i - 1) * FEW) / pictures.length),
    );
  const all = read.flatMap(({ train, heldOut }) => [train, few(heldOut)]);
  const total = all.reduce((sum, { length }) => sum + length, 0);
  const { mirrored, ...settings } = config.teacher;
  const classes = teacher.classes.classes.length;
  await using labeller = new Labeller(teacher.network, classes, { mirrored, merged, threads });
  const names = all.map((pictures) => pictures.map(({ name }) => name));
  progress.note(`labelling ${total} pictures with ${teacher.name}`);
  const stills = await pseudoLabelled(all, labeller, {
    folder: join(out, PSEUDO_LABELS),
    settings: { teacher: teacher.digest, ...settings, mirrored, merged, names },
    scaleOf: scaleOf(config),
    confidence: settings.confidence,
    signal,
  });
  return read.map((_, i) => ({ train: stills[2 * i], heldOut: stills[2 * i + 1] }));
}

/** Every kind's share of the batches; what is left of them is the labelled data set's. */
function sharesOf({
  config: { data: shares },
  data,
  videos = [],
  stills = [],
}: KeyDataOptions): Record<'data' | 'videos' | 'stills', number> {
  const given = {
    videos: videos.length > 0 ? shares.videos : 0,
    stills: stills.length > 0 ? shares.stills : 0,
  };
  const left = 1 - shares.street - given.videos - given.stills;
  if (data !== undefined && left < -NO_SHARE)
    throw new InputError('trainKey: data.street, data.videos and data.stills must be at most 1 together');
  const result = { ...given, data: data === undefined ? 0 : left };
  if (Math.max(...Object.values(result), shares.street) <= NO_SHARE)
    throw new InputError('trainKey: data.videos and data.stills leave nothing to learn on');
  return result;
}

function described(
  { videos = [], stills = [] }: KeyDataOptions,
  dataSet: string | undefined,
  teacher: Teacher | undefined,
): string {
  const names = [...videos, ...stills].map((path) => basename(path));
  const parts = dataSet === undefined ? [] : [dataSet];
  if (teacher && names.length > 0) parts.push(`${names.join(', ')}, labelled by ${teacher.name}`);
  return parts.join('; ');
}
