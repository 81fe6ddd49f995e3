/** One camera: its source, its labels, what became of it. Its trouble is its own. */
import { messageOf } from '@twnet/core/errors';
import type { VideoFrame } from '@twnet/core/frame';
import { LiveLabeller } from '@twnet/core/live/labeller';
import type { LatePolicy, LiveFrame } from '@twnet/core/live/live-frame';
import type { FrameResult, FrameStream } from '@twnet/core/runtime/frame-call';
import type { Video } from '../video/open-video.js';
import { nameOf } from '../video/source/open-container.js';
import type { VideoInfo } from '../video/video-info.js';
import { type LiveSourceOptions, liveItems } from './live-source.js';
import { CameraCounts, type CameraStats } from './live-stats.js';
import type { NetworkPool, PooledNetworks } from './network-pool.js';

/** A labelled frame of a camera. */
export interface CameraFrame extends LiveFrame {
  readonly camera: string;
  /** Since the session began, seconds: goes on over connections. */
  readonly seconds: number;
  /** Connections before this one. */
  readonly connection: number;
  readonly info: VideoInfo;
  /**
   * The picture in the size that the network sees, planar 8-bit RGB; to be asked for at once: it is held for a few frames
   * only. Undefined where it is gone.
   */
  picture(): Promise<Uint8Array | undefined>;
}

export type CameraState = 'connecting' | 'live' | 'waiting' | 'ended' | 'failed';

export interface CameraEvents {
  /** With the policy 'wait' what it promises is waited for. */
  readonly onFrame: (frame: CameraFrame) => unknown;
  /** Its state is another one; `why` says of a source that is lost what happened, `wait` in how many seconds it is tried again. */
  readonly onState?: (camera: Camera, why?: string, wait?: number) => void;
  /** A sentence on how it is read. */
  readonly onNote?: (camera: Camera, note: string) => void;
}

export interface CameraOptions extends Omit<LiveSourceOptions, 'signal' | 'waits'> {
  readonly late: LatePolicy;
  /** Milliseconds that a frame may wait for the network to label it; default {@link DEFAULT_PATIENCE}. */
  readonly maxWait?: number;
  /** With 'wait': frames from one that the network labels to the next, at most; default as often as I-frames come. */
  readonly interval?: number;
}

export const DEFAULT_PATIENCE = 200;

/** What labels the frames of one connection. */
interface Labelling {
  readonly labeller: LiveLabeller;
  readonly stream: FrameStream;
  readonly pooled: PooledNetworks;
}

/** Who is done with a frame, or will never be. */
interface Uses {
  isAsked?: boolean;
  isGiven?: boolean;
  /** Somebody has its picture. */
  isTaken?: boolean;
}

export class Camera {
  state: CameraState = 'connecting';
  /** What it is, once it has been open. */
  info: VideoInfo | undefined;
  private readonly counts = new CameraCounts();
  private readonly seconds = new WeakMap<VideoFrame, number>();
  private readonly pictures = new WeakMap<VideoFrame, Promise<Uint8Array>>();
  private readonly uses = new WeakMap<VideoFrame, Uses>();
  private connection = -1;
  private given: unknown;
  private labelling: Labelling | undefined;
  private failure: { readonly error: unknown } | undefined;
  private readonly own = new AbortController();

  constructor(
    readonly name: string,
    private readonly source: string,
    private readonly pool: NetworkPool,
    private readonly options: CameraOptions,
    private readonly events: CameraEvents,
  ) {}

  /** The address, without its password. */
  get address(): string {
    return nameOf(this.source);
  }

  get stats(): CameraStats {
    return this.counts.stats;
  }

  /**
   * Runs until the signal says to stop or the source has ended.
   *
   * @throws InputError where the source cannot be opened and is not to be tried again; TwnetError where the network fails
   */
  async run(signal: AbortSignal): Promise<void> {
    const stop = () => this.own.abort();
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
    try {
      for await (const item of liveItems(this.source, {
        ...this.options,
        waits: this.options.late === 'wait',
        signal: this.own.signal,
      })) {
        if (item.kind === 'open') await this.begin(item.video);
        else if (item.kind === 'frame') await this.take(item.frame, item.seconds);
        else if (item.kind === 'behind') this.counts.fellBehind();
        else await this.lose(item.why, item.wait);
      }
      await this.end(this.options.late === 'wait' && !signal.aborted);
      if (this.failure) throw this.failure.error;
      this.become('ended');
    } catch (error) {
      this.become('failed', messageOf(error));
      throw error;
    } finally {
      signal.removeEventListener('abort', stop);
      await this.end(false);
    }
  }

  private async begin(video: Video): Promise<void> {
    const pooled = await this.pool.take(video.info);
    this.connection += 1;
    this.info = video.info;
    this.counts.opened();
    const stream = pooled.networks.begin();
    const { late, maxWait = DEFAULT_PATIENCE, interval } = this.options;
    const labeller = new LiveLabeller(
      pooled.layout,
      { late, patience: maxWait, interval },
      {
        ask: (frame) => this.ask(stream, frame, video),
        onFrame: (frame) => this.give(frame, video),
        onSkip: () => this.counts.skipped(),
        onError: (error) => this.fail(error),
      },
    );
    this.labelling = { labeller, stream, pooled };
    this.become('live');
    for (const note of video.notes) this.events.onNote?.(this, note);
  }

  private async take(frame: VideoFrame, seconds: number): Promise<void> {
    this.counts.received(frame.arrived ?? performance.now());
    this.seconds.set(frame, seconds);
    await this.labelling?.labeller.add(frame);
    if (this.options.late === 'wait') await this.given;
  }

  private async lose(why: string, wait: number | undefined): Promise<void> {
    this.counts.lost();
    await this.end(true);
    if (wait !== undefined) this.become('waiting', why, wait);
  }

  /** @param whole whether frames that wait get their labels */
  private async end(whole: boolean): Promise<void> {
    const { labelling } = this;
    this.labelling = undefined;
    if (!labelling) return;
    const { labeller, stream, pooled } = labelling;
    if (whole && !this.failure) await labeller.finish();
    labeller.stop();
    await stream.close().catch(() => undefined);
    await pooled.release(!this.failure);
  }

  private async ask(stream: FrameStream, frame: VideoFrame, video: Video): Promise<FrameResult | undefined> {
    const pixels = await this.pictureOf(frame);
    const result = pixels && stream.keyFrame(pixels, { scores: true });
    // What is sent to the network are copies.
    this.used(frame, { isAsked: true }, video);
    return result;
  }

  /** Pictures that nobody looks at any more are used again: garbage of megabytes a frame is collected late. */
  private used(frame: VideoFrame, more: Uses, video: Video): void {
    const uses = Object.assign(this.uses.get(frame) ?? {}, more);
    this.uses.set(frame, uses);
    if (uses.isAsked && uses.isGiven && !uses.isTaken) video.recycle(frame);
  }

  private async pictureOf(frame: VideoFrame): Promise<Uint8Array | undefined> {
    if (!frame.keyPicture) return frame.pixels.length > 0 ? frame.pixels : undefined;
    const known = this.pictures.get(frame) ?? frame.keyPicture();
    this.pictures.set(frame, known);
    return known.catch(() => undefined);
  }

  private give(frame: LiveFrame, video: Video): void {
    this.counts.labelled(frame);
    this.given = this.events.onFrame({
      ...frame,
      camera: this.name,
      seconds: this.seconds.get(frame.frame) ?? frame.frame.timestamp,
      connection: this.connection,
      info: video.info,
      picture: () => {
        this.used(frame.frame, { isTaken: true }, video);
        return this.pictureOf(frame.frame);
      },
    });
    this.used(frame.frame, { isGiven: true }, video);
  }

  private fail(error: unknown): void {
    this.failure ??= { error };
    this.own.abort();
  }

  private become(state: CameraState, why?: string, wait?: number): void {
    this.state = state;
    this.events.onState?.(this, why, wait);
  }
}
