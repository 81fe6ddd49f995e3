/** `twnet benchmark stills`. */
import { InputError } from '@twnet/core/errors';
import type { ModelNetworks } from '@twnet/core/runtime/networks';
import type { DataSet, Split } from '@twnet/train/data/sets/data-set';
import { type Command, Option } from 'commander';
import { positiveInteger } from '../../../twnet/src/cli/option-values.js';
import { finiteOrNull, percent } from '../../../twnet/src/cli/print-report.js';
import { showProgress } from '../../../twnet/src/cli/progress.js';
import { withNetworks } from '../../../twnet/src/cli/with-networks.js';
import { type MeasurementFlags, printMeasurement } from './print-measurement.js';

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
    .option('--threads <n>', 'threads of ONNX Runtime', positiveInteger)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  twnet benchmark stills --data camvid')
    .action(stills);
}

interface StillsFlags extends MeasurementFlags {
  readonly model?: string;
  readonly threads?: number;
  readonly data: string;
  readonly split?: Split;
}

async function stills({ data, split, threads, json, output, ...flags }: StillsFlags): Promise<void> {
  const { PAPER_MODEL } = await import('@twnet/node/model/shipped-models');
  const { model = PAPER_MODEL } = flags;
  const { loadStill } = await import('@twnet/train/data/camvid');
  const { openDataSet } = await import('@twnet/train/data/sets/open');
  const [{ classIou, meanIou, pixelAccuracy }, { scoreStills }] = await Promise.all([
    import('@twnet/core/metrics/metrics'),
    import('../accuracy/score-stills.js'),
  ]);
  const dataSet = await openDataSet(data);
  const files = await dataSet.stills(split ?? dataSet.scoringSplit);
  const { width, height } = await loadStill(files[0]);
  using progress = showProgress('stills', { unit: 'pictures', total: files.length, silent: json });
  const { card, matrix } = await withNetworks(
    model,
    { width, height, threads, perFrame: true },
    async (networks) => {
      checkClasses(dataSet, networks);
      const matrix = await scoreStills(networks, files, (done) => progress.update(done));
      return { card: networks.card, matrix };
    },
  );
  progress.close();
  const iou = classIou(matrix).map((value, index) => ({
    name: card.classes[index],
    iou: finiteOrNull(value),
  }));
  const report = {
    model: card.name,
    pictures: files.length,
    meanIou: meanIou(matrix),
    pixelAccuracy: pixelAccuracy(matrix),
    classes: iou,
  };
  await printMeasurement({ json, output }, [model], report, [
    ...iou.map(({ name, iou: value }) => `${name.padEnd(14)}${percent(value)}`),
    `${'mIoU'.padEnd(14)}${percent(report.meanIou)}`,
    `${'pixel accuracy'.padEnd(14)}${percent(report.pixelAccuracy)}`,
  ]);
}

function checkClasses({ folder, classes }: DataSet, { card }: ModelNetworks): void {
  if (card.classes.join() === classes.classes.join()) return;
  throw new InputError(
    `${folder}: has the classes ${classes.classes.join(', ')}, the model ${card.classes.join(', ')}; give a model trained on such data`,
  );
}
