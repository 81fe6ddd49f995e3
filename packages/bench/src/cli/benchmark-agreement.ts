/** `twnet benchmark agreement`: what can be said of a model's labels on video that nobody has labelled. */
import { basename } from 'node:path';
import { InputError } from '@twnet/core/errors';
import type { Model } from '@twnet/node/model/model';
import { type Command, Option } from 'commander';
import { modelOption } from '../../../twnet/src/cli/model-option.js';
import { listOf, positiveInteger } from '../../../twnet/src/cli/option-values.js';
import { showProgress } from '../../../twnet/src/cli/progress.js';
import type { AgreementPlan, PerFramePair, VideoAgreement } from '../agreement/video-agreement.js';
import type { Coding } from '../methods/coding.js';
import { agreementLines } from './agreement-lines.js';
import { coding, codingOption } from './clip-input.js';
import { type MeasurementFlags, printMeasurement } from './print-measurement.js';

interface AgreementFlags extends MeasurementFlags {
  readonly model?: string;
  readonly against?: string;
  readonly recodings: readonly Coding[];
  readonly coding: Coding;
  readonly gop: number;
  readonly frames?: number;
  readonly threads?: number;
}

/** A video with its figures, by the name of its file. */
export type NamedAgreement = VideoAgreement & { readonly video: string };

const RECODINGS = ['mpeg4:10', 'h264:34'];
const EXAMPLES = `
Examples:
  twnet benchmark agreement drive.mp4 motorway.mp4
  twnet benchmark agreement drive.mp4 --model cityscapes --against start-weights/ --frames 60

Disagreement is the share of pixels whose label differs:
- per frame, of the video encoded anew (--recodings) against its own pictures;
- per frame, of the network at half its working size against it at the whole;
- of non-key frames, on the video as the paper's stream (--coding, --gop), against the per-frame network on the same
  pictures; beside half size, and warping alone. Flicker is the share of pixels whose label changes along the motion.`;

export function registerAgreementBenchmark(benchmark: Command): void {
  benchmark
    .command('agreement')
    .description(
      'without labels: coarser streams, half size and non-key frames against per frame on clean pictures',
    )
    .argument('<videos...>', 'any videos')
    .addOption(modelOption())
    .option(
      '--against <model>',
      'another, such as the weights it started from, whose figures it is set against',
    )
    .addOption(
      new Option('--recodings <list>', 'streams, codec:quality each: mpeg4:1–31, h264:0–51, hevc:0–51')
        .argParser(listOf(coding))
        .default(RECODINGS.map(coding), RECODINGS.join(',')),
    )
    .addOption(codingOption())
    .option('--gop <n>', 'frames from one I-frame to the next', positiveInteger, 12)
    .option('--frames <n>', 'only the first frames of each video', positiveInteger)
    .option('--threads <n>', 'threads of ONNX Runtime', positiveInteger)
    .option('--json', 'print JSON')
    .addHelpText('after', EXAMPLES)
    .action(agreement);
}

async function agreement(paths: readonly string[], flags: AgreementFlags): Promise<void> {
  const { recodings, coding, gop, threads, frames = Number.POSITIVE_INFINITY, json } = flags;
  const [{ passesOf, videoAgreement }, { perFrameAt, pointsOf, warpsAloneOf }, { Model }] = await Promise.all(
    [
      import('../agreement/video-agreement.js'),
      import('../methods/network-methods.js'),
      import('@twnet/node/model/model'),
    ],
  );
  const model = await Model.open(flags.model);
  const against = flags.against === undefined ? undefined : await Model.open(flags.against);
  const total = await framesOf(paths, frames);
  const pair = (one: Model): PerFramePair => ({
    whole: perFrameAt(one, 1, { threads }),
    half: perFrameAt(one, 0.5, { threads }),
  });
  const plan: AgreementPlan = {
    model: pair(model),
    nonKey: [...warpsAloneOf(model, { threads }), ...pointsOf(model, { threads })],
    ...(against ? { against: pair(against) } : {}),
    sameClasses: against?.card.classes.join() === model.card.classes.join(),
    ...{ recodings, coding, gop, frames },
  };
  using progress = showProgress('agreement', {
    unit: 'frames',
    total: total === undefined ? undefined : total * passesOf(plan),
    silent: json,
  });
  let done = 0;
  const videos: NamedAgreement[] = [];
  for (const path of paths) {
    const figures = await videoAgreement(path, plan, (method) =>
      progress.update(++done, `${basename(path)}, ${method}`),
    );
    videos.push({ video: basename(path), ...figures });
  }
  progress.close();
  const named = (one: Model) => ({ name: one.card.name, digest: one.digest });
  const report = {
    model: named(model),
    against: against ? named(against) : null,
    ...{ recodings, coding, gop, videos },
  };
  await printMeasurement(flags, [model], report, agreementLines(videos, against?.card.name));
}

/** Of all videos together, where all say how many they have. */
async function framesOf(paths: readonly string[], most: number): Promise<number | undefined> {
  const twice = paths.find((path, i) => paths.findIndex((one) => basename(one) === basename(path)) < i);
  if (twice) throw new InputError(`${twice}: two videos are called ${basename(twice)}; give one of them`);
  const { openVideo } = await import('@twnet/node/video/open-video');
  let sum: number | undefined = 0;
  for (const path of paths) {
    await using video = await openVideo(path, { motionSource: 'none' });
    const count = video.info.frameCountEstimate;
    sum = count === undefined || sum === undefined ? undefined : sum + Math.min(count, most);
  }
  return sum;
}
