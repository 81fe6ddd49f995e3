/** What a command measured, on standard output: as JSON, or as lines for a person; and as a file with its stamp. */
import { type Command, Option } from 'commander';
import type { Model } from '../network/index.js';
import { written, writtenLine } from './written.js';

export function printReport(json: boolean | undefined, report: unknown, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : `${lines.join('\n')}\n`);
}

/** `-o, --output <file>` and `--force` of commands that measure. */
export function withMeasurementOptions(command: Command): Command {
  return command
    .addOption(outputOption())
    .option('--force', 'overwrite a file of --output that exists')
    .hook('preAction', async (_, action) => {
      const { output, force } = action.opts<MeasurementFlags>();
      if (output === undefined) return;
      const { claimOutputs } = await import('../files/index.js');
      claimOutputs([{ path: output, kind: 'file', flag: '--output' }], { force });
    });
}

function outputOption(): Option {
  return new Option(
    '-o, --output <file>',
    'write the figures as JSON, stamped with weights, version and machine',
  );
}

export interface MeasurementFlags {
  readonly json?: boolean;
  readonly output?: string;
  readonly force?: boolean;
}

/**
 * As {@link printReport}; as JSON, and in the file of `--output`, with the stamp of what was measured.
 *
 * @param models those measured, as models or their folders; none where no trained weights were run
 * @throws OutputError when the file cannot be written
 */
export async function printMeasurement(
  { json, output }: MeasurementFlags,
  models: readonly (Model | string | undefined)[],
  report: object,
  lines: readonly string[],
): Promise<void> {
  const { measurementStamp } = await import('../evaluate/index.js');
  const { writeFileAtomic } = await import('../files/index.js');
  const stamped = { stamp: await measurementStamp(models, process.argv.slice(2)), ...report };
  printReport(json, stamped, lines);
  if (output === undefined) return;
  await writeFileAtomic(output, `${JSON.stringify(stamped, null, 2)}\n`);
  process.stderr.write(`${writtenLine(written(output, 'figures and their stamp'))}\n`);
}

/** A share as a percentage without its sign; a dash for what does not occur. */
export function percent(share: number | null | undefined): string {
  return share == null || Number.isNaN(share) ? '–' : (100 * share).toFixed(2);
}

/** JSON has no NaN. */
export function finiteOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
