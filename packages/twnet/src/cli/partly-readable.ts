import { PartialInputError } from '@twnet/core/errors';
import type { Loss, LossTotals } from '@twnet/node/video/losses';

/** Places that one line has room for. */
const MOST_PLACES = 4;

/**
 * The error that ends a command whose input had losses, after all else was done. It names all that is lost: each
 * place while there are few, and the totals.
 *
 * @param done what became of the rest, e.g. `the rest was segmented`
 */
export function partlyReadable(
  input: string,
  { losses, lossTotals }: { readonly losses: readonly Loss[]; readonly lossTotals: LossTotals },
  done?: string,
): PartialInputError {
  const rest = done === undefined ? '' : `; ${done}`;
  return new PartialInputError(
    `${input}: only partly readable; lost ${describeLosses(losses, lossTotals)}${rest}`,
  );
}

/** What is lost, as words to follow “lost”: `181 frames in 2 places: 1 frame … after frame 5; 180 frames … after frame 40`. */
export function describeLosses(
  losses: readonly Loss[],
  { places, frames, damagedFrames }: LossTotals,
): string {
  const named = losses
    .slice(0, MOST_PLACES)
    .map(({ what, afterFrame }) => `${what} after frame ${afterFrame}`);
  if (places <= 1) return named.join('');
  const more = places > named.length ? `; and ${places - named.length} more places` : '';
  const parts = [
    ...(frames > 0 ? [count(frames, 'frame')] : []),
    ...(damagedFrames > 0 ? [`parts of ${count(damagedFrames, 'frame')}`] : []),
  ];
  return `${parts.join(' and ') || 'parts'} in ${places} places: ${named.join('; ')}${more}`;
}

const count = (n: number, what: string) => `${n} ${what}${n === 1 ? '' : 's'}`;
