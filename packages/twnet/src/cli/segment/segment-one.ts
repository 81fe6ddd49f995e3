/** `twnet segment` on one video. */

import { openingFor, sizesFor } from '@twnet/core/runtime/frame-sizes';
import type { ModelNetworks, NetworksOptions } from '@twnet/core/runtime/networks';
import type { RunStats } from '@twnet/core/segment/stats';
import type { Model } from '@twnet/node/model/model';
import type { WriteOptions } from '@twnet/node/output/write-segmentation';
import type { OpenVideoOptions } from '@twnet/node/video/open-options';
import type { Video } from '@twnet/node/video/open-video';
import { usesCodecMotion } from '../motion-option.js';
import { partlyReadable } from '../partly-readable.js';
import { showOpening, showProgress } from '../progress.js';
import { sourceOptions } from '../source-options.js';
import { type Stop, unlessStopped } from '../stop-on-signal.js';
import { NewNotes, notesOf } from '../video-notes.js';
import { type WrittenOutput, written } from '../written.js';
import type { SegmentFlags } from './flags.js';
import { makeReport, notesOfMethod, type SegmentReport } from './report.js';
import { workingSizeOptions } from './working-size-options.js';

/** An input and what is written of it. */
export interface SegmentJob {
  readonly input: string;
  readonly overlay?: string;
  readonly labels?: string;
}

/** Gives networks for frames of a size; keeps and closes them. */
export type OpenNetworks = (options: NetworksOptions) => Promise<ModelNetworks[]>;

export interface SegmentedVideo {
  readonly report: SegmentReport;
  /** What could not be read, as an error to end with. */
  readonly failure?: Error;
}

/** How the input is opened. */
function openingOptions(flags: SegmentFlags, { overlay }: SegmentJob, { card }: Model): OpenVideoOptions {
  const { motion, perFrame } = flags;
  return {
    ...sourceOptions(flags),
    ...openingFor(card, perFrame),
    ...workingSizeOptions(flags, card),
    fullPixels: overlay !== undefined,
    motionSource: usesCodecMotion(motion) && !perFrame ? 'auto' : 'none',
  };
}

/** How it is segmented and what is written. */
function writingOptions(
  {
    keyFrames,
    maxDistance,
    lookahead,
    perFrame,
    format,
    classes,
    force,
    opacity,
    legend,
    audio,
  }: SegmentFlags,
  { overlay, labels }: SegmentJob,
  { card: { name, classes: classNames, palette }, digest }: Model,
): WriteOptions {
  return {
    ...{
      keyFrames,
      maxDistance,
      lookahead,
      perFrame,
      overlay,
      opacity,
      legend,
      audio,
      labels,
      format,
      force,
      recycle: true,
    },
    ...{ classes, classNames, palette, model: { name, digest } },
  };
}

/** @throws InputError, OutputError */
export async function segmentOne(
  job: SegmentJob,
  flags: SegmentFlags,
  model: Model,
  openNetworks: OpenNetworks,
  stop: Stop,
): Promise<SegmentedVideo> {
  const { input } = job;
  const opening = showOpening('segment', input, flags.json);
  const [{ openVideo }, { MotionSource }, { writeSegmentation }] = await Promise.all([
    import('@twnet/node/video/open-video'),
    import('@twnet/node/motion/motion-source'),
    import('@twnet/node/output/write-segmentation'),
  ]);
  await using video = await unlessStopped(openVideo(input, openingOptions(flags, job, model)), stop, input);
  const { width, height, frameCountEstimate, motionNote } = video.info;
  const { layer, speed, perFrame } = flags;
  using motion = await MotionSource.open(perFrame ? 'codec' : flags.motion, width, height);
  const networks = await openNetworks({ ...sizesFor(model.card, video.info), layer, speed, perFrame });
  opening[Symbol.dispose]();
  using progress = showProgress('segment', {
    unit: 'frames',
    total: frameCountEstimate,
    silent: flags.json,
  });
  const notes = new NewNotes(video, (note) => progress.note(`${input}: ${note}`));
  notes.tell();
  for (const note of notesOfMethod(model.card, flags)) progress.note(`${input}: ${note}`);
  if (motionNote !== undefined && !perFrame && !motion.estimates && !notesOf(video).includes(motionNote))
    progress.note(`${input}: ${motionNote}`);
  const ofOutput: string[] = [];
  const stats = await writeSegmentation(video, networks, {
    ...writingOptions(flags, job, model),
    motion,
    onNote: (note) => {
      ofOutput.push(note);
      progress.note(`${job.overlay}: ${note}`);
    },
    until: stop.signal,
    onFrame: (_frame, done) => {
      notes.tell();
      progress.update(done);
    },
  });
  notes.tell();
  progress.close();
  const interrupted = stop.signal.aborted && stats.frames.total !== frameCountEstimate;
  const outputs = stats.frames.total > 0 || !interrupted ? outputsOf(job, video, stats) : [];
  const made = makeReport(input, video, motion, model.card, flags, stats, ofOutput);
  const report: SegmentReport = { ...made, ...(interrupted ? { interrupted } : {}), outputs };
  if (interrupted) return { report, failure: stop.interrupted(describeEnd(input, stats, outputs)) };
  const { losses } = video;
  return {
    report,
    failure: losses.length > 0 ? partlyReadable(input, video, 'the rest was segmented') : undefined,
  };
}

function describeEnd(input: string, { frames }: RunStats, outputs: readonly WrittenOutput[]): string {
  if (frames.total === 0) return `${input} had no frame yet; nothing was written`;
  const did = outputs.length > 0 ? 'wrote' : 'segmented';
  return `${did} the first ${frames.total} frames of ${input}`;
}

function outputsOf({ overlay, labels }: SegmentJob, { info }: Video, { frames }: RunStats): WrittenOutput[] {
  const full = { frames: frames.total, width: info.fullWidth, height: info.fullHeight };
  return [
    ...(overlay === undefined
      ? []
      : [written(overlay, 'video with labels drawn over it', { frames: frames.total })]),
    ...(labels === undefined ? [] : [written(labels, 'labels', full)]),
  ];
}
