/** Several sources mixed by share, so that item k depends on k alone and a resumed run sees the same. */

/** Where an item of the mixture comes from. */
export interface Place {
  /** Position of the source in the list. */
  readonly source: number;
  /** Number of the item within its source, counted without gaps. */
  readonly number: number;
}

/**
 * The place of item `position` (from 0) of a mixture. Each source gets its share of every stretch of the mixture,
 * give or take one item, not only on average.
 *
 * @param shares above 0, one a source; only their ratios count
 */
export function placeInMixture(shares: readonly number[], position: number): Place {
  let rest = position;
  let total = shares.reduce((sum, share) => sum + share, 0);
  for (let source = 0; source < shares.length - 1; source++) {
    // This source against all after it, among the items that those before it left.
    const part = Math.min(1, shares[source] / total);
    const before = Math.floor(rest * part);
    if (Math.floor((rest + 1) * part) > before) return { source, number: before };
    rest -= before;
    total -= shares[source];
  }
  return { source: shares.length - 1, number: rest };
}
