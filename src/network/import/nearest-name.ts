/** The name that a missing one was most likely meant to be. */

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

/** Levenshtein's distance: insertions, deletions and substitutions of one character each. */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, substitution));
    }
    row = next;
  }
  return row[b.length];
}
