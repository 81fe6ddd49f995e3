/** `twnet segment IN`: labels for every frame of a video. */
import { existsSync, realpathSync } from 'node:fs';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { InputError } from '../../errors.js';
import type { KeyFrameRule, MotionSource, MotionSpec, RunStats, StageTimes } from '../../segment/index.js';
import type { Loss, Video } from '../../video/index.js';
import { formatKeyFrameRule, keyFramesOption } from '../key-frame-option.js';
import { motionOption, usesCodecMotion } from '../motion-option.js';
import { groupsAtATime, positiveInteger, positiveShare } from '../option-values.js';
import { partlyReadable } from '../partly-readable.js';
import { showProgress } from '../progress.js';

interface SegmentFlags {
  readonly output?: string;
  readonly labels?: string;
  readonly stats?: string;
  readonly model?: string;
  readonly layer: 1 | 2 | 3;
  readonly perFrame?: boolean;
  readonly keyFrames: KeyFrameRule;
  readonly maxDistance?: number;
  readonly motion: MotionSpec;
  readonly scale: number;
  readonly parallel: number;
  readonly json?: boolean;
}

export function registerSegmentCommand(program: Command): void {
  program
    .command('segment')
    .description('label every frame of a video, by its own motion vectors and residuals')
    .argument('<in>', 'video: MP4, MKV, AVI, WebM, MPEG-TS or a raw stream')
    .option('-o, --output <video>', 'write a video with the labels drawn over it (.mp4, .mkv, .avi, …)')
    .option('--labels <dir>', 'write the class ids as 8-bit PNGs 000000.png, 000001.png, …')
    .option('--stats <file>', 'write what was done and how long it took, as JSON')
    .option('--model <dir>', 'model folder (default: the shipped model)')
    .addOption(
      new Option('--layer <k>', 'decoder layer whose output is warped')
        .choices(['1', '2', '3'])
        .argParser(layerNumber)
        .default(1),
    )
    .option('--per-frame', 'run the key-frame network on every frame')
    .addOption(keyFramesOption())
    .option(
      '--max-distance <n>',
      'a key frame wherever the last one is more than n frames back',
      positiveInteger,
    )
    .addOption(motionOption())
    .option(
      '--scale <share>',
      'work on frames of this share of the width and height (0.5: a quarter of the time); labels keep the full size',
      positiveShare,
      1,
    )
    .option(
      '--parallel <n>',
      'groups of pictures worked on at a time, on a share of the cores each: faster where key frames are close',
      groupsAtATime,
      1,
    )
    .option('--json', 'print the statistics as JSON')
    .addHelpText('after', '\nExample:\n  twnet segment drive.mp4 -o overlay.mp4 --labels labels/')
    .action(segment);
}

function layerNumber(text: string): 1 | 2 | 3 {
  if (text === '1' || text === '2' || text === '3') return Number(text) as 1 | 2 | 3;
  throw new InvalidArgumentError('Allowed choices are 1, 2, 3.');
}

async function segment(input: string, flags: SegmentFlags): Promise<void> {
  refuseOverwriting(input, flags);
  const [{ openVideo }, { closeAll, Model, openParallel }, { MotionSource, writeSegmentation }] =
    await Promise.all([
      import('../../video/index.js'),
      import('../../network/index.js'),
      import('../../segment/index.js'),
    ]);
  await using video = await openVideo(input, {
    scale: flags.scale,
    motionSource: usesCodecMotion(flags.motion) ? 'auto' : 'none',
  });
  const { width, height, frameCountEstimate, motionNote } = video.info;
  const { layer, perFrame, keyFrames, maxDistance, parallel } = flags;
  using motion = await MotionSource.open(perFrame ? 'codec' : flags.motion, width, height);
  const model = await Model.open(flags.model);
  const networks = await openParallel(model, parallel, { width, height, layer, perFrame });
  try {
    using progress = showProgress('segment', {
      unit: 'frames',
      total: frameCountEstimate,
      silent: flags.json,
    });
    if (motionNote !== undefined && !perFrame && !motion.estimates) progress.note(`${input}: ${motionNote}`);
    const stats = await writeSegmentation(video, networks, {
      keyFrames,
      maxDistance,
      motion,
      perFrame,
      overlay: flags.output,
      labels: flags.labels,
      palette: model.card.palette,
      onFrame: (_frame, done) => progress.update(done),
      recycle: true,
    });
    progress.close();
    await report(makeReport(input, video, motion, model.card.name, flags, stats), flags);
  } finally {
    await closeAll(networks);
  }
  if (video.losses.length > 0) throw partlyReadable(input, video.losses, 'the rest was segmented');
}

/** An output under the input's name would replace it once it is done. */
function refuseOverwriting(input: string, { output, stats }: SegmentFlags): void {
  if (!existsSync(input)) return;
  const source = realpathSync(input);
  for (const path of [output, stats]) {
    if (path !== undefined && existsSync(path) && realpathSync(path) === source) {
      throw new InputError(`${path}: is the input itself; give the output another name`);
    }
  }
}

interface SegmentReport extends RunStats {
  readonly input: string;
  readonly codec: string;
  readonly container: string;
  /** Of the video, pixels. */
  readonly width: number;
  readonly height: number;
  /** Share of it that the networks worked on. */
  readonly scale: number;
  /** Groups of pictures worked on at a time. */
  readonly parallel: number;
  /** Where the video's vectors come from, and which motion was used: --motion as given. */
  readonly motionSource: 'codec' | 'estimate';
  readonly motion: string;
  readonly model: string;
  /** null for the per-frame model, which warps nothing. */
  readonly layer: 1 | 2 | 3 | null;
  readonly keyFrames: string;
  /** null: no cap. */
  readonly maxDistance: number | null;
  /** Parts of the input that could not be decoded. */
  readonly losses: readonly Loss[];
}

function makeReport(
  input: string,
  video: Video,
  motion: MotionSource,
  model: string,
  { layer, perFrame, keyFrames, maxDistance, scale, parallel }: SegmentFlags,
  stats: RunStats,
): SegmentReport {
  const { codec, container, fullWidth, fullHeight, motionSource } = video.info;
  return {
    input,
    codec,
    container,
    width: fullWidth,
    height: fullHeight,
    scale,
    parallel,
    motionSource,
    motion: motion.name,
    model,
    layer: perFrame ? null : layer,
    keyFrames: perFrame ? 'every:1' : formatKeyFrameRule(keyFrames),
    maxDistance: maxDistance ?? null,
    ...stats,
    losses: video.losses,
  };
}

async function report(figures: SegmentReport, flags: SegmentFlags): Promise<void> {
  const json = `${JSON.stringify(figures, null, 2)}\n`;
  if (flags.stats !== undefined) {
    const { writeFileAtomic } = await import('../../files/index.js');
    await writeFileAtomic(flags.stats, json);
  }
  process.stdout.write(flags.json ? json : formatReport(figures));
}

function formatReport(figures: SegmentReport): string {
  const { frames, keyFramesBy, seconds, framesPerSecond } = figures;
  const lines = [
    `${figures.input}: ${figures.codec}, ${figures.width}×${figures.height}, model ${figures.model}`,
    `${frames.total} frames (${frames.I} I, ${frames.P} P, ${frames.B} B; ${frames.key} key, ` +
      `${frames.nonKey} non-key) in ${seconds.toFixed(1)} s, ${framesPerSecond.toFixed(1)} a second`,
    `key frames (${figures.keyFrames}): ${Object.entries(keyFramesBy)
      .map(([reason, count]) => `${count} ${reason}`)
      .join(', ')}`,
    tableRow('ms a frame', ['decode', 'motion', 'network', 'labels', 'write']),
  ];
  const times = (name: string, stages: StageTimes | null) => {
    if (!stages) return;
    const { decode, motion, network, labels, write } = stages;
    lines.push(
      tableRow(
        name,
        [decode, motion, network, labels, write].map((ms) => ms.toFixed(1)),
      ),
    );
  };
  times('key', figures.millisecondsPerKeyFrame);
  times('non-key', figures.millisecondsPerNonKeyFrame);
  return `${lines.join('\n')}\n`;
}

function tableRow(name: string, cells: readonly string[]): string {
  return name.padEnd(12) + cells.map((cell) => cell.padStart(9)).join('');
}
