/** `twnet benchmark speed`. */
import { InputError } from '@twnet/core/errors';
import type { WarpLayer } from '@twnet/core/network/key-frame';
import { type Command, Option } from 'commander';
import {
  evenSize,
  groupsAtATime,
  listOf,
  positiveInteger,
  warpLayer,
} from '../../../twnet/src/cli/option-values.js';
import { showProgress } from '../../../twnet/src/cli/progress.js';
import type { FrameSize } from '../speed/speed-plan.js';
import { backboneList, knownBackbones } from './backbone-list.js';
import { type MeasurementFlags, printMeasurement } from './print-measurement.js';

interface SpeedFlags extends MeasurementFlags {
  readonly model?: string[];
  readonly backbones?: readonly string[];
  readonly layers: readonly WarpLayer[];
  readonly sizes: readonly FrameSize[];
  readonly threads?: number;
  readonly gop: number;
  readonly frames: number;
  readonly rounds: number;
  readonly provider?: string;
  readonly parallel: number;
  readonly operators?: boolean;
}

const EXAMPLES = `
Examples:
  twnet benchmark speed --sizes 2048x1024 --layers 1
  twnet benchmark speed --backbones mobilenet-v1,mobilenet-v2,resnet-18 --layers 1,2,3 --sizes 480x360,2048x1024
  twnet benchmark speed --layers 1,2 --threads 1 --operators

Everything is run in turns, --rounds times; times are medians over the rounds, with the quartiles in brackets, and
speed-ups are medians of each round's own. Backbones without a --model get random weights: networks are as fast with
any; making labels, a small part, takes the longer the more of them change from pixel to pixel.`;

export function registerSpeedBenchmark(benchmark: Command): void {
  benchmark
    .command('speed')
    .description('time of each configuration against the per-frame network, on a panning texture')
    .option('--model <dirs...>', 'model names or folders, one a backbone (default: camvid-mobilenet-v1)')
    .option(
      '--backbones <list>',
      "encoders, such as mobilenet-v1,resnet-18 (default: the models')",
      backboneList,
    )
    .addOption(
      new Option('--layers <list>', 'decoder layers to warp').argParser(listOf(warpLayer)).default([1], '1'),
    )
    .addOption(
      new Option('--sizes <list>', 'frame sizes')
        .argParser(listOf(evenSize))
        .default([{ width: 480, height: 360 }], '480x360'),
    )
    .option('--threads <n>', 'threads of ONNX Runtime', positiveInteger)
    .option('--gop <n>', 'frames of a group of pictures', positiveInteger, 12)
    .option('--frames <n>', 'frames of a run at least; whole groups are run', positiveInteger, 24)
    .option('--rounds <n>', 'runs of each, of which the median counts', positiveInteger, 5)
    .option('--provider <name>', "ONNX Runtime's execution provider (default: cpu)")
    .option('--parallel <n>', 'groups of pictures worked on at a time, end to end', groupsAtATime, 1)
    .option('--operators', 'time of each network by operator as well')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(speed);
}

async function speed(flags: SpeedFlags): Promise<void> {
  const { measureSpeeds } = await import('../speed/speed.js');
  const { Model, PAPER_MODEL } = await import('@twnet/node/model/model');
  const { speedLines } = await import('./speed-lines.js');
  await checkProvider(flags.provider);
  const models = await Promise.all((flags.model ?? [PAPER_MODEL]).map((folder) => Model.open(folder)));
  const given = models.map(({ card }) => card.backbone);
  const twice = given.find((backbone, index) => given.indexOf(backbone) !== index);
  if (twice) throw new InputError(`--model: two models have the backbone ${twice}; give one a backbone`);
  const backbones = flags.backbones ? await knownBackbones(flags.backbones) : given;
  using progress = showProgress('speed', { unit: 'megapixels', silent: flags.json });
  const report = await measureSpeeds({ ...flags, models, backbones }, (done, total, next) =>
    progress.update(tenths(done), next, tenths(total)),
  );
  progress.close();
  await printMeasurement(flags, models, report, speedLines(report));
}

const tenths = (value: number): number => Math.round(10 * value) / 10;

async function checkProvider(name: string | undefined): Promise<void> {
  if (name === undefined) return;
  const { executionProviders } = await import('@twnet/node/engine/session');
  const known = await executionProviders();
  if (!known.includes(name))
    throw new InputError(`--provider: there is no ${name}; ONNX Runtime here knows ${known.join(', ')}`);
}
