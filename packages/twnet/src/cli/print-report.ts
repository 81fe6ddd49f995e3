/** What a command found, on standard output: as JSON, or as lines for a person. */
export function printReport(json: boolean | undefined, report: unknown, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : `${lines.join('\n')}\n`);
}

/** A share as a percentage without its sign; a dash for what does not occur. */
export function percent(share: number | null | undefined): string {
  return share == null || Number.isNaN(share) ? '–' : (100 * share).toFixed(2);
}

/** JSON has no NaN. */
export function finiteOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
