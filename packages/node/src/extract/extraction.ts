/** A video's motion on its way into a file. */
import type { PictureType, VideoFrame } from '@twnet/core/frame';
import { DEFAULT_STRIDE, type FrameMaps, type MapOptions, MotionMaps } from '@twnet/core/motion/motion-maps';
import { outputErrorFor } from '../files/output-error.js';
import { ownVersion } from '../files/own-version.js';
import type { Loss, LossTotals } from '../video/losses.js';
import type { OpenVideoOptions } from '../video/open-options.js';
import { openRecords, openVideo, type Video } from '../video/open-video.js';
import { untilStopped } from '../video/until-stopped.js';
import type { VideoInfo } from '../video/video-info.js';
import { type MotionSink, type MotionTarget, openSink } from './motion-sink.js';

/** What is read and worked out. */
export interface ExtractionOptions
  extends MapOptions,
    Pick<OpenVideoOptions, 'start' | 'duration' | 'stream' | 'allowPlaylists' | 'signal' | 'timeout'> {
  /**
   * 'codec': the codec's own vectors and no others, refused where its decoder gives none; 'auto': estimated ones there;
   * 'estimate': estimated for every video. Default 'codec'.
   */
  readonly motionSource?: 'codec' | 'auto' | 'estimate';
}

/** What was written of a video. */
export interface MotionSummary
  extends Pick<
    VideoInfo,
    'codec' | 'container' | 'width' | 'height' | 'rotation' | 'mirrored' | 'frameRate' | 'motionSource'
  > {
  readonly frames: Readonly<Record<PictureType, number>>;
  readonly vectors: number;
  /** Whether all of it was read; else it was stopped. */
  readonly complete: boolean;
  readonly notes: readonly string[];
  readonly losses: readonly Loss[];
  readonly lossTotals: LossTotals;
}

export class Extraction implements AsyncDisposable {
  readonly #frames: AsyncIterator<VideoFrame, void>;
  readonly #counts: Record<PictureType, number> = { I: 0, P: 0, B: 0 };
  #vectors = 0;
  #complete = false;

  private constructor(
    readonly video: Video,
    private readonly maps: MotionMaps,
    private readonly sink: MotionSink,
    private readonly target: MotionTarget,
    private readonly options: ExtractionOptions,
    private readonly until: AbortSignal | undefined,
  ) {
    this.#frames = (until ? untilStopped(video, until) : video)[Symbol.asyncIterator]();
  }

  /**
   * @param until ends it early, complete as far as it came
   * @throws InputError, OutputError
   */
  static async open(
    source: string | Uint8Array,
    target: MotionTarget,
    options: ExtractionOptions,
    until?: AbortSignal,
  ): Promise<Extraction> {
    const { dense, residual = false, stride, motionSource = 'codec', ...opening } = options;
    // Only rows of whole numbers can do without the motion itself.
    const open = target.format === 'npz' && !dense && !residual ? openRecords : openVideo;
    const video = await open(source, { ...opening, motionSource, pixels: residual });
    try {
      const { width, height } = video.info;
      const maps = new MotionMaps(width, height, options);
      return new Extraction(video, maps, openSink(target, maps, kindsOf(options)), target, options, until);
    } catch (error) {
      await video.close();
      throw explained(error, target);
    }
  }

  /** Frames written so far. */
  get count(): number {
    const { I, P, B } = this.#counts;
    return I + P + B;
  }

  /** Goes on for about so many milliseconds. @returns whether there is more to do */
  async advance(milliseconds: number): Promise<boolean> {
    const end = performance.now() + milliseconds;
    do {
      const next = await this.#frames.next();
      if (next.done) {
        this.#complete = this.until?.aborted !== true;
        return false;
      }
      const frame = next.value;
      try {
        const writing = this.sink.write(frame, this.maps.of(frame));
        this.#vectors += typeof writing === 'number' ? writing : await writing;
      } catch (error) {
        throw explained(error, this.target);
      }
      this.#counts[frame.pictureType] += 1;
      this.video.recycle(frame);
    } while (!this.sink.gone && performance.now() < end);
    return !this.sink.gone;
  }

  /** Completes what is written, with the frames so far. @throws OutputError */
  async finish(): Promise<MotionSummary> {
    const { codec, container, width, height, rotation, mirrored, frameRate, motionSource } = this.video.info;
    const { notes, losses, lossTotals } = this.video;
    const { dense = false, residual = false, stride = DEFAULT_STRIDE } = this.options;
    const summary: MotionSummary = {
      ...{ codec, container, width, height, rotation, mirrored, frameRate, motionSource },
      frames: { ...this.#counts },
      vectors: this.#vectors,
      complete: this.#complete,
      notes: [...notes],
      losses: [...losses],
      lossTotals: { ...lossTotals },
    };
    const facts = {
      schema: 'twnet-motion-1',
      generator: `twnet ${ownVersion()}`,
      source: this.video.name,
      ...(dense || residual ? { stride } : {}),
      ...summary,
    };
    try {
      await this.sink.finish(JSON.stringify(facts));
    } catch (error) {
      throw explained(error, this.target);
    }
    return summary;
  }

  /** Frees what is open; what was not finished is not complete. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.sink[Symbol.dispose]();
    await this.video.close();
  }
}

function kindsOf({ dense, residual }: MapOptions): (keyof FrameMaps)[] {
  return [...(dense ? ['dense' as const] : []), ...(residual ? ['residual' as const] : [])];
}

/** Only writing meets with errors of the system here. */
function explained(error: unknown, { name }: MotionTarget): unknown {
  return (error as NodeJS.ErrnoException).code === undefined ? error : outputErrorFor(name, error);
}
