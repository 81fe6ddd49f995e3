import '../kernels/provide.js';
import type { ClassTable } from '@twnet/core/classes';
import { callbackOption, checkOptions, signalOption } from '@twnet/core/options/option-check';
import type { Networks } from '@twnet/core/runtime/networks';
import { ClassAreas, type ClassSummary, labelAreas } from '@twnet/core/segment/class-areas';
import { ClassChoice } from '@twnet/core/segment/class-choice';
import type { MotionSource } from '@twnet/core/segment/motion-source';
import type { SegmentOptions } from '@twnet/core/segment/segment-options';
import { segmentOptionFields, segmentOptionsOf } from '@twnet/core/segment/segment-options';
import type { SegmentedFrame } from '@twnet/core/segment/segmented-frame';
import { segmentVideo } from '@twnet/core/segment/segmenter';
import { type RunStats, StatsCollector } from '@twnet/core/segment/stats';
import { z } from 'zod';
import { claimOutputs } from '../files/claim-outputs.js';
import type { Video } from '../video/open-video.js';
import { untilStopped } from '../video/until-stopped.js';
import { type KeptFrame, type LabelOptions, LabelSink } from './label-sink.js';
import type { LabelsFileHead } from './labels-file.js';
import { type OverlayOptions, OverlaySink } from './overlay-sink.js';

/** Said in `labels.json`. */
const STOPPED = 'stopped early: what comes after the last frame here was not segmented';

export interface WriteOptions
  extends SegmentOptions,
    Omit<OverlayOptions, 'palette'>,
    Omit<LabelOptions, 'palette'> {
  /** One colour a class; default those of the networks' model. */
  readonly palette?: ClassTable['palette'];
  /** The names of the model's classes, by id; default those of the networks' model, or their ids. */
  readonly classNames?: readonly string[];
  /** Names or ids of the classes to keep in what is written, the others being ignored; default all. */
  readonly classes?: readonly (string | number)[];
  /** The model, for `labels.json`; default the networks'. */
  readonly model?: LabelsFileHead['model'];
  /** Overwrite an existing overlay, and write labels into a folder that twnet did not fill. Default: refuse. */
  readonly force?: boolean;
  /** Stop here when this is aborted: outputs are completed with the frames so far. (`signal` leaves nothing.) */
  readonly until?: AbortSignal;
  /** Called after every frame. */
  readonly onFrame?: (frame: SegmentedFrame, done: number) => void;
  /** `onFrame` keeps no frame: their memory is used again. Default: true where there is no `onFrame`. */
  readonly recycle?: boolean;
}

/** What a run did, took and saw. */
export interface SegmentationStats extends RunStats {
  /** Each class that was kept, over all frames. */
  readonly classes: readonly ClassSummary[];
}

/**
 * Segments a video and writes what is asked for. Outputs get their names when all of the video has been read,
 * so they are whole or not there; where the video itself is damaged they hold what could be decoded
 * (`video.losses` says what could not).
 *
 * @throws InputError, OutputError; before any work where an output exists (see `force`) or cannot be written
 */
export async function writeSegmentation(
  video: Video,
  networks: Networks | readonly Networks[],
  options: WriteOptions,
): Promise<SegmentationStats> {
  checkWriting(options);
  const segmenting = segmentOptionsOf({ ...options, recycle: options.recycle ?? !options.onFrame });
  return writeFrames(video, [networks].flat()[0], options, () => segmentVideo(video, networks, segmenting));
}

/** What is written of a video beside its labels; a `Video` has it. */
export type WrittenVideo = Pick<Video, 'name' | 'info' | 'notes' | 'losses' | 'origin'>;
/** What is written of the networks that made the labels. */
export type WritingNetworks = Pick<
  Networks,
  'classes' | 'card' | 'digest' | 'width' | 'height' | 'keySize' | 'layer' | 'speed'
>;

/**
 * Writes frames that are segmented already, or here.
 *
 * @param frames called once the outputs are claimed
 */
export async function writeFrames(
  video: WrittenVideo,
  networks: WritingNetworks | undefined,
  options: Omit<WriteOptions, 'motion'> & { readonly motion?: Pick<MotionSource, 'name'> },
  frames: () => AsyncIterable<SegmentedFrame>,
): Promise<SegmentationStats> {
  const { overlay, labels, force } = options;
  claimOutputs(
    [
      ...(overlay === undefined ? [] : [{ path: overlay, kind: 'file', flag: 'overlay' } as const]),
      ...(labels === undefined ? [] : [{ path: labels, kind: 'folder', flag: 'labels' } as const]),
    ],
    { force },
  );
  if (!networks) throw new RangeError('writeSegmentation: no networks');
  const { names, palette } = classesOf(networks, options);
  const choice = new ClassChoice(names, options.classes);
  const seen = new ClassAreas(choice.classes);
  await using sinks = await Sinks.open(video, networks, choice, { ...options, palette });
  const stats = new StatsCollector();
  let done = 0;
  for await (const frame of untilStopped(frames(), options.until)) {
    const start = performance.now();
    const labels = choice.keep(frame.labels);
    const areas = labelAreas(labels);
    await sinks.write({ ...frame, labels, areas });
    seen.add(areas, labels.length, frame.frame.timestamp);
    stats.add(frame, performance.now() - start);
    done++;
    options.onFrame?.(frame, done);
  }
  // Stopped before the first frame: there is nothing to complete.
  const stopped = options.until?.aborted ? [STOPPED] : [];
  if (done > 0 || stopped.length === 0) await sinks.commit(seen.report(), stopped);
  return { ...stats.report(), classes: seen.report() };
}

/** What the networks' classes are called and how they look. */
function classesOf(
  { classes, card }: WritingNetworks,
  { classNames, palette }: Pick<WriteOptions, 'classNames' | 'palette'>,
): { names: readonly string[]; palette: ClassTable['palette'] } {
  const names = classNames ?? card?.classes ?? Array.from({ length: classes }, (_, id) => String(id));
  if (names.length !== classes)
    throw new RangeError(`writeSegmentation: ${names.length} classNames, networks of ${classes} classes`);
  const colours = palette ?? card?.palette;
  if (!colours) throw new RangeError('writeSegmentation: networks without a model card need a palette');
  return { names, palette: colours };
}

/** The files that a run writes. */
class Sinks implements AsyncDisposable {
  private constructor(
    readonly overlay: OverlaySink | undefined,
    readonly labels: LabelSink | undefined,
  ) {}

  static async open(
    video: WrittenVideo,
    networks: WritingNetworks,
    { classes }: ClassChoice,
    options: Parameters<typeof writeFrames>[2] & OverlayOptions,
  ): Promise<Sinks> {
    const run = {
      model: options.model ?? modelOf(networks),
      options: optionsOfRun(networks, options),
    };
    const labels = await LabelSink.open(video, options, classes, run);
    try {
      return new Sinks(await OverlaySink.open(video, options, classes), labels);
    } catch (error) {
      await labels?.[Symbol.asyncDispose]();
      throw error;
    }
  }

  async write(kept: KeptFrame): Promise<void> {
    await this.labels?.write(kept);
    await this.overlay?.write(kept);
  }

  async commit(summary: readonly ClassSummary[], notes: readonly string[]): Promise<void> {
    // What is left of the audio belongs to frames that were not read.
    await this.overlay?.commit(notes.length === 0);
    await this.labels?.commit(summary, notes);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.overlay?.[Symbol.asyncDispose]();
    await this.labels?.[Symbol.asyncDispose]();
  }
}

function modelOf({ card, digest }: WritingNetworks): LabelsFileHead['model'] {
  return { name: card?.name ?? 'unknown', ...(digest === undefined ? {} : { digest }) };
}

/** How the video is segmented, for `labels.json`. */
function optionsOfRun(
  { width, height, keySize = { width, height }, layer, speed }: WritingNetworks,
  { perFrame = false, keyFrames, maxDistance, motion, classes }: Parameters<typeof writeFrames>[2],
): LabelsFileHead['options'] {
  return {
    /** Of the frames that the networks work on: key frames, and the others where they are smaller. */
    networkSize: { ...keySize },
    ...(keySize.width === width ? {} : { nonKeySize: { width, height } }),
    perFrame,
    layer: (perFrame ? null : layer) ?? null,
    ...(speed === undefined ? {} : { speed: perFrame ? null : speed }),
    keyFrames: { ...keyFrames },
    maxDistance: maxDistance ?? null,
    motion: motion?.name ?? 'codec',
    classes: classes ? [...classes] : null,
  };
}

const byte = z.int().min(0).max(255);

const writeOptions = z.strictObject({
  ...segmentOptionFields,
  overlay: z.string().min(1).optional(),
  opacity: z.number().min(0).max(1).optional(),
  legend: z.boolean().optional(),
  audio: z.boolean().optional(),
  onNote: callbackOption.optional(),
  labels: z.string().min(1).optional(),
  // Which there are is said where they are written.
  format: z.string().optional(),
  palette: z.array(z.tuple([byte, byte, byte])).optional(),
  classNames: z.array(z.string()).optional(),
  classes: z.array(z.union([z.string(), z.int()], "must be a class's name or id")).optional(),
  model: z.object({ name: z.string(), digest: z.string().optional() }).optional(),
  force: z.boolean().optional(),
  until: signalOption.optional(),
  onFrame: callbackOption.optional(),
});

/** @throws InputError */
function checkWriting(options: unknown): void {
  checkOptions('writeSegmentation', writeOptions, options);
}
