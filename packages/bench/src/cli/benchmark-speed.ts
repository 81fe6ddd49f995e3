/** `twnet benchmark speed`. */
import { join } from 'node:path';
import { InputError } from '@twnet/core/errors';
import type { WarpLayer } from '@twnet/core/network/key-frame';
import { writeFileAtomic } from '@twnet/node/files/atomic';
import { FilledFolder } from '@twnet/node/files/filled-folder';
import { type Command, Option } from 'commander';
import {
  evenSize,
  groupsAtATime,
  listOf,
  positiveInteger,
  warpLayer,
} from '../../../twnet/src/cli/option-values.js';
import { showProgress } from '../../../twnet/src/cli/progress.js';
import { backboneList, knownBackbones } from './backbone-list.js';
import { type MeasurementFlags, printMeasurement } from './print-measurement.js';

interface Size {
  readonly width: number;
  readonly height: number;
}

interface SpeedFlags extends MeasurementFlags {
  readonly model?: string[];
  readonly backbones?: readonly string[];
  readonly layer?: WarpLayer;
  readonly layers?: readonly WarpLayer[];
  readonly size?: Size;
  readonly sizes?: readonly Size[];
  readonly threads?: readonly number[];
  readonly gops: readonly number[];
  readonly frames: number;
  readonly repeats?: number;
  readonly rounds: number;
  readonly provider?: string;
  readonly parallel: number;
  readonly operators?: boolean;
  readonly plots?: string;
}

const EXAMPLES = `
Examples:
  twnet benchmark speed --size 2048x1024 --layer 1
  twnet benchmark speed --backbones mobilenet-v1,mobilenet-v2,resnet-18 --layers 1,2,3 --sizes 480x360,2048x1024
  twnet benchmark speed --layers 1,2 --sizes 480x360,960x720 --threads 1,2 --gops 1,4,12 --operators --plots plots

Everything is run in turns, --rounds times; times are medians over the rounds, with the quartiles in brackets, and
speed-ups are medians of each round's own. Backbones without a --model get random weights: networks are as fast with
any; making labels, a small part, takes the longer the more of them change from pixel to pixel.`;

export function registerSpeedBenchmark(benchmark: Command): void {
  benchmark
    .command('speed')
    .description('time of each configuration against the per-frame network, on made videos')
    .option('--model <dirs...>', 'model folders, one a backbone (default: the one that ships)')
    .option(
      '--backbones <list>',
      "encoders, such as mobilenet-v1,resnet-18 (default: the models')",
      backboneList,
    )
    .option('--layer <k>', 'decoder layer to warp (default: 1)', warpLayer)
    .addOption(new Option('--layers <list>', 'several').argParser(listOf(warpLayer)).conflicts('layer'))
    .option('--size <WxH>', 'frame size (default: 480x360)', evenSize)
    .addOption(new Option('--sizes <list>', 'several').argParser(listOf(evenSize)).conflicts('size'))
    .option('--threads <list>', 'threads of ONNX Runtime, one number or several', listOf(positiveInteger))
    .option('--gops <list>', 'frames of a group of pictures', listOf(positiveInteger), [12])
    .option('--frames <n>', 'frames of a run at least; whole groups are run', positiveInteger, 24)
    .option('--rounds <n>', 'runs of each, of which the median counts', positiveInteger, 5)
    .addOption(
      new Option('--repeats <n>', 'the same as --rounds').argParser(positiveInteger).conflicts('rounds'),
    )
    .option('--provider <name>', "ONNX Runtime's execution provider (default: cpu)")
    .option('--parallel <n>', 'groups of pictures worked on at a time, end to end', groupsAtATime, 1)
    .option('--operators', 'time of each network by operator as well')
    .option('--plots <dir>', 'draw how time grows with pixels, groups and threads, as SVG files')
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(speed);
}

async function speed(flags: SpeedFlags): Promise<void> {
  const [{ measureSpeeds }, { speedGrowth }] = await Promise.all([
    import('../speed/speed.js'),
    import('../speed/speed-growth.js'),
  ]);
  const { Model } = await import('@twnet/node/model/model');
  const { speedLines } = await import('./speed-lines.js');
  await checkProvider(flags.provider);
  if (flags.plots !== undefined) FilledFolder.open(flags.plots, { names: /\.svg$/, force: flags.force });
  const models = await Promise.all((flags.model ?? [undefined]).map((folder) => Model.open(folder)));
  const twice = models.find((one) => models.some((two) => two !== one && sameBackbone(one, two)));
  if (twice)
    throw new InputError(`--model: two models have the backbone ${twice.card.backbone}; give one a backbone`);
  const plan = {
    models,
    backbones: flags.backbones
      ? await knownBackbones(flags.backbones)
      : models.map(({ card }) => card.backbone),
    layers: flags.layers ?? [flags.layer ?? 1],
    sizes: flags.sizes ?? [flags.size ?? { width: 480, height: 360 }],
    threads: flags.threads ?? [undefined],
    gops: flags.gops,
    frames: flags.frames,
    rounds: flags.repeats ?? flags.rounds,
    provider: flags.provider,
    parallel: flags.parallel,
    operators: flags.operators,
  };
  using progress = showProgress('speed', { unit: 'megapixels', silent: flags.json });
  const report = await measureSpeeds(plan, (done, total, next) =>
    progress.update(tenths(done), next, tenths(total)),
  );
  progress.close();
  const growth = speedGrowth(report.measurements);
  const plots = flags.plots === undefined ? [] : await draw(flags.plots, growth);
  await printMeasurement(flags, models, { ...report, growth, plots }, [
    ...speedLines(report, growth),
    ...plots.map((path) => `drawn: ${path}`),
  ]);
}

function sameBackbone(one: { card: { backbone: string } }, two: { card: { backbone: string } }): boolean {
  return one.card.backbone === two.card.backbone;
}

const tenths = (value: number): number => Math.round(10 * value) / 10;

async function checkProvider(name: string | undefined): Promise<void> {
  if (name === undefined) return;
  const { executionProviders } = await import('@twnet/node/engine/session');
  const known = await executionProviders();
  if (!known.includes(name))
    throw new InputError(`--provider: there is no ${name}; ONNX Runtime here knows ${known.join(', ')}`);
}

async function draw(
  folder: string,
  growth: ReturnType<typeof import('../speed/speed-growth.js').speedGrowth>,
): Promise<string[]> {
  const { speedCharts } = await import('../study/index.js');
  const filled = FilledFolder.open(folder, { force: true });
  const paths: string[] = [];
  for (const { name, svg } of speedCharts(growth)) {
    const path = join(folder, `${name}.svg`);
    filled.expect(`${name}.svg`);
    await writeFileAtomic(path, svg);
    filled.wrote(`${name}.svg`);
    paths.push(path);
  }
  return paths;
}
