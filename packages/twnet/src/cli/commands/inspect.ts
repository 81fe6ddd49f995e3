/** `twnet inspect IN`: what a stream holds, in figures and as a video. */

import type { VideoFrame } from '@twnet/core/frame';
import { claimOutputs } from '@twnet/node/files/claim-outputs';
import { checkVideoOutput } from '@twnet/node/video/containers';
import type { Loss, LossTotals } from '@twnet/node/video/losses';
import type { Video } from '@twnet/node/video/open-video';
import type { VideoInfo } from '@twnet/node/video/video-info';
import type { Command } from 'commander';
import { modelOption } from '../model-option.js';
import { forceOption } from '../output-option.js';
import { describeLosses, partlyReadable } from '../partly-readable.js';
import { showOpening, showProgress } from '../progress.js';
import { addSourceOptions, type SourceFlags, sourceOptions } from '../source-options.js';
import { type Stop, stopOnSignal, unlessStopped } from '../stop-on-signal.js';
import { type WrittenOutput, written, writtenLines } from '../written.js';
import type { AttentionMap, MotionFigures } from './inspect-motion.js';

interface InspectFlags extends SourceFlags {
  readonly output?: string;
  readonly attention: boolean;
  readonly model?: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

interface InspectReport extends VideoInfo, MotionFigures {
  readonly input: string;
  readonly losses: readonly Loss[];
  readonly lossTotals: LossTotals;
  /** Stopped by Ctrl-C: the figures are of the frames up to then. */
  readonly interrupted?: boolean;
  readonly outputs: readonly WrittenOutput[];
}

export function registerInspectCommand(program: Command): void {
  const command = program
    .command('inspect')
    .description('what the stream holds: facts, frames by type, vector coverage, mean motion, damage')
    .argument('<in>', 'video: MP4, MKV, AVI, WebM, MPEG-TS or a raw stream')
    .option(
      '-o, --output <video>',
      'write a video, pictures side by side: motion by a colour wheel (hue: where to; intra blocks white), residual and attention as heat',
    )
    .option('--no-attention', 'without the attention, which needs the networks to run')
    .addOption(modelOption(', for the attention (default: camvid-mobilenet-v1)'))
    .addOption(forceOption())
    .option('--json', 'print the figures as JSON')
    .addHelpText(
      'after',
      '\nExamples:\n  twnet inspect drive.mp4\n  twnet inspect drive.mp4 -o motion.mp4 --json',
    )
    .action(inspect);
  addSourceOptions(command);
}

async function inspect(input: string, flags: InspectFlags): Promise<void> {
  const { output, model, force, json } = flags;
  claimOutputs(output === undefined ? [] : [{ path: output, kind: 'file', flag: '-o' }], {
    inputs: [input, ...(model === undefined ? [] : [model])],
    force,
    stdout: json ? '--json' : undefined,
  });
  using stop = stopOnSignal();
  const report = await readThrough(input, flags, stop);
  process.stdout.write(flags.json ? `${JSON.stringify(report, null, 2)}\n` : formatReport(report));
  const { I, P, B } = report.frames;
  if (stop.signal.aborted) throw stop.interrupted(`this is of the first ${I + P + B} frames of ${input}`);
  if (report.losses.length > 0) throw partlyReadable(input, report);
}

async function readThrough(input: string, flags: InspectFlags, stop: Stop): Promise<InspectReport> {
  const { output, json } = flags;
  if (output !== undefined) checkVideoOutput(output);
  const opening = showOpening('inspect', input, json);
  const [{ openVideo }, { encodeVideo }, { untilStopped }, { MotionPicture, MotionStatistics }] =
    await Promise.all([
      import('@twnet/node/video/open-video'),
      import('@twnet/node/video/encode-video'),
      import('@twnet/node/video/until-stopped'),
      import('./inspect-motion.js'),
    ]);
  const pixels = output !== undefined;
  await using video = await unlessStopped(openVideo(input, { ...sourceOptions(flags), pixels }), stop, input);
  opening[Symbol.dispose]();
  const { width, height, frameRate, frameCountEstimate: total } = video.info;
  const withAttention = output !== undefined && flags.attention;
  const picture = new MotionPicture(withAttention ? 3 : 2);
  const size = { width: picture.panels * width, height, pixelAspect: video.info.pixelAspect };
  await using writer =
    output === undefined ? undefined : await encodeVideo({ output, ...size, frameRate, codec: 'auto' });
  const statistics = new MotionStatistics();
  using progress = showProgress('inspect', { unit: 'frames', total, silent: json });
  let count = 0;
  const frames = withAttention ? attended(video, flags.model) : plain(video);
  for await (const { frame, attention } of untilStopped(frames, stop.signal)) {
    statistics.add(frame);
    await writer?.write(picture.draw(frame, attention), frame.timestamp, frame.duration);
    progress.update(++count);
  }
  if (count > 0 || !stop.signal.aborted) await writer?.finish();
  for (const note of writer?.notes ?? []) progress.note(`${output}: ${note}`);
  const outputs =
    output === undefined || count === 0
      ? []
      : [written(output, 'video of motion', { frames: count, width: size.width, height })];
  const interrupted = stop.signal.aborted ? { interrupted: true } : {};
  const { notes, losses, lossTotals } = video;
  return { input, ...video.info, notes, ...statistics.report(), losses, lossTotals, ...interrupted, outputs };
}

interface InspectedFrame {
  readonly frame: VideoFrame;
  readonly attention?: AttentionMap;
}

async function* plain(video: Video): AsyncGenerator<InspectedFrame> {
  for await (const frame of video) yield { frame };
}

/** Frames with the attention that the Layer 1 network gives them. */
async function* attended(video: Video, model: string | undefined): AsyncGenerator<InspectedFrame> {
  const [{ loadNetworks }, { PAPER_MODEL }, { segmentVideo }] = await Promise.all([
    import('@twnet/node/networks/networks'),
    import('@twnet/node/model/model'),
    import('@twnet/core/segment/segmenter'),
  ]);
  const { width, height } = video.info;
  const networks = await loadNetworks(model ?? PAPER_MODEL, { width, height });
  const stride = networks.contextStride;
  const columns = Math.ceil(width / stride);
  try {
    for await (const { frame, attention } of segmentVideo(video, networks, {
      keyFrames: { mode: 'codec' },
    })) {
      yield { frame, attention: attention && { data: attention, columns, stride } };
    }
  } finally {
    await networks.close();
  }
}

function formatReport(report: InspectReport): string {
  const { frames, losses } = report;
  const codec = report.profile === undefined ? report.codec : `${report.codec} (${report.profile})`;
  const count = frames.I + frames.P + frames.B;
  const rows: [string, string | undefined][] = [
    ['container', report.container],
    ['codec', `${codec}, ${report.pixelFormat}`],
    ['size', sizeOf(report)],
    ['fields', report.interlaced ? 'two in each frame (interlaced); deinterlaced' : undefined],
    ['rate', report.frameRate > 0 ? `${Number(report.frameRate.toFixed(3))} frames a second` : 'unknown'],
    ['duration', report.durationSeconds === undefined ? undefined : `${report.durationSeconds.toFixed(2)} s`],
    ['frames', `${count}: ${frames.I} I, ${frames.P} P, ${frames.B} B`],
    ['motion from', report.motionNote ?? 'the codec’s own vectors'],
    ['vector coverage', coverage(report)],
    ['intra', report.intraP === null ? undefined : percentOf(report.intraP, 'P')],
    ['mean motion', report.meanMotion === null ? undefined : motion(report)],
    ...report.notes
      .filter((note) => note !== report.motionNote)
      .map((note): [string, string] => ['note', note]),
    ['joins', report.discontinuities > 0 ? `${report.discontinuities} after the first frame` : undefined],
    ['lost', losses.length > 0 ? describeLosses(losses, report.lossTotals) : undefined],
  ];
  const lines = rows.filter(([, value]) => value !== undefined);
  const text = lines.map(([name, value]) => `  ${name.padEnd(17)}${value}\n`).join('');
  return `${report.input}\n${text}${writtenLines(report.outputs)}`;
}

function sizeOf({ width, height, mirrored, rotation, pixelAspect: { num, den } }: InspectReport): string {
  const parts = [
    `${width}×${height}`,
    ...(mirrored ? ['mirrored'] : []),
    ...(rotation === 0 ? [] : [`turned by ${rotation}°`]),
    ...(num === den ? [] : [`pixels of ${num}:${den}`]),
  ];
  return parts.join(', ');
}

function coverage({ coverageP, coverageB }: MotionFigures): string | undefined {
  const parts = [
    ...(coverageP === null ? [] : [percentOf(coverageP, 'P')]),
    ...(coverageB === null ? [] : [percentOf(coverageB, 'B')]),
  ];
  return parts.length > 0 ? parts.join(', ') : undefined;
}

function percentOf(share: number, type: string): string {
  return `${(100 * share).toFixed(1)} % of the area of ${type}-frames`;
}

function motion({ meanMotion, greatestMotion }: MotionFigures): string {
  return `${meanMotion?.toFixed(2)} pixels a frame, at most ${greatestMotion?.toFixed(1)}`;
}
