/** The name that a mistyped one was most likely meant to be. */

/** Longest names that are compared: the work grows with the product of two lengths. */
const LONGEST = 120;
const MOST_NAMES = 2000;

/** The nearest of `known` to a mistyped word; undefined where none is near. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  const ranked = known
    .map((name) => ({ name, distance: editDistance(word.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const [best] = ranked;
  return best && best.distance <= Math.max(2, Math.floor(word.length * 0.4)) ? best.name : undefined;
}

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

/** Insertions, deletions and replacements that turn one word into the other (Levenshtein). */
export function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const above = row;
    row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
  }
  return row[b.length];
}
