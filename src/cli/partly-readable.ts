import { PartialInputError } from '../errors.js';
import type { Loss } from '../video/index.js';

/**
 * The error that ends a command whose input had losses, after all else was done.
 *
 * @param done what became of the rest, e.g. `the rest was segmented`
 */
export function partlyReadable(input: string, losses: readonly Loss[], done?: string): PartialInputError {
  const [{ what, afterFrame }] = losses;
  const more = losses.length > 1 ? ` and ${losses.length - 1} more` : '';
  const rest = done === undefined ? '' : `; ${done}`;
  return new PartialInputError(
    `${input}: only partly readable; lost ${what} after frame ${afterFrame}${more}${rest}`,
  );
}
