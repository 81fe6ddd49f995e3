/** `twnet benchmark clip --methods …`: ways from key frames to labels for every frame, side by side. */
import { InputError } from '@twnet/core/errors';
import type { MotionSpec } from '@twnet/node/motion/motion-source';
import { percent } from '../../../twnet/src/cli/print-report.js';
import { showProgress } from '../../../twnet/src/cli/progress.js';
import type { ClipMethod, MethodScore, NamedIou } from '../accuracy/clip-methods.js';
import { clipRows } from './clip-rows.js';
import { type MeasurementFlags, printMeasurement } from './print-measurement.js';

interface MethodFlags extends MeasurementFlags {
  readonly images: string;
  readonly labels: string;
  readonly methods: readonly ClipMethod[];
  readonly model?: readonly string[];
  readonly layer: 1 | 2 | 3;
  readonly gop: number;
  readonly allStarts?: boolean;
  readonly motion: MotionSpec;
  readonly byClass?: boolean;
  readonly boundary?: number;
  readonly threads?: number;
}

interface Column extends MethodScore {
  /** Share of the per-frame network's mIoU; null where that was not among the methods. */
  readonly kept: number | null;
}

export async function compareMethods(flags: MethodFlags): Promise<void> {
  const { methods, layer, gop, motion, threads, boundary, json } = flags;
  if (flags.model && flags.model.length > 1) {
    throw new InputError(
      `--methods compares the ways of one model; give one --model, not ${flags.model.length}`,
    );
  }
  const [{ loadLabelledClip }, { scoreMethod }] = await Promise.all([
    import('../accuracy/labelled-clip.js'),
    import('../accuracy/clip-methods.js'),
  ]);
  const { Model } = await import('@twnet/node/model/model');
  const { motionName } = await import('@twnet/node/motion/motion-source');
  const model = await Model.open(flags.model?.[0]);
  const clip = await loadLabelledClip(flags.images, flags.labels);
  const frames = clip.frames.length;
  const starts = flags.allStarts ? Array.from({ length: Math.min(gop, frames) }, (_, i) => i) : [0];
  const total = methods.length * starts.reduce((sum, start) => sum + frames - start, 0);
  using progress = showProgress('clip', { unit: 'frames', total, silent: json });
  let done = 0;
  const scores: MethodScore[] = [];
  for (const method of methods) {
    const run = { gop, starts, layer, motion, threads, boundary };
    scores.push(await scoreMethod(method, clip, model, run, () => progress.update(++done, method)));
  }
  progress.close();
  const perFrame = scores.find(({ method }) => method === 'per-frame')?.meanIou;
  const columns = scores.map((score) => ({
    ...score,
    kept: perFrame === undefined ? null : score.meanIou / perFrame,
  }));
  const report = {
    model: model.card.name,
    frames,
    gop,
    starts: starts.length,
    layer,
    motion: motionName(motion),
    methods: columns,
  };
  // JSON has no NaN: what does not occur becomes null.
  await printMeasurement(flags, [model], report, table(columns, flags.byClass === true));
}

function table(columns: readonly Column[], byClass: boolean): string[] {
  const row = (first: string, cell: (column: Column) => string): string =>
    first.padEnd(12) + columns.map((column) => cell(column).padStart(12)).join('');
  const named = (list: (column: Column) => readonly NamedIou[]): string[] =>
    list(columns[0]).map(({ name }, index) => row(name, (column) => percent(list(column)[index].iou)));
  return [
    row('distance', ({ method }) => method),
    ...columns[0].curve.map(({ distance }, index) =>
      row(String(distance), ({ curve }) => percent(curve[index].meanIou)),
    ),
    ...clipRows(columns).map(([label, cell]) => row(label, cell)),
    row('kept', ({ kept }) => (kept === null ? '–' : kept.toFixed(4))),
    row('ms a frame', ({ milliseconds }) => milliseconds.toFixed(1)),
    row('latency', ({ latency }) => String(latency)),
    ...(byClass
      ? ['', ...named(({ classes }) => classes), '', ...named(({ categories }) => categories)]
      : []),
  ];
}
