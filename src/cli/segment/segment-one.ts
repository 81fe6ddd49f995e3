/** `twnet segment` on one video. */
import type { Model, Networks, NetworksOptions } from '../../network/index.js';
import type { WriteOptions } from '../../segment/index.js';
import type { OpenVideoOptions } from '../../video/index.js';
import { usesCodecMotion } from '../motion-option.js';
import { partlyReadable } from '../partly-readable.js';
import { showProgress } from '../progress.js';
import { NewNotes, notesOf } from '../video-notes.js';
import type { SegmentFlags } from './flags.js';
import { makeReport, type SegmentReport } from './report.js';

/** An input and what is written of it. */
export interface SegmentJob {
  readonly input: string;
  readonly overlay?: string;
  readonly labels?: string;
}

/** Gives networks for frames of a size; keeps and closes them. */
export type OpenNetworks = (options: NetworksOptions) => Promise<Networks[]>;

export interface SegmentedVideo {
  readonly report: SegmentReport;
  /** What could not be read, as an error to end with. */
  readonly failure?: Error;
}

/** How the input is opened. */
function openingOptions({ scale, maxSide, motion, perFrame }: SegmentFlags): OpenVideoOptions {
  return { scale, maxSide, motionSource: usesCodecMotion(motion) && !perFrame ? 'auto' : 'none' };
}

/** How it is segmented and what is written. */
function writingOptions(
  { keyFrames, maxDistance, perFrame, format, classes, force, opacity, legend }: SegmentFlags,
  { overlay, labels }: SegmentJob,
  { card: { name, classes: classNames, palette }, digest }: Model,
): WriteOptions {
  return {
    ...{ keyFrames, maxDistance, perFrame, overlay, opacity, legend, labels, format, force, recycle: true },
    ...{ classes, classNames, palette, model: { name, digest } },
  };
}

/** @throws InputError, OutputError */
export async function segmentOne(
  job: SegmentJob,
  flags: SegmentFlags,
  model: Model,
  openNetworks: OpenNetworks,
): Promise<SegmentedVideo> {
  const { input } = job;
  const [{ openVideo }, { MotionSource, writeSegmentation }] = await Promise.all([
    import('../../video/index.js'),
    import('../../segment/index.js'),
  ]);
  await using video = await openVideo(input, openingOptions(flags));
  const { width, height, frameCountEstimate, motionNote } = video.info;
  const { layer, perFrame } = flags;
  using motion = await MotionSource.open(perFrame ? 'codec' : flags.motion, width, height);
  const networks = await openNetworks({ width, height, layer, perFrame });
  using progress = showProgress('segment', {
    unit: 'frames',
    total: frameCountEstimate,
    silent: flags.json,
  });
  const notes = new NewNotes(video, (note) => progress.note(`${input}: ${note}`));
  notes.tell();
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
    onFrame: (_frame, done) => {
      notes.tell();
      progress.update(done);
    },
  });
  notes.tell();
  progress.close();
  return {
    report: makeReport(input, video, motion, model.card.name, flags, stats, ofOutput),
    failure:
      video.losses.length > 0 ? partlyReadable(input, video.losses, 'the rest was segmented') : undefined,
  };
}
