/** `twnet benchmark clip`: ways from key frames to labels for every frame, side by side on a labelled clip. */
import { basename } from 'node:path';
import type { MotionSpec } from '@twnet/node/motion/motion-source';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { boundaryOption } from '../../../twnet/src/cli/boundary-option.js';
import { motionOption } from '../../../twnet/src/cli/motion-option.js';
import { listOf, positiveInteger, warpLayer } from '../../../twnet/src/cli/option-values.js';
import { percent } from '../../../twnet/src/cli/print-report.js';
import { showProgress } from '../../../twnet/src/cli/progress.js';
import type { NamedIou } from '../accuracy/clip-figures.js';
import { CLIP_METHODS, type ClipMethod } from '../accuracy/clip-method.js';
import type { MethodScore } from '../accuracy/clip-methods.js';
import { type MeasurementFlags, printMeasurement } from './print-measurement.js';

interface ClipFlags extends MeasurementFlags {
  readonly images: string;
  readonly labels: string;
  readonly model?: readonly string[];
  readonly methods: readonly ClipMethod[];
  readonly layer: 1 | 2 | 3;
  readonly gop: number;
  readonly allStarts?: boolean;
  readonly motion: MotionSpec;
  readonly byClass?: boolean;
  readonly boundary?: number;
  readonly threads?: number;
}

export function registerClipBenchmark(benchmark: Command): void {
  benchmark
    .command('clip')
    .description('mIoU over the distance from the key frame, on a clip whose every frame is labelled')
    .requiredOption('--images <dir>', 'consecutive frames, PNG')
    .requiredOption('--labels <dir>', 'their label maps, of the same names')
    .option(
      '--model <dirs...>',
      'model names or folders (default: camvid-mobilenet-v1); the first takes all --methods, further ones twnet alone',
    )
    .addOption(
      new Option('--methods <list>', `ways to compare: some of ${CLIP_METHODS.join(',')}`)
        .argParser(listOf(clipMethod))
        .default(['per-frame', 'warp-alone', 'twnet'], 'per-frame,warp-alone,twnet'),
    )
    .option('--layer <k>', 'decoder layer to warp', warpLayer, 1)
    .addOption(motionOption())
    .option('--gop <n>', 'frames from one I-frame to the next', positiveInteger, 12)
    .option('--all-starts', 'begin a stream at each of the first --gop frames, not only at the first')
    .addOption(boundaryOption())
    .option('--by-class', 'print IoU of each class and category as well')
    .option('--threads <n>', 'threads of ONNX Runtime', positiveInteger)
    .option('--json', 'print JSON')
    .addHelpText(
      'after',
      '\nExample:\n  twnet benchmark clip --images clip/images --labels clip/labels --methods twnet,per-frame,prop-mv',
    )
    .action(clip);
}

function clipMethod(name: string): ClipMethod {
  const known = CLIP_METHODS.find((method) => method === name);
  if (known) return known;
  throw new InvalidArgumentError(
    `There is no method "${name}"; take some of ${CLIP_METHODS.join(', ')}, separated by commas.`,
  );
}

interface Column extends MethodScore {
  /** The model's folder. */
  readonly model: string;
  /** Share of the first model's per-frame mIoU; null where that was not among the methods. */
  readonly kept: number | null;
}

async function clip(flags: ClipFlags): Promise<void> {
  const { methods, layer, gop, motion, threads, boundary, json } = flags;
  const [{ loadLabelledClip }, { scoreMethod }, { Model, PAPER_MODEL }, { motionName }] = await Promise.all([
    import('../accuracy/labelled-clip.js'),
    import('../accuracy/clip-methods.js'),
    import('@twnet/node/model/model'),
    import('@twnet/node/motion/motion-source'),
  ]);
  const [first, ...others] = await Promise.all(
    (flags.model ?? [PAPER_MODEL]).map((folder) => Model.open(folder)),
  );
  const labelled = await loadLabelledClip(flags.images, flags.labels);
  const frames = labelled.frames.length;
  const starts = flags.allStarts ? Array.from({ length: Math.min(gop, frames) }, (_, i) => i) : [0];
  const tasks = [
    ...methods.map((method) => ({ method, model: first })),
    ...others.map((model) => ({ method: 'twnet' as const, model })),
  ];
  const total = tasks.length * starts.reduce((sum, start) => sum + frames - start, 0);
  using progress = showProgress('clip', { unit: 'frames', total, silent: json });
  let done = 0;
  const scores: (MethodScore & { readonly model: string })[] = [];
  for (const { method, model } of tasks) {
    const run = { gop, starts, layer, motion, threads, boundary };
    const onFrame = (): void => progress.update(++done, method);
    scores.push({
      model: basename(model.folder),
      ...(await scoreMethod(method, labelled, model, run, onFrame)),
    });
  }
  progress.close();
  const perFrame = scores.find(({ method }) => method === 'per-frame')?.meanIou;
  const columns = scores.map(
    (score): Column => ({ ...score, kept: perFrame === undefined ? null : score.meanIou / perFrame }),
  );
  // JSON has no NaN: what does not occur becomes null.
  const report = { frames, gop, starts: starts.length, layer, motion: motionName(motion), columns };
  await printMeasurement(flags, [first, ...others], report, table(columns, flags.byClass === true));
}

function table(columns: readonly Column[], byClass: boolean): string[] {
  const row = (name: string, cell: (column: Column) => string): string =>
    name.padEnd(12) + columns.map((column) => cell(column).padStart(14)).join('');
  const named = (list: (column: Column) => readonly NamedIou[]): string[] =>
    list(columns[0]).map(({ name }, index) => row(name, (column) => percent(list(column)[index].iou)));
  const severalModels = new Set(columns.map(({ model }) => model)).size > 1;
  return [
    row('distance', ({ method, model }) => (severalModels && method === 'twnet' ? model.slice(-13) : method)),
    ...columns[0].curve.map(({ distance }, index) =>
      row(String(distance), ({ curve }) => percent(curve[index].meanIou)),
    ),
    ...SHARES.filter(([, value]) => columns.some((column) => Number.isFinite(value(column)))).map(
      ([name, value]) => row(name, (column) => percent(value(column))),
    ),
    row('kept', ({ kept }) => (kept === null ? '–' : kept.toFixed(4))),
    row('ms a frame', ({ milliseconds }) => milliseconds.toFixed(1)),
    row('latency', ({ latency }) => String(latency)),
    ...(byClass
      ? ['', ...named(({ classes }) => classes), '', ...named(({ categories }) => categories)]
      : []),
  ];
}

/** Rows below the distances; those that were not asked for, or that the clip is too short for, are left out. */
const SHARES: readonly (readonly [name: string, value: (column: Column) => number | undefined])[] = [
  ['all', ({ meanIou }) => meanIou],
  ['mean', ({ meanOverDistances }) => meanOverDistances],
  ['uniform', ({ uniformDistance }) => uniformDistance?.expected],
  ['boundary', ({ boundaryMeanIou }) => boundaryMeanIou],
  ['VC8', ({ videoConsistency }) => videoConsistency.vc8],
  ['VC16', ({ videoConsistency }) => videoConsistency.vc16],
];
