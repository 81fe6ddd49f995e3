/** A name out of a file, fit for a terminal: no control characters, not endless. */
export function printable(name: string, longest = 100): string {
  const cleaned = name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?');
  return cleaned.length > longest ? `${cleaned.slice(0, longest)}…` : cleaned;
}
