/** What a run learns on: a data set's stills and frames, and generated streets, mixed by the configuration. */

import type { NonKeyConfig } from '../config/config.js';
import type { Augmentation } from '../data/augment.js';
import type { Still } from '../data/camvid.js';
import { ClipMixture, type ClipSource } from '../data/clip-mixture.js';
import { SEED_OFFSET } from '../data/random-streams.js';
import { SequenceClipSource, type Sequences } from '../data/sets/sequence-clip-source.js';
import { StillClipSource } from '../data/still-clip-source.js';
import { StreetClipSource } from '../data/street-source.js';

type MixtureConfig = Pick<NonKeyConfig, 'data' | 'seed'>;

/** What step 2's clips are made of. */
export interface TrainingStills {
  /** Of the data set, labelled by hand. */
  readonly stills: readonly Still[];
  /** Where the frames before the stills are. */
  readonly sequences?: Sequences;
  /** For each still the number of its drive's next one, −1 where none follows at once. */
  readonly next?: readonly number[];
}

/** The clips of step 2. */
export function mixedClips(
  { stills, sequences, next }: TrainingStills,
  config: MixtureConfig & { readonly augmentation?: Augmentation },
  { seed, length }: { seed: number; length: number },
): ClipMixture {
  const [{ width, height }] = stills;
  const jumps = next && config.data.jumps > 0 ? { share: config.data.jumps, next } : undefined;
  const chosen = shared<() => ClipSource>(config, {
    stills: () => new StillClipSource(stills, { seed, length, jumps, augmentation: changing(config) }),
    street: () => new StreetClipSource({ seed: seed + SEED_OFFSET.street, width, height, length }),
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
  { data }: MixtureConfig,
  { stills, street, sequences }: { stills: T; street: T; sequences?: T },
): { share: number; of: T }[] {
  const sequenceShare = sequences === undefined ? 0 : data.sequences;
  return [
    { share: Math.max(0, 1 - data.street - sequenceShare), of: stills },
    { share: data.street, of: street },
    ...(sequences === undefined ? [] : [{ share: sequenceShare, of: sequences }]),
  ].filter(({ share }) => share > 1e-9);
}
