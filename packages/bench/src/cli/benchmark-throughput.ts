/** `twnet benchmark throughput`: frames a second of every way that models have from a video to labels. */
import { type Command, Option } from 'commander';
import { evenSize, positiveInteger } from '../../../twnet/src/cli/option-values.js';
import { showProgress } from '../../../twnet/src/cli/progress.js';
import type { FrameSize } from '../speed/speed-plan.js';
import { type MeasurementFlags, printMeasurement } from './print-measurement.js';

interface ThroughputFlags extends MeasurementFlags {
  readonly model?: string[];
  readonly size: FrameSize;
  readonly gop: number;
  readonly groups: number;
  readonly rounds: number;
  readonly threads?: number;
}

const EXAMPLES = `
Examples:
  twnet benchmark throughput --size 1280x720
  twnet benchmark throughput --model cityscapes camvid-mobilenet-v1 --size 2048x1024 --rounds 3

A frame's time is from the file to labels of the video's size, over whole groups of pictures, of every model's per-frame
network and operating points, run in turns. Speeds are set against the per-frame network of the last model.`;

export function registerThroughputBenchmark(benchmark: Command): void {
  benchmark
    .command('throughput')
    .description('frames a second of per frame and every operating point, end to end, on a panning texture')
    .option('--model <models...>', 'model names or folders (default: the one that twnet segment takes)')
    .addOption(
      new Option('--size <WxH>', 'frame size')
        .argParser(evenSize)
        .default({ width: 2048, height: 1024 }, '2048x1024'),
    )
    .option('--gop <n>', 'frames of a group of pictures', positiveInteger, 12)
    .option('--groups <n>', 'groups of pictures that are timed', positiveInteger, 3)
    .option('--rounds <n>', 'runs of each, of which the median counts', positiveInteger, 5)
    .option('--threads <n>', 'threads of ONNX Runtime', positiveInteger)
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(throughput);
}

async function throughput(flags: ThroughputFlags): Promise<void> {
  const { size, gop, groups, rounds, threads, json } = flags;
  const [
    { measureThroughput },
    { perFrameAt, pointsOf },
    { throughputLines },
    { Model },
    { describeMachine },
  ] = await Promise.all([
    import('../throughput/throughput.js'),
    import('../methods/network-methods.js'),
    import('./throughput-lines.js'),
    import('@twnet/node/model/model'),
    import('../stamp/machine.js'),
  ]);
  const models = await Promise.all((flags.model ?? [undefined]).map((model) => Model.open(model)));
  const perFrame = models.map((model) => perFrameAt(model, 1, { threads }));
  const methods = models.flatMap((model, index) => [perFrame[index], ...pointsOf(model, { threads })]);
  using progress = showProgress('throughput', { unit: 'frames', silent: json });
  const plan = { methods, reference: perFrame.at(-1)!, size, gop, groups, rounds };
  const measured = await measureThroughput(plan, (done, total, what) => progress.update(done, what, total));
  progress.close();
  const machine = describeMachine();
  const named = models.map(({ card, digest }) => ({ name: card.name, digest }));
  const report = {
    models: named,
    ...size,
    gop,
    groups,
    rounds,
    threads: threads ?? null,
    machine,
    methods: measured,
  };
  await printMeasurement(flags, models, report, throughputLines(report));
}
