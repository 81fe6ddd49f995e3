/** What a run learns on: CamVid's stills, generated streets and pseudo-labelled video, mixed by the configuration. */

import { CAMVID } from '@twnet/core/classes';
import { InputError } from '@twnet/core/errors';
import type { KeyConfig } from '../config/config.js';
import type { Augmentation } from '../data/augment.js';
import type { BatchOrigin } from '../data/batch-source.js';
import type { Still } from '../data/camvid.js';
import { ClipMixture, type ClipSource } from '../data/clip-mixture.js';
import { MadeClipSource } from '../data/made-clip-source.js';
import { labelledShare, pseudoLabelledStills } from '../data/pseudo-labels.js';
import { SequenceClipSource, type Sequences } from '../data/sets/sequence-clip-source.js';
import { StreetClipSource } from '../data/street-source.js';
import type { TrainingProgress } from './loop.js';

type MixtureConfig = Pick<KeyConfig, 'data' | 'selfTraining' | 'seed'>;

export interface TrainingStills {
  /** Of the data set, labelled by hand. */
  readonly stills: readonly Still[];
  /** Frames of unlabelled video, labelled by a network; empty without self-training. */
  readonly pseudo: readonly Still[];
  /** Where the frames before the stills are; step 2 alone takes them. */
  readonly sequences?: Sequences;
  /** For each still the number of its drive's next one, −1 where none follows at once; step 2 alone takes it. */
  readonly next?: readonly number[];
}

interface PseudoLabelling {
  readonly classes: number;
  readonly threads?: number;
  readonly progress: TrainingProgress;
  readonly signal?: AbortSignal;
}

/** Streets of step 1, of step 2's clips and of the data set's draws have seeds of their own. */
const STREET_SEED_OFFSET = 3_000_017;
const PSEUDO_SEED_OFFSET = 4_000_037;

/**
 * The stills with those that self-training adds.
 *
 * @throws InputError where streets are to be mixed with a data set of other classes than theirs
 */
export async function withPseudoLabels(
  stills: readonly Still[],
  { data, selfTraining }: MixtureConfig,
  { classes, threads, progress, signal }: PseudoLabelling,
): Promise<TrainingStills> {
  if (data.street > 0 && classes !== CAMVID.classes.length)
    throw new InputError(
      `data.street: street scenes have CamVid's ${CAMVID.classes.length} classes, the data set has ${classes}; set it to 0`,
    );
  if (selfTraining.videos.length === 0) return { stills, pseudo: [] };
  const [{ width, height }] = stills;
  const pseudo = await pseudoLabelledStills(selfTraining, { width, height, classes, threads, signal });
  const share = (100 * labelledShare(pseudo)).toFixed(0);
  progress.note(
    `${pseudo.length} frames of ${selfTraining.videos.length} videos labelled by ${selfTraining.teacher}: ${share} % of the pixels are sure enough`,
  );
  return { stills, pseudo };
}

/** Of what a batch of step 1 is made. */
export function batchOrigins({ stills, pseudo }: TrainingStills, config: MixtureConfig): BatchOrigin[] {
  const [{ width, height }] = stills;
  const seed = config.seed + STREET_SEED_OFFSET;
  return shared(config, pseudo, {
    stills: { stills },
    street: { street: { seed, width, height } },
    pseudo: { stills: pseudo },
  }).map(({ share, of }) => ({ share, ...of }));
}

/** The clips of step 2. */
export function mixedClips(
  { stills, pseudo, sequences, next }: TrainingStills,
  config: MixtureConfig & { readonly augmentation?: Augmentation },
  { seed, length }: { seed: number; length: number },
): ClipMixture {
  const [{ width, height }] = stills;
  const jumps = next && config.data.jumps > 0 ? { share: config.data.jumps, next } : undefined;
  const chosen = shared<() => ClipSource>(config, pseudo, {
    stills: () => new MadeClipSource(stills, { seed, length, jumps, augmentation: changing(config) }),
    street: () => new StreetClipSource({ seed: seed + STREET_SEED_OFFSET, width, height, length }),
    pseudo: () =>
      new MadeClipSource(pseudo, { seed: seed + PSEUDO_SEED_OFFSET, length, augmentation: changing(config) }),
    sequences: sequences && (() => new SequenceClipSource(sequences, { seed, length })),
  });
  return new ClipMixture(chosen.map(({ share, of }) => ({ share, source: of() })));
}

/** The augmentation, where it changes anything. */
function changing({ augmentation }: { readonly augmentation?: Augmentation }): Augmentation | undefined {
  if (!augmentation) return undefined;
  const { scale, flip, light } = augmentation;
  return flip || light > 0 || scale.some((factor) => factor !== 1) ? augmentation : undefined;
}

/** Those sources that have a share. */
function shared<T>(
  { data, selfTraining }: MixtureConfig,
  pseudo: readonly Still[],
  sources: { stills: T; street: T; pseudo: T; sequences?: T },
): { share: number; of: T }[] {
  const pseudoShare = pseudo.length > 0 ? selfTraining.share : 0;
  const sequenceShare = sources.sequences === undefined ? 0 : data.sequences;
  const stillShare = Math.max(0, 1 - data.street - pseudoShare - sequenceShare);
  return [
    { share: stillShare, of: sources.stills },
    { share: data.street, of: sources.street },
    { share: pseudoShare, of: sources.pseudo },
    ...(sources.sequences === undefined ? [] : [{ share: sequenceShare, of: sources.sequences }]),
  ].filter(({ share }) => share > 1e-9);
}
