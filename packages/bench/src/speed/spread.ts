/** A figure measured in several rounds. */
export interface Spread {
  readonly median: number;
  /** First and third quartile: half of the rounds lie between. */
  readonly low: number;
  readonly high: number;
  /** As measured, round by round. */
  readonly rounds: readonly number[];
}

/** Quantiles interpolate linearly between neighbours (numpy's default). */
export function spreadOf(rounds: readonly number[]): Spread {
  const sorted = rounds.toSorted((a, b) => a - b);
  const quantile = (share: number): number => {
    const position = share * (sorted.length - 1);
    const below = Math.floor(position);
    const above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  };
  return { median: quantile(0.5), low: quantile(0.25), high: quantile(0.75), rounds };
}
