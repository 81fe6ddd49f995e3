/** Made clips from a thread of their own, a few ahead of what is asked for. */
import { once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import { TwnetError } from '../errors.js';
import { spawnWorker } from '../workers/spawn.js';
import type { Still } from './camvid.js';
import type { MadeClip, MadeClipOptions } from './made-clip.js';
import { sharedStill } from './shared-still.js';

/** Clips made ahead of the highest number asked for. */
const AHEAD = 4;

export interface MadeClipReply {
  readonly index: number;
  readonly clip?: MadeClip;
  readonly error?: string;
}

export class MadeClipSource {
  private readonly worker: Worker;
  private readonly promised = new Map<number, PromiseWithResolver>();
  /** Set to 1 to make the thread leave its queue and end. */
  private readonly stop = new Int32Array(new SharedArrayBuffer(4));
  private requested = -1;
  /** Why no more clips come, once that is so. */
  private ended?: Error;

  constructor(stills: readonly Still[], options: MadeClipOptions) {
    this.worker = spawnWorker('made-clip-worker', import.meta.url, {
      workerData: { stills: stills.map(sharedStill), options, stop: this.stop },
    });
    this.worker.on('message', ({ index, clip, error }: MadeClipReply) => {
      const waiting = this.promise(index);
      if (clip) waiting.resolve(clip);
      else waiting.reject(new TwnetError(`a training clip could not be made: ${error}`));
    });
    this.worker.on('error', (error) => this.end(error));
    this.worker.on('exit', (code) =>
      this.end(new TwnetError(`the thread that makes training clips ended early (exit code ${code})`)),
    );
  }

  /** Clip number `index`; each number is to be asked for once, about in order. */
  async clip(index: number): Promise<MadeClip> {
    if (this.ended) throw this.ended;
    if (this.requested < 0) this.requested = index - 1;
    if (index <= this.requested && !this.promised.has(index)) this.request(index);
    while (this.requested < index + AHEAD) this.request(++this.requested);
    const clip = await this.promise(index).promise;
    this.promised.delete(index);
    return clip;
  }

  /** The first `count` clips. */
  async first(count: number): Promise<MadeClip[]> {
    const clips: MadeClip[] = [];
    for (let index = 0; index < count; index++) clips.push(await this.clip(index));
    return clips;
  }

  /** Ends the thread; clips still waited for are refused. */
  async close(): Promise<void> {
    this.end(new TwnetError('the source of training clips is closed'));
    if (this.worker.threadId < 0) return;
    // Not terminated: the thread may be inside FFmpeg, whose objects it has to free itself.
    const exited = once(this.worker, 'exit');
    Atomics.store(this.stop, 0, 1);
    this.worker.postMessage(-1);
    await exited;
  }

  private end(reason: Error): void {
    this.ended ??= reason;
    for (const { reject } of this.promised.values()) reject(this.ended);
  }

  private request(index: number): void {
    this.promise(index);
    this.worker.postMessage(index);
  }

  private promise(index: number): PromiseWithResolver {
    const known = this.promised.get(index);
    if (known) return known;
    const made = withResolver();
    // A clip made ahead may fail before anybody waits for it.
    made.promise.catch(() => undefined);
    this.promised.set(index, made);
    return made;
  }
}

interface PromiseWithResolver {
  readonly promise: Promise<MadeClip>;
  readonly resolve: (clip: MadeClip) => void;
  readonly reject: (error: Error) => void;
}

function withResolver(): PromiseWithResolver {
  let resolve!: (clip: MadeClip) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<MadeClip>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
