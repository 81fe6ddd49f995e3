/** `twnet benchmark frontier`: accuracy over time a frame of every way from a stream to labels, on a labelled clip. */
import { InputError } from '@twnet/core/errors';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { boundaryOption } from '../../../twnet/src/cli/boundary-option.js';
import { listOf, positiveInteger, positiveShare } from '../../../twnet/src/cli/option-values.js';
import { showProgress } from '../../../twnet/src/cli/progress.js';
import type { Coding } from '../methods/coding.js';
import { codingOption, openClip, plotOption, writePlot } from './clip-input.js';
import { frontierLines } from './frontier-lines.js';
import { type MeasurementFlags, printMeasurement } from './print-measurement.js';

interface FrontierFlags extends MeasurementFlags {
  readonly model?: readonly string[];
  readonly scales: readonly number[];
  readonly baselines: boolean;
  readonly coding: Coding;
  readonly gop: number;
  readonly allStarts?: boolean;
  readonly stretch: number;
  readonly rounds: number;
  readonly frames?: number;
  readonly boundary?: number;
  readonly threads?: number;
  readonly plot?: string;
}

const EXAMPLES = `
Examples:
  twnet benchmark frontier camvid-15hz --model camvid camvid-mobilenet-v1 --all-starts --plot frontier.svg
  twnet benchmark frontier camvid-15hz --scales 0.5,1 --frames 13 --rounds 1   # whether it runs

Everything is scored once and then timed in turns, --rounds times, from the file to labels of the clip's size; times are
medians. “As fast” is the model's own per-frame network at the scale that takes the same time, between those measured,
over the logarithm of time. Intervals hold 95 % of what stretches of the clip, drawn anew, would give.`;

const SCALES = [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1];

export function registerFrontierBenchmark(benchmark: Command): void {
  benchmark
    .command('frontier')
    .description('accuracy over time a frame: per frame at every scale, operating points, other methods')
    .argument('<clip>', 'folder with images/ and labels/: consecutive frames, all labelled')
    .option(
      '--model <models...>',
      'model names or folders, of CamVid’s classes (default: the newest that ships); baselines are run on the first',
    )
    .addOption(
      new Option('--scales <list>', "shares of the models' working size, per frame; 1 is always there")
        .argParser(scaleList)
        .default(SCALES, SCALES.join(',')),
    )
    .option('--no-baselines', 'leave out Prop-mv, Interp-mv, DFF and TapLab')
    .addOption(codingOption())
    .option('--gop <n>', 'frames from one I-frame to the next', positiveInteger, 12)
    .option('--all-starts', 'by distance: begin a stream at each of the first --gop frames')
    .option('--stretch <n>', 'pictures of a stretch, of which intervals are drawn', positiveInteger, 4)
    .option('--rounds <n>', 'times that everything is timed', positiveInteger, 5)
    .option('--frames <n>', 'only the first frames of the clip', positiveInteger)
    .addOption(boundaryOption())
    .option('--threads <n>', 'threads of ONNX Runtime', positiveInteger)
    .addOption(plotOption())
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(frontier);
}

function scaleList(text: string): number[] {
  const scales = listOf(positiveShare)(text);
  if (scales.length === 0) throw new InvalidArgumentError('Give shares such as 0.5,1.');
  return [...new Set([...scales, 1])].sort((a, b) => a - b);
}

async function frontier(folder: string, flags: FrontierFlags): Promise<void> {
  const { gop, coding, rounds, boundary, stretch, threads, json } = flags;
  const [{ measureFrontier }, { baselinesOf, perFrameAt, pointsOf, warpsAloneOf }] = await Promise.all([
    import('../frontier/frontier.js'),
    import('../methods/network-methods.js'),
  ]);
  const { clip, models, classes } = await openClip(folder, flags);
  const frames = clip.frames.length;
  if (frames < 2) throw new InputError(`${folder}: a clip of one frame cannot be timed`);
  const methods = models.flatMap((model, index) => [
    ...flags.scales.map((scale) => perFrameAt(model, scale, { threads })),
    ...pointsOf(model, { threads }),
    ...warpsAloneOf(model, { threads }),
    ...(flags.baselines && index === 0 ? baselinesOf(model, { threads }) : []),
  ]);
  const starts = flags.allStarts ? Array.from({ length: Math.min(gop, frames) }, (_, i) => i) : [0];
  using progress = showProgress('frontier', { unit: 'frames', silent: json });
  const plan = { clip, classes, methods, coding, gop, starts, rounds, boundary, stretch };
  const figures = await measureFrontier(plan, (done, total, what) => progress.update(done, what, total));
  progress.close();
  const { width, height } = clip;
  const report = {
    ...{ frames, width, height, gop, coding, starts: starts.length, rounds, stretch, level: 0.95 },
    methods: figures,
  };
  if (flags.plot !== undefined) {
    const { frontierChart } = await import('../report/frontier-chart.js');
    await writePlot(flags.plot, frontierChart(figures));
  }
  await printMeasurement(flags, models, report, frontierLines(figures));
}
