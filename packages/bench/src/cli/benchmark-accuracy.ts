/** `twnet benchmark stills|clip`, and `flicker`. */
import { basename } from 'node:path';
import { InputError } from '@twnet/core/errors';
import type { ModelNetworks } from '@twnet/core/runtime/networks';
import type { MotionSpec } from '@twnet/node/motion/motion-source';
import type { DataSet, Split } from '@twnet/train/data/sets/data-set';
import { type Command, Option } from 'commander';
import { boundaryOption } from '../../../twnet/src/cli/boundary-option.js';
import { motionOption } from '../../../twnet/src/cli/motion-option.js';
import { positiveInteger, warpLayer } from '../../../twnet/src/cli/option-values.js';
import { finiteOrNull, percent } from '../../../twnet/src/cli/print-report.js';
import { showProgress } from '../../../twnet/src/cli/progress.js';
import { withNetworks } from '../../../twnet/src/cli/with-networks.js';
import type { ClipFigures } from '../accuracy/clip-figures.js';
import type { ClipMethod } from '../accuracy/clip-methods.js';
import { registerFlickerBenchmark } from './benchmark-flicker.js';
import { clipRows } from './clip-rows.js';
import { CLIP_METHOD_NAMES, methodList } from './method-list.js';
import { type MeasurementFlags, printMeasurement } from './print-measurement.js';

interface ModelFlags extends MeasurementFlags {
  readonly model?: string;
  readonly threads?: number;
}

export function registerAccuracyBenchmarks(benchmark: Command): void {
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
    .option('--model <dir>', 'model folder (default: the one that ships)')
    .option('--threads <n>', 'threads of ONNX Runtime', positiveInteger)
    .option('--json', 'print JSON')
    .addHelpText('after', '\nExample:\n  twnet benchmark stills --data camvid')
    .action(stills);
  benchmark
    .command('clip')
    .description('mIoU over the distance from the key frame, on a clip whose every frame is labelled')
    .requiredOption('--images <dir>', 'consecutive frames, PNG')
    .requiredOption('--labels <dir>', 'their label maps, of the same names')
    .option('--model <dirs...>', 'model folders to compare; the first one also gives the baselines')
    .option('--layer <k>', 'decoder layer to warp', warpLayer, 1)
    .addOption(motionOption())
    .option('--gop <n>', 'frames from one I-frame to the next', positiveInteger, 12)
    .option('--all-starts', 'begin a stream at each of the first --gop frames, not only at the first')
    .option('--methods <list>', `compare these ways instead: ${CLIP_METHOD_NAMES}`, methodList)
    .addOption(boundaryOption())
    .option('--by-class', 'with --methods: IoU of each class and category as well')
    .option('--threads <n>', 'threads of ONNX Runtime', positiveInteger)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  twnet benchmark clip --images clip/images --labels clip/labels --methods twnet,per-frame,prop-mv',
    )
    .action(clip);
  registerFlickerBenchmark(benchmark);
}

interface StillsFlags extends ModelFlags {
  readonly data: string;
  readonly split?: Split;
}

async function stills({ data, split, model, threads, json, output }: StillsFlags): Promise<void> {
  const { loadStill } = await import('@twnet/train/data/camvid');
  const { openDataSet } = await import('@twnet/train/data/sets/index');
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

interface ClipFlags extends Omit<ModelFlags, 'model'> {
  readonly images: string;
  readonly labels: string;
  readonly model?: string[];
  readonly layer: 1 | 2 | 3;
  readonly gop: number;
  readonly allStarts?: boolean;
  readonly motion: MotionSpec;
  readonly methods?: readonly ClipMethod[];
  readonly byClass?: boolean;
  readonly boundary?: number;
}

/** One column of the clip's table. */
interface ClipColumn extends ClipFigures {
  readonly name: string;
  /** `meanIou` over the per-frame network's. */
  readonly ratio: number;
}

async function clip(flags: ClipFlags): Promise<void> {
  const { methods } = flags;
  if (methods) {
    const { compareMethods } = await import('./benchmark-methods.js');
    return compareMethods({ ...flags, methods });
  }
  if (flags.byClass) throw new InputError('--by-class needs --methods, such as --methods twnet,per-frame');
  const [{ ClipMeter }, { loadLabelledClip, scoreClip }] = await Promise.all([
    import('../accuracy/clip-figures.js'),
    import('../accuracy/labelled-clip.js'),
  ]);
  const { gop, layer, threads, boundary, json } = flags;
  const labelled = await loadLabelledClip(flags.images, flags.labels);
  const { width, height, frames } = labelled;
  const { MotionSource } = await import('@twnet/node/motion/motion-source');
  using motion = await MotionSource.open(flags.motion, width, height);
  const starts = flags.allStarts ? Array.from({ length: Math.min(gop, frames.length) }, (_, i) => i) : [0];
  const models = flags.model ?? [undefined];
  const runs = [
    { name: 'per frame', model: models[0], perFrame: true, warpAlone: false },
    { name: 'warp alone', model: models[0], perFrame: false, warpAlone: true },
    ...models.map((model) => ({
      name: model === undefined ? 'shipped' : basename(model),
      model,
      perFrame: false,
      warpAlone: false,
    })),
  ];
  const total = runs.length * starts.reduce((sum, start) => sum + frames.length - start, 0);
  using progress = showProgress('clip', { unit: 'frames', total, silent: json });
  let done = 0;
  const columns: ClipColumn[] = [];
  for (const { name, model, perFrame, warpAlone } of runs) {
    const options = { width, height, layer, threads, perFrame, warpAlone: warpAlone || undefined };
    const figures = await withNetworks(model, options, async (networks) => {
      const meter = new ClipMeter(labelled, networks.classes, { gop, boundary });
      const run = { gop, starts, perFrame, motion };
      const curve = await scoreClip(labelled, networks, run, (frame) => {
        meter.add(frame);
        progress.update(++done, name);
      });
      return meter.figures(curve);
    });
    columns.push({ name, ratio: figures.meanIou / (columns[0]?.meanIou ?? figures.meanIou), ...figures });
  }
  progress.close();
  const report = { frames: frames.length, gop, starts: starts.length, layer, motion: motion.name, columns };
  await printMeasurement(flags, models, report, clipTable(columns));
}

function clipTable(columns: readonly ClipColumn[]): string[] {
  const row = (first: string, cells: readonly string[]): string =>
    first.padEnd(10) + cells.map((cell) => cell.padStart(14)).join('');
  return [
    row(
      'distance',
      columns.map(({ name }) => name.slice(-13)),
    ),
    ...columns[0].curve.map(({ distance }, index) =>
      row(
        String(distance),
        columns.map(({ curve }) => percent(curve[index].meanIou)),
      ),
    ),
    ...clipRows(columns).map(([label, cell]) => row(label, columns.map(cell))),
    row(
      'ratio',
      columns.map(({ ratio }) => ratio.toFixed(4)),
    ),
  ];
}
