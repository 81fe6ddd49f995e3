import { claimOutputs } from '../files/index.js';
import { untilStopped, type Video } from '../video/index.js';
import { LabelWriter } from './label-writer.js';
import type { SegmentationNetworks } from './networks.js';
import { type OverlayOptions, OverlaySink } from './overlay-sink.js';
import { type SegmentedFrame, type SegmentOptions, segmentVideo } from './segmenter.js';
import { type RunStats, StatsCollector } from './stats.js';

export interface WriteOptions extends SegmentOptions, OverlayOptions {
  /** Folder to write label PNGs to, of the video's own size. */
  readonly labels?: string;
  /** Overwrite an existing overlay, and write labels into a folder that twnet did not fill. Default: refuse. */
  readonly force?: boolean;
  /** Stop here when this is aborted: outputs are completed with the frames so far. (`signal` leaves nothing.) */
  readonly until?: AbortSignal;
  /** Called after every frame. */
  readonly onFrame?: (frame: SegmentedFrame, done: number) => void;
  /** `onFrame` keeps no frame: their memory is used again. Default: frames are left as they are. */
  readonly recycle?: boolean;
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
  networks: SegmentationNetworks | readonly SegmentationNetworks[],
  options: WriteOptions,
): Promise<RunStats> {
  const { overlay, labels, force } = options;
  claimOutputs(
    [
      ...(overlay === undefined ? [] : [{ path: overlay, kind: 'file', flag: 'overlay' } as const]),
      ...(labels === undefined ? [] : [{ path: labels, kind: 'folder', flag: 'labels' } as const]),
    ],
    { force },
  );
  await using sinks = await Sinks.open(video, options);
  const stats = new StatsCollector();
  let done = 0;
  for await (const frame of untilStopped(segmentVideo(video, networks, options), options.until)) {
    const start = performance.now();
    await sinks.write(frame);
    stats.add(frame, performance.now() - start);
    done++;
    options.onFrame?.(frame, done);
    // Estimated motion looks back at pictures.
    if (options.recycle && !options.motion) video.recycle(frame.frame);
  }
  // Stopped before the first frame: there is nothing to complete.
  if (done > 0 || !options.until?.aborted) await sinks.commit();
  return stats.report();
}

/** The files that a run writes. */
class Sinks implements AsyncDisposable {
  private constructor(
    readonly overlay: OverlaySink | undefined,
    readonly labels: LabelWriter | undefined,
  ) {}

  static async open(video: Video, options: WriteOptions): Promise<Sinks> {
    const { fullWidth, fullHeight } = video.info;
    const full = { width: fullWidth, height: fullHeight };
    const { force } = options;
    const labels =
      options.labels === undefined
        ? undefined
        : new LabelWriter(options.labels, { size: full, palette: options.palette, force });
    try {
      return new Sinks(await OverlaySink.open(video, options), labels);
    } catch (error) {
      await labels?.[Symbol.asyncDispose]();
      throw error;
    }
  }

  async write(segmented: SegmentedFrame): Promise<void> {
    const { frame, labels } = segmented;
    await this.labels?.write(frame.index, labels, frame.width, frame.height);
    await this.overlay?.write(segmented);
  }

  async commit(): Promise<void> {
    await this.overlay?.commit();
    await this.labels?.commit();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.overlay?.[Symbol.asyncDispose]();
    await this.labels?.[Symbol.asyncDispose]();
  }
}
