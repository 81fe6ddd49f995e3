/** `twnet benchmark stills`. */
import { InputError } from '@twnet/core/errors';
import type { ConfusionMatrix } from '@twnet/core/metrics/confusion';
import type { ModelCard } from '@twnet/core/model/model-card';
import type { PictureSize } from '@twnet/core/runtime/frame-call';
import type { ModelNetworks } from '@twnet/core/runtime/networks';
import type { StillFile } from '@twnet/train/data/camvid';
import type { DataSet, Split } from '@twnet/train/data/sets/data-set';
import { type Command, Option } from 'commander';
import { positiveInteger } from '../../../twnet/src/cli/option-values.js';
import { finiteOrNull, percent } from '../../../twnet/src/cli/print-report.js';
import { showProgress } from '../../../twnet/src/cli/progress.js';
import { withNetworks } from '../../../twnet/src/cli/with-networks.js';
import { type MeasurementFlags, printMeasurement } from './print-measurement.js';

const EXAMPLES = `
Examples:
  twnet benchmark stills --data camvid
  twnet benchmark stills --data camvid --model cityscapes

Cityscapes' classes are merged into CamVid's where the data set has those.`;

export function registerStillsBenchmark(benchmark: Command): void {
  benchmark
    .command('stills')
    .description('mIoU of the key-frame network on labelled stills')
    .requiredOption('--data <dir>', 'a data set: CamVid, Cityscapes, or your own (see twnet data check)')
    .addOption(
      new Option('--split <name>', 'default: test, or val where test has no labels').choices([
        'train',
        'val',
        'test',
      ]),
    )
    .option('--model <dir>', 'model name or folder (default: camvid-mobilenet-v1)')
    .option('--against <model>', 'another, such as the weights it started from, whose mIoU is given beside')
    .option('--threads <n>', 'threads of ONNX Runtime', positiveInteger)
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(stills);
}

interface StillsFlags extends MeasurementFlags {
  readonly model?: string;
  readonly threads?: number;
  readonly data: string;
  readonly split?: Split;
  readonly against?: string;
}

async function stills({ data, split, threads, json, output, against, ...flags }: StillsFlags): Promise<void> {
  const { PAPER_MODEL } = await import('@twnet/node/model/shipped-models');
  const { model = PAPER_MODEL } = flags;
  const { openDataSet } = await import('@twnet/train/data/sets/open');
  const { classIou, meanIou, pixelAccuracy } = await import('@twnet/core/metrics/metrics');
  const dataSet = await openDataSet(data);
  const files = await dataSet.stills(split ?? dataSet.scoringSplit);
  const models = against === undefined ? [model] : [model, against];
  using progress = showProgress('stills', {
    unit: 'pictures',
    total: models.length * files.length,
    silent: json,
  });
  const scored: Awaited<ReturnType<typeof scoreOf>>[] = [];
  for (const [turn, one] of models.entries())
    scored.push(
      await scoreOf(one, dataSet, files, threads, (done) => progress.update(turn * files.length + done)),
    );
  progress.close();
  const [{ card, matrix }, other] = scored;
  const iou = classIou(matrix).map((value, index) => ({
    name: dataSet.classes.classes[index],
    iou: finiteOrNull(value),
  }));
  const report = {
    model: card.name,
    pictures: files.length,
    meanIou: meanIou(matrix),
    pixelAccuracy: pixelAccuracy(matrix),
    classes: iou,
    ...(other ? { against: { model: other.card.name, meanIou: meanIou(other.matrix) } } : {}),
  };
  await printMeasurement({ json, output }, [model], report, [
    ...iou.map(({ name, iou: value }) => `${name.padEnd(14)}${percent(value)}`),
    `${'mIoU'.padEnd(14)}${percent(report.meanIou)}`,
    `${'pixel accuracy'.padEnd(14)}${percent(report.pixelAccuracy)}`,
    ...(report.against ? [`mIoU of ${report.against.model} ${percent(report.against.meanIou)}`] : []),
  ]);
}

async function scoreOf(
  model: string,
  dataSet: DataSet,
  files: readonly StillFile[],
  threads: number | undefined,
  onPicture: (done: number) => void,
): Promise<{ card: ModelCard; matrix: ConfusionMatrix }> {
  const { loadStill } = await import('@twnet/train/data/camvid');
  const { scoreStills } = await import('../accuracy/score-stills.js');
  const { width, height } = await loadStill(files[0]);
  const keySize = await keySizeOf(model, { width, height });
  return await withNetworks(model, { width, height, keySize, threads, perFrame: true }, async (networks) => {
    const merged = await classesIn(dataSet, networks);
    return { card: networks.card, matrix: await scoreStills(networks, files, onPicture, merged) };
  });
}

/** As a segmenter sees them where `twnet segment` chooses the scale: small ones at twice their sides, which is what it does itself. */
async function keySizeOf(model: string, size: PictureSize): Promise<PictureSize | undefined> {
  const [{ Model }, { architectureOf }, { automaticScale }] = await Promise.all([
    import('@twnet/node/model/model'),
    import('@twnet/core/model/operating-points'),
    import('@twnet/core/network/working-size'),
  ]);
  const { card } = await Model.open(model);
  return architectureOf(card) === 'lateral' || automaticScale(size) > 1 ? undefined : size;
}

/** For each of the model's classes the data set's that it is, or that holds it. */
async function classesIn(
  { folder, classes: { classes } }: DataSet,
  { card }: ModelNetworks,
): Promise<readonly number[]> {
  const { mergedClasses } = await import('@twnet/train/import/merged-classes');
  const merged = mergedClasses(card.classes, classes);
  if (classes.every((_, id) => merged.includes(id))) return merged;
  throw new InputError(
    `${folder}: has the classes ${classes.join(', ')}, the model ${card.classes.join(', ')}; give a model trained on such data`,
  );
}
