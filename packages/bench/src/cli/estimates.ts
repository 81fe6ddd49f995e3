/** Figures with their intervals, as tables have them: shares as percentages. */
import type { Estimate } from '../frontier/estimate.js';

export const hundredths = (value: number | undefined): string =>
  value === undefined || Number.isNaN(value) ? '–' : (100 * value).toFixed(2);

/** `72.31 (70.1–74.5)`. */
export function points({ value, lower, upper }: Estimate): string {
  const ends = [lower, upper].map((end) => (Number.isNaN(end) ? '–' : (100 * end).toFixed(1)));
  return `${hundredths(value)} (${ends.join('–')})`;
}

/** `+2.31 (1.10 to 3.52)`. */
export function signed({ value, lower, upper }: Estimate): string {
  const sign = value > 0 ? '+' : '';
  const ends = Number.isNaN(lower) ? '' : ` (${hundredths(lower)} to ${hundredths(upper)})`;
  return `${sign}${hundredths(value)}${ends}`;
}
