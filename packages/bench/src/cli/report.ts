/** `twnet report`: the paper's tables and figures on one's own data and models. */
import { join, resolve } from 'node:path';
import { InputError } from '@twnet/core/errors';
import { claimOutputs } from '@twnet/node/files/claim-outputs';
import { FilledFolder } from '@twnet/node/files/filled-folder';
import type { MotionSpec } from '@twnet/node/motion/motion-source';
import type { Command } from 'commander';
import { motionSpec } from '../../../twnet/src/cli/motion-option.js';
import { evenSize, listOf, positiveInteger } from '../../../twnet/src/cli/option-values.js';
import { forceOption } from '../../../twnet/src/cli/output-option.js';
import { printReport } from '../../../twnet/src/cli/print-report.js';
import { showProgress } from '../../../twnet/src/cli/progress.js';
import { written, writtenLine } from '../../../twnet/src/cli/written.js';
import type { SpeedReport } from '../speed/speed.js';
import type { FrameSize } from '../speed/speed-plan.js';
import type { MeasuredStudy, StudyOptions } from '../study/measure.js';
import type { Measurements } from '../study/measurements.js';
import type { StudyClip } from '../study/study-clip.js';
import type { StudyModel } from '../study/study-model.js';

interface ReportFlags {
  readonly output: string;
  readonly force?: boolean;
  readonly model?: string[];
  readonly variants?: string[];
  readonly data?: string;
  readonly clip: string[];
  readonly street: readonly number[] | false;
  readonly streetFrames: number;
  readonly size?: { readonly width: number; readonly height: number };
  readonly gop: number;
  readonly starts?: number;
  readonly motions: readonly MotionSpec[];
  readonly speedSizes: readonly FrameSize[];
  readonly speed: boolean;
  readonly rounds: number;
  readonly threads?: number;
  readonly json?: boolean;
}

/** Streets that training never draws by default; which ones is of no consequence. */
const DEFAULT_STREETS = [901];
const SPEED_SIZES = [
  { width: 480, height: 360 },
  { width: 2048, height: 1024 },
];

export function registerReportCommand(program: Command): void {
  program
    .command('report')
    .description(
      'the paper’s tables and figures, measured: one page, the same as Markdown, and figures as JSON',
    )
    .option(
      '-o, --output <dir>',
      'folder for report.html, report.md and report.json; what is measured is kept there',
      'report',
    )
    .option(
      '--model <dirs...>',
      'model names or folders; the tables are about the first (default: camvid-mobilenet-v1)',
    )
    .option(
      '--variants <dirs...>',
      'models on one key-frame network that differ in fine-tuning, CFR, RGA, λ1, for Tables 1 to 4 and Figures 7 and 8 (default: those of --model)',
    )
    .option(
      '--data <dir>',
      'a data set, for the stills: CamVid, Cityscapes, or your own (see twnet data check)',
    )
    .option('--clip <dirs...>', 'folders with images/ and labels/: consecutive frames, each labelled', [])
    .option('--street <seeds>', 'rendered streets, by their seeds', listOf(positiveInteger), DEFAULT_STREETS)
    .option('--no-street', 'no rendered street')
    .option('--street-frames <n>', 'frames of a street', positiveInteger, 49)
    .option('--size <WxH>', 'size of the streets (default: that of the first clip, or 480x360)', evenSize)
    .option('--gop <n>', 'frames from one I-frame to the next', positiveInteger, 12)
    .option('--starts <n>', 'begin a stream at each of the first n frames (default: --gop)', positiveInteger)
    .option('--motions <list>', 'motion that Table 9 compares', listOf(motionSpec), [
      'codec',
      'accumulated',
      'flow',
      'matching',
    ])
    .option('--speed-sizes <list>', 'frame sizes that speed is measured at', listOf(evenSize), SPEED_SIZES)
    .option('--no-speed', 'leave speed out')
    .option('--rounds <n>', 'times that speed is measured', positiveInteger, 3)
    .option('--threads <n>', 'threads of ONNX Runtime', positiveInteger)
    .addOption(forceOption())
    .option('--json', 'print what was made as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  twnet report -o report/                                  on a rendered street alone' +
        '\n  twnet report --data CamVid --clip camvid-15hz --model runs/full runs/fine-tuned runs/mobilenet-v2' +
        '\n\nStopped and run again, it goes on where it was.',
    )
    .action(report);
}

async function report(flags: ReportFlags): Promise<void> {
  const { output, gop, threads, json, force } = flags;
  claimOutputs([{ path: output, kind: 'folder', flag: '-o' }], {
    inputs: [...(flags.model ?? []), ...(flags.data === undefined ? [] : [flags.data]), ...flags.clip],
    force,
  });
  const [{ openStudyModel }, { begunStamp, Measurements }, { writeReport }] = await Promise.all([
    import('../study/study-model.js'),
    import('../study/measurements.js'),
    import('../study/write-report.js'),
  ]);
  const models = await Promise.all((flags.model ?? [undefined]).map(openStudyModel));
  const variants = flags.variants ? await Promise.all(flags.variants.map(openStudyModel)) : models;
  checkNames(models, 'models');
  checkNames(variants, 'variants');
  const clips = await openClips(flags);
  if (clips.length === 0)
    throw new InputError('nothing to measure on: give --clip, or leave out --no-street');
  checkNames(clips, 'clips');
  const stills = flags.data === undefined ? undefined : await openStills(flags.data);
  const folder = FilledFolder.open(output, { force });
  folder.expect('report.html', 'report.md', 'report.json');
  const measurements = await Measurements.open(join(output, 'measured'));
  const stamp = await begunStamp(measurements, models, variants, process.argv.slice(2));
  const protocol = { gop, starts: flags.starts ?? gop, threads };
  const speedSizes = flags.speed
    ? flags.speedSizes.toSorted((a, b) => a.width * a.height - b.width * b.height)
    : [];
  const speed = flags.speed ? await timed(flags, models, measurements) : [];
  const measured = await scored(
    { models, variants, clips, motions: flags.motions, protocol, stills, threads, speed, speedSizes },
    measurements,
    json,
  );
  const { machineLine } = await import('../stamp/machine.js');
  const files = await writeReport(output, {
    ...measured,
    measurements,
    machine: [`Measured on ${machineLine(stamp.machine)}.`],
    stamp,
  });
  folder.wrote(...files);
  const outputs = [written(output, `report of ${clips.length} clips, ${models.length} models`)];
  printReport(json, { output, files, outputs, failures: measured.failures }, [
    `${resolve(output, 'report.html')}: ${clips.length} clips, ${models.length} models`,
    ...measured.failures.map((line) => `could not be measured: ${line}`),
    ...files.map((name) => writtenLine(written(join(output, name), 'part of the report'))),
  ]);
}

async function timed(
  { speedSizes: sizes, gop, rounds, threads, json }: ReportFlags,
  models: readonly StudyModel[],
  measurements: Measurements,
): Promise<SpeedReport[]> {
  const { studySpeeds } = await import('../study/speeds.js');
  using progress = showProgress('speed', { unit: 'megapixels', silent: json });
  const options = { models: models.map(({ model }) => model), sizes, gop, rounds, threads };
  return studySpeeds(options, measurements, (done, total, what) =>
    progress.update(Math.round(done), what, Math.round(total)),
  );
}

async function scored(
  options: StudyOptions,
  measurements: Measurements,
  json: boolean | undefined,
): Promise<MeasuredStudy> {
  const { measureStudy } = await import('../study/measure.js');
  using progress = showProgress('report', { unit: 'pictures', silent: json });
  let total = 0;
  let done = 0;
  return measureStudy(options, measurements, {
    total: (pictures) => {
      total = pictures;
      progress.begin(0);
    },
    step: (what) => progress.update(++done, what, total),
  });
}

async function openClips({ clip, street, streetFrames, size }: ReportFlags): Promise<StudyClip[]> {
  const { folderClip, streetClip } = await import('../study/study-clip.js');
  const folders: StudyClip[] = [];
  for (const folder of clip) folders.push(await folderClip(folder));
  const { width, height } = size ?? folders[0] ?? { width: 480, height: 360 };
  const streets = (street || []).map((seed) => streetClip({ seed, width, height, frames: streetFrames }));
  return [...folders, ...streets];
}

async function openStills(folder: string) {
  const { openDataSet } = await import('@twnet/train/data/sets/open');
  return openDataSet(folder);
}

/** Rows and files are told apart by them. */
function checkNames(named: readonly { readonly name: string }[], what: string): void {
  const names = named.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined)
    throw new InputError(
      `two ${what} are called ${twice}; the report tells them apart by their folders' names: rename one`,
    );
}
