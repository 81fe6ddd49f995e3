/** `twnet score PREDICTIONS GROUND_TRUTH`: mIoU and a table by class, and what else is asked for. */

import { CLASS_TABLES, type ClassTable } from '@twnet/core/classes';
import { InputError } from '@twnet/core/errors';
import type { LabelPairs } from '@twnet/node/score/label-folders';
import type { LabelScores } from '@twnet/node/score/score-labels';
import { type Command, Option } from 'commander';
import { boundaryOption } from '../boundary-option.js';
import { positiveInteger } from '../option-values.js';
import { printReport } from '../print-report.js';
import { showProgress } from '../progress.js';
import { scoreTable } from './score-table.js';

const DETAILS = `
Sequences are told by the names of the true label maps: what comes before the first _ (CamVid's drives), with
--classes cityscapes before the second. A sequence's pictures are ordered by the numbers in their names.

Examples:
  twnet score labels/ truth/ --classes camvid
  twnet score labels/ truth/ --boundary --consistency --json
  twnet score labels/ truth/ --against other-labels/ --confidence --block 10`;

interface ScoreFlags {
  readonly classes: string;
  readonly boundary?: number;
  readonly consistency?: boolean;
  readonly confidence?: boolean;
  readonly block?: number;
  readonly against?: string;
  readonly json?: boolean;
}

export function registerScoreCommand(program: Command): void {
  program
    .command('score')
    .description('mIoU and IoU by class of predicted label maps against true ones')
    .argument('<predictions>', 'folder of 8-bit PNGs of class ids, as `twnet segment --labels` writes them')
    .argument('<ground-truth>', 'folder of as many 8-bit PNGs of the same sizes; 255 is not scored')
    .addOption(
      new Option('--classes <table>', 'the classes (with camvid, the true label 11 is void and not scored)')
        .choices(Object.keys(CLASS_TABLES))
        .default('camvid'),
    )
    .addOption(boundaryOption())
    .option('--consistency', 'VC8 and VC16 of each sequence, all of whose frames must be there')
    .option('--confidence', '95 % intervals, by drawing sequences anew (bootstrap)')
    .option('--block <n>', 'with --confidence: draw stretches of so many pictures instead', positiveInteger)
    .option('--against <predictions>', 'how much better these do than other predictions of the same pictures')
    .option('--json', 'print JSON')
    .addHelpText('after', DETAILS)
    .action(score);
}

async function score(predictions: string, groundTruth: string, flags: ScoreFlags): Promise<void> {
  if (flags.block !== undefined && !flags.confidence) throw new InputError('--block needs --confidence');
  const [{ checkPredictedClasses, pairLabelFolders }, { scoreLabels }] = await Promise.all([
    import('@twnet/node/score/label-folders'),
    import('@twnet/node/score/score-labels'),
  ]);
  const table = CLASS_TABLES[flags.classes];
  for (const folder of [predictions, ...(flags.against === undefined ? [] : [flags.against])])
    await checkPredictedClasses(folder, table);
  const paired = await pairLabelFolders(predictions, groundTruth);
  const other = flags.against === undefined ? undefined : await pairLabelFolders(flags.against, groundTruth);
  if (flags.confidence) await checkSequences(groundTruth, paired, table, flags.block);
  const each = paired.pairs.length;
  using progress = showProgress('score', {
    unit: 'pictures',
    total: other ? 2 * each : each,
    silent: flags.json,
  });
  const { boundary, consistency, block } = flags;
  const scores = await scoreLabels(paired.pairs, table, { boundary, consistency, block }, (done) =>
    progress.update(done),
  );
  let against: LabelScores | undefined;
  if (other) {
    const options = { boundary, block };
    against = await scoreLabels(other.pairs, table, options, (done) => progress.update(each + done));
  }
  progress.close();
  const { makeScoreReport } = await import('./score-report.js');
  const report = makeScoreReport(scores, table, {
    pairedBy: paired.by,
    boundary,
    block,
    confidence: flags.confidence === true,
    against,
  });
  printReport(flags.json, report, scoreTable(report));
}

/** Known before anything is scored. */
async function checkSequences(
  folder: string,
  { pairs }: LabelPairs,
  table: ClassTable,
  block: number | undefined,
): Promise<void> {
  const { groupBySequence } = await import('@twnet/node/score/score-labels');
  const groups = [...groupBySequence(pairs, table).values()];
  const units = groups.reduce((sum, group) => sum + Math.ceil(group.length / (block ?? group.length)), 0);
  if (units > 1) return;
  throw new InputError(
    block === undefined
      ? `${folder}: by their names all label maps are of one sequence, and intervals need several; add --block 10 to draw stretches of 10 pictures`
      : `${folder}: holds one stretch of ${block} pictures, and intervals need several; give a smaller --block`,
  );
}
