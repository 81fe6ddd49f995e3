/** What a command measured, on standard output and as a file with its stamp. */

import type { Model } from '@twnet/node/model/model';
import { type Command, Option } from 'commander';
import { printReport } from '../../../twnet/src/cli/print-report.js';
import { written, writtenLine } from '../../../twnet/src/cli/written.js';

/** `-o, --output <file>` and `--force` of commands that measure. */
export function withMeasurementOptions(command: Command): Command {
  return command
    .addOption(outputOption())
    .option('--force', 'overwrite files that exist')
    .hook('preAction', async (_, action) => {
      const { output, plot, force } = action.opts<MeasurementFlags>();
      const outputs = [
        { path: output, flag: '--output' },
        { path: plot, flag: '--plot' },
      ].flatMap(({ path, flag }) => (path === undefined ? [] : [{ path, flag, kind: 'file' as const }]));
      if (outputs.length === 0) return;
      const { claimOutputs } = await import('@twnet/node/files/claim-outputs');
      claimOutputs(outputs, { force });
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
  /** A picture of the figures, of commands that draw one. */
  readonly plot?: string;
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
  const { measurementStamp } = await import('../stamp/stamp.js');
  const { writeFileAtomic } = await import('@twnet/node/files/atomic');
  const stamped = { stamp: await measurementStamp(models, process.argv.slice(2)), ...report };
  printReport(json, stamped, lines);
  if (output === undefined) return;
  await writeFileAtomic(output, `${JSON.stringify(stamped, null, 2)}\n`);
  process.stderr.write(`${writtenLine(written(output, 'figures and their stamp'))}\n`);
}
