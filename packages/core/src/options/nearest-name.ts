/** The name that a missing one was most likely meant to be. */
import { editDistance } from './nearest.js';

/** Longest names that are compared: the work grows with the product of two lengths. */
const LONGEST = 120;
const MOST_NAMES = 2000;

/** The name of the smallest edit distance to `wanted`; undefined where there is none. */
export function nearestName(wanted: string, names: Iterable<string>): string | undefined {
  let best: { name: string; distance: number } | undefined;
  let count = 0;
  for (const name of names) {
    if (count++ === MOST_NAMES) break;
    if (name.length > LONGEST) continue;
    const distance = editDistance(wanted, name);
    if (!best || distance < best.distance) best = { name, distance };
  }
  return best?.name;
}
