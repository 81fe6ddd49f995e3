/** `segment(source, { live: true })`: labels for sources that never end, as they come. */
import { InputError } from '@twnet/core/errors';
import { LATE_POLICIES, type LatePolicy } from '@twnet/core/live/live-frame';
import { checkOptions, signalOption } from '@twnet/core/options/option-check';
import type { CameraFrame, CameraState } from '@twnet/node/live/camera';
import type { CameraStats } from '@twnet/node/live/live-stats';
import type { LiveSession } from '@twnet/node/live/session';
import { Model } from '@twnet/node/model/model';
import { z } from 'zod';

/** A source, or several by name. */
export type LiveInput = string | Readonly<Record<string, string>>;

/** A source is another one than before: open, lost, at its end. */
export interface LiveState {
  readonly camera: string;
  readonly state: CameraState;
  /** Of a source that is lost: what happened, and in how many seconds it is opened again. */
  readonly why?: string;
  readonly wait?: number;
}

export interface LiveInputOptions {
  readonly live: true;
  /** Name of a model that ships, or a model folder; default: see `DEFAULT_MODEL`. */
  readonly model?: string;
  /** What is done with frames that come while the network is busy; default 'warp'. */
  readonly late?: LatePolicy;
  /** Milliseconds that a frame may wait for the network to label it; default 200. */
  readonly maxWait?: number;
  /** With 'wait': the network labels every n-th frame, beside I-frames; default I-frames alone. */
  readonly interval?: number;
  /** Sources are opened again when they are lost or have ended; default: addresses and devices are. */
  readonly reconnect?: boolean;
  /** Seconds without a frame after which a source counts as lost; default 10. */
  readonly timeout?: number;
  /** What RTSP comes by; default tcp. */
  readonly transport?: 'tcp' | 'udp';
  /** The sources are devices: FFmpeg's name of their format, v4l2 for webcams on Linux. */
  readonly format?: string;
  /** Frames of files come at their own pace; default true, but with 'wait'. Streams have their own. */
  readonly paced?: boolean;
  /** As `openVideo` takes them. */
  readonly stream?: number;
  readonly allowPlaylists?: boolean;
  readonly scale?: number | 'auto';
  readonly maxSide?: number;
  /** Threads of the network; default all cores but one, of two both. */
  readonly threads?: number;
  readonly provider?: string;
  /** Ends the loop, with the frames so far. */
  readonly signal?: AbortSignal;
  readonly onState?: (state: LiveState) => void;
  /** A sentence on how a source is read. */
  readonly onNote?: (camera: string, note: string) => void;
}

const liveOptions = z.strictObject({
  live: z.literal(true),
  model: z.string().min(1).optional(),
  late: z.enum(LATE_POLICIES).optional(),
  maxWait: z.number().min(0).optional(),
  interval: z.int().min(1).optional(),
  reconnect: z.boolean().optional(),
  timeout: z.number().positive().optional(),
  transport: z.enum(['tcp', 'udp']).optional(),
  format: z.string().min(1).optional(),
  paced: z.boolean().optional(),
  stream: z.int().min(0).optional(),
  allowPlaylists: z.boolean().optional(),
  scale: z.union([z.number().positive(), z.literal('auto')]).optional(),
  maxSide: z.int().min(16).optional(),
  threads: z.int().min(1).optional(),
  provider: z.string().optional(),
  signal: signalOption.optional(),
  onState: z.custom<LiveInputOptions['onState']>((value) => typeof value === 'function').optional(),
  onNote: z.custom<LiveInputOptions['onNote']>((value) => typeof value === 'function').optional(),
} satisfies Record<keyof LiveInputOptions, z.ZodType>);

/** Labelled frames that wait for the loop; who is slower gets the newest ones. */
const MOST_WAITING = 4;
const ADDRESS = /^(?!file:)[a-z][a-z0-9+.-]+:\/\//i;

/** Sources that are being labelled: loop over it once; a loop that is left ends it. */
export class LiveSegmentation implements AsyncIterable<CameraFrame>, AsyncDisposable {
  private readonly own = new AbortController();
  private readonly waiting: CameraFrame[] = [];
  private readonly sources: Readonly<Record<string, string>>;
  private wake: () => void = () => undefined;
  /** With 'wait': there is room again. */
  private taken: () => void = () => undefined;
  private session: LiveSession | undefined;
  private running: Promise<void> | undefined;
  private ended = false;
  private late = 0;

  /** @internal @throws InputError */
  constructor(
    input: LiveInput | Uint8Array,
    private readonly options: LiveInputOptions,
  ) {
    checkOptions('segment', liveOptions, options);
    if (input instanceof Uint8Array || input === '')
      throw new InputError('segment: a live source is an address, a device or a file, no bytes');
    this.sources = typeof input === 'string' ? { camera: input } : input;
    if (Object.keys(this.sources).length === 0) throw new InputError('segment: there is no source');
  }

  /** What has become of each source so far, by name. */
  get stats(): Readonly<Record<string, CameraStats>> {
    return Object.fromEntries(this.session?.cameras.map(({ name, stats }) => [name, stats]) ?? []);
  }

  /** Labelled frames that the loop was too slow for. */
  get dropped(): number {
    return this.late;
  }

  /** Labelled frames, the newest where the loop is slower than they come. @throws what the only source, or all of them, failed by */
  async *[Symbol.asyncIterator](): AsyncGenerator<CameraFrame, void> {
    if (this.running) throw new Error('its frames can be read once; segment it again');
    const { signal } = this.options;
    const stop = () => this.own.abort();
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) stop();
    this.running = this.run().finally(() => {
      this.ended = true;
      this.wake();
    });
    this.running.catch(() => undefined);
    try {
      for (;;) {
        const frame = this.waiting.shift();
        if (frame) {
          this.taken();
          yield frame;
        } else if (this.ended) break;
        else
          await new Promise<void>((resolve) => {
            this.wake = resolve;
          });
      }
      await this.running;
    } finally {
      signal?.removeEventListener('abort', stop);
      await this.close();
    }
  }

  /** Ends it. */
  async close(): Promise<void> {
    this.own.abort();
    await this.running?.catch(() => undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private async run(): Promise<void> {
    const { model: folder, provider, threads } = this.options;
    const model = await Model.open(folder);
    const { LiveSession } = await import('@twnet/node/live/session');
    const cameras = Object.entries(this.sources).map(([name, source]) => this.camera(name, source));
    const { onState, onNote } = this.options;
    const session = new LiveSession(
      { model, cameras, threads, provider },
      {
        onFrame: (frame) => this.add(frame),
        onState: ({ name, state }, why, wait) => onState?.({ camera: name, state, why, wait }),
        onNote: ({ name }, note) => onNote?.(name, note),
      },
    );
    this.session = session;
    const failed = await session.run(this.own.signal);
    if (failed.length === cameras.length) throw failed[0].error;
  }

  private camera(name: string, source: string) {
    const { late = 'warp', maxWait, interval, timeout, transport, format } = this.options;
    const { stream, allowPlaylists, scale, maxSide } = this.options;
    const isFile = !ADDRESS.test(source) && source !== '-' && format === undefined;
    const { paced = isFile && late !== 'wait', reconnect = !isFile } = this.options;
    return {
      ...{ name, source, late, maxWait, interval, timeout, paced, reconnect },
      opening: { stream, allowPlaylists, scale, maxSide },
      live: { transport, format },
    };
  }

  private add(frame: CameraFrame): Promise<void> | undefined {
    this.waiting.push(frame);
    this.wake();
    if (this.waiting.length <= MOST_WAITING) return undefined;
    if (this.options.late === 'wait' && !this.own.signal.aborted)
      return new Promise((resolve) => {
        this.taken = resolve;
        this.own.signal.addEventListener('abort', () => resolve(), { once: true });
      });
    this.waiting.shift();
    this.late++;
    return undefined;
  }
}
