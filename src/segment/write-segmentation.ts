import type { ClassTable } from '../data/classes.js';
import { encodeVideo, type Video, type VideoWriter } from '../video/index.js';
import { LabelWriter } from './label-writer.js';
import type { SegmentationNetworks } from './networks.js';
import { Overlay } from './overlay.js';
import { type SegmentedFrame, type SegmentOptions, segmentVideo } from './segmenter.js';
import { type RunStats, StatsCollector } from './stats.js';

/** I-frames of the overlay video lie this far apart: it is for looking at, and for jumping about in. */
const OVERLAY_GOP = 25;

export interface WriteOptions extends SegmentOptions {
  /** Video file to write, the labels drawn over the pictures. */
  readonly overlay?: string;
  /** One colour a class, for the overlay. */
  readonly palette: ClassTable['palette'];
  /** Folder to write label PNGs to, of the video's own size. */
  readonly labels?: string;
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
 * @throws InputError, OutputError
 */
export async function writeSegmentation(
  video: Video,
  networks: SegmentationNetworks | readonly SegmentationNetworks[],
  options: WriteOptions,
): Promise<RunStats> {
  await using sinks = await Sinks.open(video, options);
  const stats = new StatsCollector();
  let done = 0;
  for await (const frame of segmentVideo(video, networks, options)) {
    const start = performance.now();
    await sinks.write(frame);
    stats.add(frame, performance.now() - start);
    done++;
    options.onFrame?.(frame, done);
    // Estimated motion looks back at pictures.
    if (options.recycle && !options.motion) video.recycle(frame.frame);
  }
  await sinks.commit();
  return stats.report();
}

/** The files that a run writes. */
class Sinks implements AsyncDisposable {
  #drawn: Uint8Array | undefined;

  private constructor(
    readonly overlay: Overlay,
    readonly writer: VideoWriter | undefined,
    readonly labels: LabelWriter | undefined,
  ) {}

  static async open(video: Video, options: WriteOptions): Promise<Sinks> {
    const { width, height, fullWidth, fullHeight, frameRate } = video.info;
    const full = { width: fullWidth, height: fullHeight };
    const labels = options.labels === undefined ? undefined : new LabelWriter(options.labels, full);
    try {
      const writer =
        options.overlay === undefined
          ? undefined
          : await encodeVideo({
              output: options.overlay,
              width,
              height,
              frameRate,
              codec: 'h264',
              gop: OVERLAY_GOP,
            });
      return new Sinks(new Overlay(options.palette), writer, labels);
    } catch (error) {
      await labels?.[Symbol.asyncDispose]();
      throw error;
    }
  }

  async write({ frame, labels }: SegmentedFrame): Promise<void> {
    await this.labels?.write(frame.index, labels, frame.width, frame.height);
    if (!this.writer) return;
    // Not in place: the next frame's residual needs the picture as it is.
    this.#drawn = this.overlay.draw(frame.pixels, labels, this.#drawn);
    await this.writer.write(this.#drawn);
  }

  async commit(): Promise<void> {
    await this.writer?.finish();
    await this.labels?.commit();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.writer?.abort();
    await this.labels?.[Symbol.asyncDispose]();
  }
}
