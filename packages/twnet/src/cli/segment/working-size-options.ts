/** At which size `twnet segment` works where nothing else is said: it depends on the model. */
import { InputError } from '@twnet/core/errors';
import type { ModelCard } from '@twnet/core/model/model-card';
import { architectureOf } from '@twnet/core/model/operating-points';
import { openingFor } from '@twnet/core/runtime/frame-sizes';
import type { OpenVideoOptions } from '@twnet/node/video/open-options';
import { LONGEST_SIDE, type SegmentFlags } from './flags.js';

/** @throws InputError for pictures larger than the video's, where the model does not take such */
export function workingSizeOptions(
  { scale, maxSide }: Pick<SegmentFlags, 'scale' | 'maxSide'>,
  card: ModelCard,
): Pick<OpenVideoOptions, 'scale' | 'maxSide'> {
  if (architectureOf(card) === 'segmenter') return { scale: scale ?? 'auto', maxSide };
  // As many pixels as its network is meant for, unless anything else is said.
  if (card.imported && typeof scale === 'number') return { scale, maxSide };
  if (card.imported) return { maxSide: maxSide ?? openingFor(card).maxSide };
  if (typeof scale === 'number' && scale > 1)
    throw new InputError(`--scale ${scale}: it must be above 0 and at most 1 for ${card.name}, such as 0.5`);
  return { scale: scale === 'auto' ? 1 : scale, maxSide: maxSide ?? LONGEST_SIDE };
}
