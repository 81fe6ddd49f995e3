/** `twnet data check DIR`: what a data set holds and what is wrong with it. */

import { InputError } from '@twnet/core/errors';
import type { DataSetReport } from '@twnet/train/data/sets/check';
import type { DataSetKind } from '@twnet/train/data/sets/data-set';
import { type Command, Option } from 'commander';
import { showProgress } from '../progress.js';

interface CheckFlags {
  readonly kind?: DataSetKind;
  readonly json?: boolean;
}

export function registerDataCheckCommand(data: Command): void {
  data
    .command('check')
    .description('what a data set holds, and what is wrong with it; reads every labelled still')
    .argument('<dir>', 'folder of a data set: Cityscapes, CamVid, or images, labels and classes.json')
    .addOption(
      new Option('--kind <layout>', 'its layout (default: told from its folders)').choices([
        'camvid',
        'camvid-original',
        'cityscapes',
        'folders',
      ]),
    )
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  twnet data check cityscapes/\n\nExit code 2 when something is wrong: the first ten faults are listed, the others counted.',
    )
    .action(check);
}

async function check(folder: string, { kind, json }: CheckFlags): Promise<void> {
  const [{ checkDataSet }, { openDataSet }] = await Promise.all([
    import('@twnet/train/data/sets/check'),
    import('@twnet/train/data/sets/open'),
  ]);
  const dataSet = await openDataSet(folder, { kind });
  using progress = showProgress('check', { unit: 'stills', silent: json });
  const report = await checkDataSet(dataSet, (done, total) => progress.update(done, '', total));
  progress.close();
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : `${describe(report).join('\n')}\n`);
  if (report.faultCount > 0) {
    throw new InputError(
      `${folder}: ${report.faultCount} ${report.faultCount === 1 ? 'fault' : 'faults'}; put right or remove the files listed`,
    );
  }
}

function describe(report: DataSetReport): string[] {
  return [
    `${report.folder}: layout ${report.kind}, ${report.classes.length} classes`,
    '',
    ...splitTable(report),
    '',
    ...classTable(report),
    ...faultList(report),
  ];
}

function splitTable({ splits }: DataSetReport): string[] {
  const row = (cells: readonly string[], sizes: string): string =>
    `${cells.map((cell, i) => (i === 0 ? cell.padEnd(6) : cell.padStart(13))).join('')}  ${sizes}`.trimEnd();
  return [
    row(['split', 'labelled', 'unlabelled', 'pairs', 'clips of 12'], 'sizes'),
    ...splits.map(({ split, stills, unlabelled, pairs, clips, sizes }) =>
      row(
        [split, ...[stills, unlabelled, pairs, clips].map(String)],
        Object.entries(sizes)
          .map(([size, count]) => `${count} of ${size}`)
          .join(', '),
      ),
    ),
  ];
}

/** Cells of the longest bar. */
const BAR = 30;

function classTable({ classes, ignoredPixels }: DataSetReport): string[] {
  const labelled = classes.reduce((sum, { pixels }) => sum + pixels, 0);
  const most = Math.max(...classes.map(({ pixels }) => pixels), 1);
  const width = Math.max(...classes.map(({ name }) => name.length), 'ignored'.length) + 2;
  const percent = (share: number): string => `${(100 * share).toFixed(2)} %`.padStart(8);
  if (labelled === 0) return ['no labelled pixel'];
  return [
    ...classes.map(({ name, pixels }) => {
      const bar = '█'.repeat(Math.round((BAR * pixels) / most));
      return `${name.padEnd(width)}${percent(pixels / labelled)}  ${pixels === 0 ? 'never' : bar}`.trimEnd();
    }),
    `${'ignored'.padEnd(width)}${percent(ignoredPixels / (labelled + ignoredPixels))}  of all pixels`,
  ];
}

function faultList({ faults, faultCount }: DataSetReport): string[] {
  if (faultCount === 0) return ['', 'nothing is wrong'];
  const rest = faultCount - faults.length;
  return ['', ...faults, ...(rest > 0 ? [`and ${rest} more`] : [])];
}
