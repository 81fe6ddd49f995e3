/** `twnet train key|nonkey`: the two training steps (Sec. 5.1.2). */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { InputError } from '@twnet/core/errors';
import { SPEEDS, type Speed } from '@twnet/core/network/operating-point';
import type { TrainingProgress } from '@twnet/train/run/loop';
import { type Command, Option } from 'commander';
import { nonNegative, positiveInteger } from '../option-values.js';
import { addOutputOption, forceOption } from '../output-option.js';
import { type Progress, showProgress } from '../progress.js';
import { type Stop, stopOnSignal } from '../stop-on-signal.js';
import { written, writtenLines } from '../written.js';
import { pointConfig, registerTrainConfigCommand, trainingConfig } from './train-config.js';

interface TrainFlags {
  readonly data?: string;
  readonly output: string;
  readonly force?: boolean;
  readonly config?: string;
  readonly preset?: string;
  readonly resume?: boolean;
  readonly threads?: number;
  readonly steps?: number;
  readonly quiet?: boolean;
  readonly json?: boolean;
}

interface KeyFlags extends TrainFlags {
  readonly videos?: string[];
  readonly stills?: string[];
  readonly teacher?: string;
  readonly backbone?: string;
  readonly encoder?: string;
  readonly from?: string;
}

interface NonKeyFlags extends TrainFlags {
  readonly data: string;
  readonly model: string;
  readonly from?: string;
  readonly layer?: number;
  readonly speed?: Speed;
  readonly videos?: string[];
  readonly fineTuning: boolean;
  readonly cfr: boolean;
  readonly rga: boolean;
  readonly lambda1?: number;
}

export function registerTrainCommand(program: Command): void {
  const train = program
    .command('train')
    .description('train a model: first its key-frame network, then the others');
  const dataSet = 'a data set: CamVid, Cityscapes, or your own (see twnet data check)';
  shared(train.command('key').option('--data <dir>', dataSet))
    .description(
      'step 1: the key-frame network, on labelled stills, or on videos and pictures without labels; writes <out>/model',
    )
    .option('--videos <files...>', 'videos without labels to learn on: a teacher labels some of their frames')
    .option('--stills <dirs...>', 'folders of pictures without labels, likewise')
    .option(
      '--teacher <path>',
      'what labels them: a model folder, or weights of EfficientViT-Seg-B0 (default: what training starts from)',
    )
    .option('--backbone <name>', 'mobilenet-v1 (default), mobilenet-v2, resnet-18 or efficientvit-b0')
    .option(
      '--encoder <file>',
      'ImageNet weights of the encoder to start from: whatever twnet weights import reads',
    )
    .option(
      '--from <dir>',
      'model folder to start from instead, such as one of this project; train it further on your data',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  twnet train key --data camvid --encoder mobilenet-v1.safetensors -o runs/key\n' +
        '  twnet train key --videos city.mp4 motorway.mp4 --from city-model --config own.json -o runs/videos',
    )
    .action(trainKeyCommand);
  shared(train.command('nonkey').option('--data <dir>', `${dataSet}; needed with --layer`))
    .description(
      "step 2: a non-key-frame network, on clips made from stills or cut from videos; adds it to the model's folder",
    )
    .requiredOption('--model <dir>', 'model folder with a trained key-frame network')
    .option('--layer <k>', 'decoder layer to warp: 1 (default) or 2', positiveInteger)
    .addOption(
      new Option('--speed <name>', 'operating point of a segmenter, instead of a layer').choices(SPEEDS),
    )
    .option('--videos <files...>', 'with --speed: videos to learn on, which need no labels')
    .option(
      '--from <dir>',
      "model folder whose network of that layer or speed is trained further (default: start from the key-frame network's layers)",
    )
    .option('--no-fine-tuning', 'warping alone: nothing is trained')
    .option('--no-cfr', 'without context feature rectification (and without attention)')
    .option('--no-rga', 'without residual-guided attention')
    .option('--lambda1 <weight>', 'weight of the consistency loss, over the configuration', nonNegative)
    .addHelpText(
      'after',
      '\nExamples:\n  twnet train nonkey --data camvid --model runs/key/model --layer 1 -o runs/layer1\n' +
        '  twnet train nonkey --videos city.mp4 motorway.mp4 --model city-model --speed accurate -o runs/accurate',
    )
    .action(trainNonKeyCommand);
  registerTrainConfigCommand(train);
}

function shared(command: Command): Command {
  const folder = 'run folder: configuration, log, checkpoint';
  return addOutputOption(command, '<dir>', folder, { required: true })
    .addOption(forceOption())
    .option('--config <file>', 'JSON with keys of the configuration; see twnet train config')
    .addOption(
      new Option('--preset <name>', "whose rules to start from: ours or the paper's").choices([
        'default',
        'paper',
      ]),
    )
    .option('--steps <n>', 'steps to train, over the configuration', positiveInteger)
    .option('--threads <n>', 'threads of ONNX Runtime', positiveInteger)
    .option('--resume', 'go on from the last checkpoint in --output')
    .option('--json', 'print the scores as JSON')
    .option('--quiet', 'no progress');
}

async function trainKeyCommand(flags: KeyFlags): Promise<void> {
  const { trainKey } = await import('@twnet/train/key/train-key');
  const { steps, backbone, encoder, from, data, videos, stills, teacher } = flags;
  const config = await trainingConfig('key', flags, { steps, backbone });
  await claimRunFolder(flags);
  await report(flags, join(flags.output, 'model'), (progress, signal) =>
    trainKey({ ...place(flags), config, data, videos, stills, teacher, encoder, from, progress, signal }),
  );
}

async function trainNonKeyCommand(flags: NonKeyFlags): Promise<void> {
  if (flags.speed) return trainPointCommand(flags, flags.speed);
  const { model, from, data, videos } = flags;
  if (videos) throw new InputError('--videos: belongs to --speed; layers learn on --data');
  if (data === undefined)
    throw new InputError('--data: is missing; layers learn on labelled stills, --speed also on --videos');
  const { trainNonKey } = await import('@twnet/train/non-key/train-non-key');
  const config = await trainingConfig('nonkey', flags, {
    steps: flags.steps,
    layer: flags.layer,
    consistencyWeight: flags.lambda1,
    ...(flags.cfr ? {} : { cfr: false, rga: false }),
    ...(flags.rga ? {} : { rga: false }),
    ...(flags.fineTuning ? {} : { steps: 0, cfr: false, rga: false }),
  });
  await claimRunFolder(flags);
  await report(flags, model, (progress, signal) =>
    trainNonKey({ ...place(flags), config, data, model, from, progress, signal }),
  );
}

async function trainPointCommand(flags: NonKeyFlags, speed: Speed): Promise<void> {
  const { model, from, data, videos, cfr, rga } = flags;
  if (flags.layer !== undefined) throw new InputError('--layer and --speed: choose one');
  if (flags.preset !== undefined) throw new InputError('--preset: there is none for --speed');
  const { trainPoint } = await import('@twnet/train/non-key/points/train-point');
  const warpAlone = !flags.fineTuning;
  const config = await pointConfig(flags, speed, {
    steps: warpAlone ? 0 : flags.steps,
    consistencyWeight: flags.lambda1,
    design: { ...(cfr && !warpAlone ? {} : { cfr: false }), ...(rga && !warpAlone ? {} : { rga: false }) },
  });
  await claimRunFolder(flags);
  await report(flags, model, (progress, signal) =>
    trainPoint({ ...place(flags), config, data, videos, model, from, progress, signal }),
  );
}

const place = ({ output, resume = false, threads }: TrainFlags) => ({
  out: output,
  resume,
  threads,
});

/** Before any work. */
async function claimRunFolder({ output, force, ...given }: TrainFlags & Partial<KeyFlags>): Promise<void> {
  const { claimOutputs } = await import('@twnet/node/files/claim-outputs');
  const isRun = existsSync(join(output, 'checkpoint.safetensors'));
  claimOutputs([{ path: output, kind: 'folder', flag: '--output' }], {
    inputs: [given.data ?? [], given.videos ?? [], given.stills ?? []].flat(),
    // Which runs may be gone on with is for the training to say.
    force: force === true || isRun,
  });
}

async function report(
  flags: TrainFlags,
  model: string,
  train: (progress: TrainingProgress, signal: AbortSignal) => Promise<Readonly<Record<string, number>>>,
): Promise<void> {
  using progress = showProgress('train', {
    unit: 'steps',
    silent: flags.quiet === true || flags.json === true,
  });
  using stop = stopOnSignal();
  const scores = await train(trainingProgress(progress), stop.signal).catch((error: unknown) => {
    throw error === stop.signal.reason ? interrupted(flags, stop) : error;
  });
  progress.close();
  const outputs = [
    written(model, 'model'),
    written(flags.output, 'training run: configuration, log, curves, checkpoint'),
  ];
  if (flags.json) {
    process.stdout.write(`${JSON.stringify({ ...scores, outputs })}\n`);
    return;
  }
  for (const [name, value] of Object.entries(scores)) process.stdout.write(`${name} ${value.toFixed(4)}\n`);
  process.stdout.write(writtenLines(outputs));
}

function interrupted({ output }: TrainFlags, stop: Stop): Error {
  const isKept = [output, join(output, 'correction')].some((run) =>
    existsSync(join(run, 'checkpoint.safetensors')),
  );
  return stop.interrupted(
    isKept ? `${output} has a checkpoint; --resume goes on from it` : `no step of ${output} was done`,
  );
}

function trainingProgress(progress: Progress): TrainingProgress {
  return {
    step: (done, total, loss) => progress.update(done, `loss ${loss.toFixed(4)}`, total),
    begin: (done) => progress.begin(done),
    note: (line) => progress.note(line),
  };
}
