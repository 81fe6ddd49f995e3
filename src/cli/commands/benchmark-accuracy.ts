/** `twnet benchmark stills|clip|flicker`. */
import { basename } from 'node:path';
import { type Command, Option } from 'commander';
import type { DataSet, Split } from '../../data/sets/index.js';
import { InputError } from '../../errors.js';
import type { ClipMethod, DistancePoint, UniformDistance } from '../../evaluate/index.js';
import type { Networks, NetworksOptions } from '../../network/index.js';
import type { MotionSpec } from '../../segment/index.js';
import { motionOption } from '../motion-option.js';
import { positiveInteger, warpLayer } from '../option-values.js';
import { showProgress } from '../progress.js';
import { CLIP_METHOD_NAMES, methodList } from './method-list.js';

interface ModelFlags {
  readonly model?: string;
  readonly threads?: number;
  readonly json?: boolean;
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
    .option('--by-class', 'with --methods: IoU of each class and category as well')
    .option('--threads <n>', 'threads of ONNX Runtime', positiveInteger)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  twnet benchmark clip --images clip/images --labels clip/labels --methods twnet,per-frame,prop-mv',
    )
    .action(clip);
  benchmark
    .command('flicker')
    .description('share of pixels whose label changes along the motion, against the per-frame network')
    .argument('<video>', 'any video; no labels are needed')
    .option('--model <dir>', 'model folder (default: the one that ships)')
    .option('--layer <k>', 'decoder layer to warp', warpLayer, 1)
    .option('--frames <n>', 'stop after so many frames', positiveInteger)
    .option('--threads <n>', 'threads of ONNX Runtime', positiveInteger)
    .option('--json', 'print JSON')
    .action(flicker);
}

interface StillsFlags extends ModelFlags {
  readonly data: string;
  readonly split?: Split;
}

async function stills({ data, split, model, threads, json }: StillsFlags): Promise<void> {
  const { loadStill } = await import('../../data/camvid.js');
  const { openDataSet } = await import('../../data/sets/index.js');
  const { classIou, meanIou, pixelAccuracy, scoreStills } = await import('../../evaluate/index.js');
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
  print(json, report, [
    ...iou.map(({ name, iou: value }) => `${name.padEnd(14)}${percent(value)}`),
    `${'mIoU'.padEnd(14)}${percent(report.meanIou)}`,
    `${'pixel accuracy'.padEnd(14)}${percent(report.pixelAccuracy)}`,
  ]);
}

function checkClasses({ folder, classes }: DataSet, { card }: Networks): void {
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
}

/** One column of the clip's table. */
interface ClipColumn {
  readonly name: string;
  /** Of all frames in one confusion matrix. */
  readonly meanIou: number;
  /** `meanIou` over the per-frame network's. */
  readonly ratio: number;
  readonly meanOverDistances: number;
  /** Without where the streams of one start leave distances open. */
  readonly uniformDistance?: UniformDistance;
  readonly curve: readonly DistancePoint[];
}

async function clip(flags: ClipFlags): Promise<void> {
  const { methods } = flags;
  if (methods) {
    const { compareMethods } = await import('./benchmark-methods.js');
    return compareMethods({ ...flags, methods });
  }
  if (flags.byClass) throw new InputError('--by-class needs --methods, such as --methods twnet,per-frame');
  const { loadLabelledClip, meanIou, meanOverDistances, scoreClip, uniformDistance } = await import(
    '../../evaluate/index.js'
  );
  const { gop, layer, threads, json } = flags;
  const labelled = await loadLabelledClip(flags.images, flags.labels);
  const { width, height, frames } = labelled;
  const { MotionSource } = await import('../../segment/index.js');
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
    const curve = await withNetworks(model, options, (networks) =>
      scoreClip(labelled, networks, { gop, starts, perFrame, motion }, () => progress.update(++done, name)),
    );
    const score = meanIou(curve.overall());
    const points = curve.points();
    columns.push({
      name,
      meanIou: score,
      ratio: score / (columns[0]?.meanIou ?? score),
      meanOverDistances: meanOverDistances(points),
      uniformDistance: uniformDistance(curve.pictures(), { distances: gop }),
      curve: points,
    });
  }
  progress.close();
  const report = { frames: frames.length, gop, starts: starts.length, layer, motion: motion.name, columns };
  print(json, report, clipTable(columns));
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
    row(
      'all',
      columns.map(({ meanIou }) => percent(meanIou)),
    ),
    row(
      'mean',
      columns.map((column) => percent(column.meanOverDistances)),
    ),
    row(
      'uniform',
      columns.map(({ uniformDistance: uniform }) => percent(uniform?.expected ?? null)),
    ),
    row(
      'ratio',
      columns.map(({ ratio }) => ratio.toFixed(4)),
    ),
  ];
}

interface FlickerFlags extends ModelFlags {
  readonly layer: 1 | 2 | 3;
  readonly frames?: number;
}

async function flicker(path: string, { model, layer, frames, threads, json }: FlickerFlags): Promise<void> {
  const { videoFlicker } = await import('../../evaluate/index.js');
  const { openVideo } = await import('../../video/index.js');
  const { width, height, frameCountEstimate } = (await openAndClose(path)).info;
  const each = Math.min(frames ?? Number.POSITIVE_INFINITY, frameCountEstimate ?? Number.POSITIVE_INFINITY);
  const total = Number.isFinite(each) ? 2 * each : undefined;
  using progress = showProgress('flicker', { unit: 'frames', total, silent: json });
  let done = 0;
  const report = await withNetworks(model, { width, height, layer, threads }, async (networks) => {
    const shares: number[] = [];
    for (const perFrame of [true, false]) {
      await using video = await openVideo(path);
      const meter = await videoFlicker(video, networks, { perFrame, frames }, () => progress.update(++done));
      shares.push(meter.mean());
    }
    const [perFrame, propagated] = shares;
    return { model: networks.card.name, layer, perFrame, propagated, ratio: propagated / perFrame };
  });
  progress.close();
  print(json, report, [
    `pixels whose label changes from frame to frame, along the motion`,
    `per frame   ${percent(report.perFrame)} %`,
    `propagated  ${percent(report.propagated)} %  (${report.ratio.toFixed(3)} of per frame)`,
  ]);
}

/** A video's facts, without reading its frames. */
async function openAndClose(path: string) {
  const { openVideo } = await import('../../video/index.js');
  const video = await openVideo(path);
  await video.close();
  return video;
}

/** Opens networks for as long as `use` runs. */
async function withNetworks<T>(
  model: string | undefined,
  options: NetworksOptions,
  use: (networks: Networks) => Promise<T>,
): Promise<T> {
  const { loadNetworks } = await import('../../network/index.js');
  const networks = await loadNetworks(model, options);
  try {
    return await use(networks);
  } finally {
    await networks.close();
  }
}

function print(json: boolean | undefined, report: unknown, lines: readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : `${lines.join('\n')}\n`);
}

function percent(share: number | null): string {
  return share === null || Number.isNaN(share) ? '–' : (100 * share).toFixed(2);
}

function finiteOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
