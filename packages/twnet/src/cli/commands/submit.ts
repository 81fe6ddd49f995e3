/** `twnet submit SOURCE… --out DEST`: videos into the queue. */
import { InputError } from '@twnet/core/errors';
import type { KeyFrameRule } from '@twnet/core/segment/schedule';
import type { MotionSpec } from '@twnet/node/motion/motion-source';
import { type Command, Option } from 'commander';
import type { Settings, VideoJob } from '../../queue/jobs.js';
import { addKeyFrameOptions } from '../key-frame-option.js';
import { addPointOptions, modelOption, type PointFlags } from '../model-option.js';
import { motionOption } from '../motion-option.js';
import { listOf, pictureSide, positiveInteger, share, wholeNumber, workingScale } from '../option-values.js';
import { addOutputOption, forceOption } from '../output-option.js';
import { addQueueOption, type QueueFlags } from '../queue-option.js';

/** Ten seconds of most videos: little beside what a job costs, and enough jobs for an hour of video. */
const JOB_FRAMES = 240;

interface SubmitFlags extends QueueFlags, PointFlags {
  readonly output: string;
  readonly model?: string;
  readonly labels: boolean;
  readonly format?: Settings['format'];
  readonly overlay?: boolean | string;
  readonly opacity?: number;
  readonly legend: boolean;
  readonly audio: boolean;
  readonly classes?: string[];
  readonly scale?: number | 'auto';
  readonly maxSide?: number;
  readonly perFrame?: boolean;
  readonly keyFrames: KeyFrameRule;
  readonly maxDistance?: number;
  readonly lookahead?: number;
  readonly motion: MotionSpec;
  readonly jobFrames: number;
  readonly force?: boolean;
  readonly json?: boolean;
}

const DETAILS = `
Of each video DEST gets what twnet segment writes with the same options: a folder of labels called after it and, with
--overlay, a video of the labels drawn over it. What is done already, of the same content, model and settings, is found
and not done again. Workers (twnet worker) must see sources and DEST under the same names.

Examples:
  twnet submit archive/ --out labels/
  twnet submit 's3://drives/2026/' --out s3://drives/labels --queue rediss://queue.example:6379`;

export function registerSubmitCommand(program: Command): void {
  const command = program
    .command('submit')
    .description('put videos into a queue, to be segmented by workers on any number of machines')
    .argument('<source...>', 'videos, folders, patterns in quotes, places in buckets (s3://bucket/folder/)');
  addOutputOption(command, '<dir>', 'folder of the results, or s3://bucket/folder', { required: true });
  addQueueOption(command)
    .option('--no-labels', 'without the folder of labels')
    .addOption(
      new Option('--format <format>', 'of the labels; see twnet segment').choices(['png', 'coco', 'none']),
    )
    .option('--overlay [ending]', 'a video with the labels drawn over it, too (default ending: mp4)')
    .option('--opacity <share>', 'share of the colours in it, 0 to 1 (default: 0.5)', share)
    .option('--no-legend', 'without the names of the classes along its lower edge')
    .option('--no-audio', 'without the audio of the input')
    .option(
      '--classes <names>',
      'keep these classes, the others are ignored',
      listOf((name) => name),
    )
    .option('--scale <share>', 'see twnet segment', workingScale)
    .option('--max-side <pixels>', 'see twnet segment', pictureSide)
    .addOption(modelOption(' that all workers have'));
  addKeyFrameOptions(addPointOptions(command))
    .option('--lookahead <n>', 'frames that may wait for the next key frame; see twnet segment', wholeNumber)
    .addOption(motionOption())
    .option(
      '--job-frames <n>',
      'frames of a job, at least: jobs are whole groups of pictures',
      positiveInteger,
      JOB_FRAMES,
    )
    .addOption(forceOption())
    .option('--json', 'print what was submitted as JSON')
    .addHelpText('after', DETAILS)
    .action(runSubmit);
}

async function runSubmit(sources: readonly string[], flags: SubmitFlags): Promise<void> {
  const settings = settingsOf(flags);
  const [{ absolute, findVideos, withNames }, { connect }, { submit }, model] = await Promise.all([
    import('../../queue/find-videos.js'),
    import('../../queue/broker.js'),
    import('../../queue/submit.js'),
    modelFor(flags),
  ]);
  const out = absolute(flags.output);
  await using broker = await connect(flags.queue);
  async function* jobs(): AsyncGenerator<VideoJob> {
    for await (const { source, name } of withNames(findVideos(sources, out), out))
      yield { source, name, out, settings, model, force: flags.force === true };
  }
  const { videos } = await submit(broker, jobs());
  process.stdout.write(
    flags.json
      ? `${JSON.stringify({ videos, out })}\n`
      : `submitted ${videos} ${videos === 1 ? 'video' : 'videos'}; results go to ${out}; twnet jobs --watch shows how far they are\n`,
  );
}

async function modelFor({ model, ...flags }: SubmitFlags): Promise<VideoJob['model']> {
  const [{ Model }, { operatingPoint }, { workingSizeOptions }, { absolute }] = await Promise.all([
    import('@twnet/node/model/model'),
    import('@twnet/core/model/operating-points'),
    import('../segment/working-size-options.js'),
    import('../../queue/find-videos.js'),
  ]);
  const opened = await Model.open(model);
  operatingPoint(opened.card, flags);
  workingSizeOptions(flags, opened.card);
  if (flags.classes) {
    const { ClassChoice } = await import('@twnet/core/segment/class-choice');
    new ClassChoice(opened.card.classes, flags.classes, '--classes');
  }
  const { shippedModels } = await import('@twnet/node/model/shipped-models');
  const ships = model === undefined || shippedModels().includes(model);
  return { model: ships ? model : absolute(model), digest: opened.digest };
}

function settingsOf(flags: SubmitFlags): Settings {
  const { labels, format, overlay, opacity, legend, audio, classes, scale, maxSide, layer, speed } = flags;
  const { perFrame = false, keyFrames, maxDistance, lookahead, motion, jobFrames } = flags;
  if (!labels && !overlay) throw new InputError('--no-labels: then nothing is written; add --overlay');
  if (format !== undefined && !labels)
    throw new InputError(`--format ${format}: is of labels; leave --no-labels out`);
  return {
    ...{ labels, format, opacity, legend, audio, classes, scale, maxSide, layer, speed },
    ...{ perFrame, keyFrames, maxDistance, lookahead, motion, jobFrames },
    ...(overlay ? { overlay: overlay === true ? 'mp4' : overlay.replace(/^\./, '') } : {}),
  };
}
