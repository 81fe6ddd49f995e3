/** `twnet weights show`: the tensors of a file, or a model folder's card and tensors. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { ModelCard, NetworkEntry } from '@twnet/core/model/model-card';
import type { Command } from 'commander';

/** Above it (bytes stored as bytes) the float32 copy alone would take gigabytes. */
const MOST_ELEMENTS = 2 ** 27;

interface TensorRow extends Partial<TensorStatistics> {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly number[];
  readonly elements: number;
}

interface FileReport {
  readonly file: string;
  readonly format: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** Numbers in all tensors. */
  readonly parameters: number;
  readonly tensors: readonly TensorRow[];
}

export function registerWeightsShow(weights: Command): void {
  weights
    .command('show')
    .description('tensors with their shapes, types and ranges; of a model folder its card as well')
    .argument(
      '<file>',
      'safetensors, PyTorch (.pth, .pt), TensorFlow.js model.json, a model folder, or the name of a model that ships',
    )
    .option('--json', 'print everything as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  twnet weights show resnet18-f37072fd.pth\n  twnet weights show runs/key/model --json',
    )
    .action(showWeights);
}

async function showWeights(named: string, flags: { json?: boolean }): Promise<void> {
  const { modelFolder, shippedModels } = await import('@twnet/node/model/shipped-models');
  const path = shippedModels().includes(named) ? modelFolder(named) : named;
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return showModel(path, flags);
  const report = await fileReport(path);
  process.stdout.write(flags.json ? `${JSON.stringify(report, null, 2)}\n` : await formatFile(report));
}

async function showModel(folder: string, flags: { json?: boolean }): Promise<void> {
  const { readModelCard } = await import('@twnet/node/model/model-files');
  const card = await readModelCard(folder);
  const files = [];
  for (const { weights } of Object.values(card.networks)) files.push(await fileReport(join(folder, weights)));
  if (flags.json) {
    process.stdout.write(`${JSON.stringify({ folder, card, files }, null, 2)}\n`);
    return;
  }
  process.stdout.write(await formatCard(folder, card));
  for (const report of files) process.stdout.write(`\n${await formatFile(report)}`);
}

async function fileReport(file: string): Promise<FileReport> {
  const { openWeightFile } = await import('@twnet/train/import/weight-file');
  const { format, metadata, tensors } = await openWeightFile(file);
  const rows = [...tensors.values()].map(({ name, type, shape, elements, read }) => ({
    name,
    type,
    shape,
    elements,
    ...(elements > MOST_ELEMENTS ? {} : tensorStatistics(read())),
  }));
  const parameters = rows.reduce((sum, { elements }) => sum + elements, 0);
  return { file, format, metadata, parameters, tensors: rows };
}

async function formatFile({ file, format, metadata, parameters, tensors }: FileReport): Promise<string> {
  const { printable } = await import('@twnet/train/import/printable');
  const rows = tensors.map(({ name, type, shape, ...values }) => [
    printable(name),
    type,
    shape.join('×') || '1',
    ...[values.min, values.mean, values.max, values.rms].map(number),
    values.notFinite ? `${values.notFinite} not finite` : '',
  ]);
  const facts = Object.entries(metadata).map(
    ([key, value]) => `  ${printable(key).padEnd(10)}${printable(value, 300)}\n`,
  );
  const head = `${file}: ${format}, ${tensors.length} tensors, ${parameters} numbers\n${facts.join('')}`;
  return head + table([['tensor', 'type', 'shape', 'min', 'mean', 'max', 'rms', ''], ...rows]);
}

const number = (value: number | undefined): string => (value === undefined ? '-' : value.toPrecision(4));

/** Columns as wide as their widest cell; numbers to the right. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0].map((_, column) =>
    rows.reduce((widest, row) => Math.max(widest, row[column].length), 0),
  );
  const line = (row: readonly string[]): string =>
    row.map((cell, i) => (i > 2 && i < 7 ? cell.padStart(widths[i]) : cell.padEnd(widths[i]))).join('  ');
  return rows.map((row) => `  ${line(row).trimEnd()}\n`).join('');
}

async function formatCard(folder: string, card: ModelCard): Promise<string> {
  const { printable } = await import('@twnet/train/import/printable');
  const networks = Object.entries(card.networks).map(
    ([name, { correction, tailRank, point, figures = {} }]) => {
      const tail = tailRank === undefined ? '' : `, tail of rank ${tailRank}`;
      const design = point === undefined ? '' : `, ${pointText(point)}`;
      const modules = correction
        ? ` (CFR ${onOff(correction.cfr)}, RGA ${onOff(correction.rga)}${tail}${design})`
        : '';
      const measured = Object.entries(figures).map(([figure, value]) => `${figure} ${value}`);
      return [
        name,
        `${card.networks[name as 'key']?.weights}${modules}${measured.length ? `; ${measured.join(', ')}` : ''}`,
      ];
    },
  );
  const rows = [
    ['name', card.name],
    ...(card.architecture === undefined ? [] : [['architecture', card.architecture]]),
    ['backbone', card.backbone],
    ['classes', `${card.classes.length}: ${card.classes.join(', ')}`],
    ['pixels', pixelsOf(card)],
    ...networks,
    ['trained on', card.provenance.trainedOn],
    ['started from', card.provenance.startedFrom],
    ['licence', card.provenance.licence],
  ];
  return `${folder}\n${rows.map(([name, value]) => `  ${name.padEnd(14)}${printable(value, 1000)}\n`).join('')}`;
}

const pointText = ({
  propagated,
  divisor,
  hidden,
  accumulated,
}: NonNullable<NetworkEntry['point']>): string =>
  `${propagated} warped ${accumulated ? 'from the key frame' : 'from frame to frame'}, pictures at 1/${divisor}, ${hidden} channels`;

const pixelsOf = ({ normalisation }: ModelCard): string =>
  normalisation === 'imagenet'
    ? "by ImageNet's mean and deviation"
    : `(x - ${normalisation.zeroPoint}) · ${normalisation.scale}`;

const onOff = (on: boolean): string => (on ? 'on' : 'off');

/** What the numbers of a tensor are like. */
interface TensorStatistics {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
  /** Root of the mean square. */
  readonly rms: number;
  /** Values that are not finite; the others leave them out. */
  readonly notFinite: number;
}

/** Undefined where no value is finite. */
function tensorStatistics(data: Float32Array): TensorStatistics | undefined {
  let [min, max, sum, squares, count] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0, 0, 0];
  for (const value of data) {
    if (!Number.isFinite(value)) continue;
    if (value < min) min = value;
    if (value > max) max = value;
    sum += value;
    squares += value * value;
    count += 1;
  }
  if (count === 0) return undefined;
  return { min, mean: sum / count, max, rms: Math.sqrt(squares / count), notFinite: data.length - count };
}
