/** `twnet score PREDICTIONS GROUND_TRUTH`: mIoU and a table by class. */
import { type Command, Option } from 'commander';
import { CLASS_TABLES, type ClassTable } from '../../data/classes.js';
import type { ConfusionMatrix } from '../../evaluate/index.js';
import { showProgress } from '../progress.js';

interface ScoreFlags {
  readonly classes: string;
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
    .option('--json', 'print JSON')
    .action(score);
}

async function score(predictions: string, groundTruth: string, flags: ScoreFlags): Promise<void> {
  const { pairLabelFolders, scoreLabelPairs } = await import('../../evaluate/index.js');
  const table = CLASS_TABLES[flags.classes];
  const { pairs, by } = await pairLabelFolders(predictions, groundTruth);
  using progress = showProgress('score', { unit: 'pictures', total: pairs.length, silent: flags.json });
  const matrix = await scoreLabelPairs(pairs, table, (done) => progress.update(done));
  progress.close();
  const report = await makeReport(matrix, table, pairs.length, by);
  process.stdout.write(flags.json ? `${JSON.stringify(report, null, 2)}\n` : formatReport(report));
}

interface ScoreReport {
  readonly pictures: number;
  /** How the files of the two folders were paired. */
  readonly pairedBy: 'name' | 'order';
  /** null where nothing was scored, as JSON has no NaN. */
  readonly meanIou: number | null;
  readonly pixelAccuracy: number | null;
  readonly meanAccuracy: number | null;
  readonly classes: readonly { name: string; iou: number | null; pixels: number }[];
  readonly categories?: readonly { name: string; iou: number | null }[];
}

async function makeReport(
  matrix: ConfusionMatrix,
  table: ClassTable,
  pictures: number,
  pairedBy: 'name' | 'order',
): Promise<ScoreReport> {
  const metrics = await import('../../evaluate/metrics.js');
  const iou = metrics.classIou(matrix);
  const report: ScoreReport = {
    pictures,
    pairedBy,
    meanIou: orNull(metrics.meanIou(matrix)),
    pixelAccuracy: orNull(metrics.pixelAccuracy(matrix)),
    meanAccuracy: orNull(metrics.meanAccuracy(matrix)),
    classes: table.classes.map((name, index) => ({
      name,
      iou: orNull(iou[index]),
      pixels: metrics.truePixels(matrix, index),
    })),
  };
  if (!table.categories) return report;
  const byCategory = metrics.categoryIou(matrix, table.categories);
  return {
    ...report,
    categories: table.categories.map(({ name }, index) => ({
      name,
      iou: orNull(byCategory[index]),
    })),
  };
}

function orNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}

function formatReport(report: ScoreReport): string {
  const all = report.classes.reduce((sum, { pixels }) => sum + pixels, 0);
  const lines = [row('class', 'IoU %', 'of pixels')];
  for (const { name, iou, pixels } of report.classes)
    lines.push(row(name, percent(iou), percent(pixels / all)));
  if (report.categories) {
    lines.push('', row('category', 'IoU %', ''));
    for (const { name, iou } of report.categories) lines.push(row(name, percent(iou), ''));
  }
  const note = report.pairedBy === 'order' ? ', paired by sorted order because their names differ' : '';
  lines.push(
    '',
    row('mIoU', percent(report.meanIou), ''),
    row('pixel accuracy', percent(report.pixelAccuracy), ''),
    row('mean accuracy', percent(report.meanAccuracy), ''),
    `${report.pictures} ${report.pictures === 1 ? 'picture' : 'pictures'}${note}`,
  );
  return `${lines.map((line) => line.trimEnd()).join('\n')}\n`;
}

function row(name: string, first: string, second: string): string {
  return name.padEnd(16) + first.padStart(7) + second.padStart(12);
}

/** A dash for classes that occur nowhere. */
function percent(share: number | null): string {
  return share === null || Number.isNaN(share) ? '–' : (100 * share).toFixed(2);
}
