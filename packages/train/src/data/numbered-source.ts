/** Numbered things made by a thread of its own, a few ahead of what is asked for. */
import { isMainThread, type Worker } from 'node:worker_threads';
import { TwnetError } from '@twnet/core/errors';
import { forgetGate, type Gate, makeGate } from '@twnet/node/workers/gate';
import { spawnWorker } from '@twnet/node/workers/spawn';

/** Things made ahead of the highest number asked for. */
const AHEAD = 4;

/** What the thread answers to a number. */
export interface NumberedReply<T> {
  readonly index: number;
  readonly made?: T;
  readonly error?: string;
}

export interface NumberedSourceOptions {
  /** Module of the thread, beside that of `parentUrl`. */
  readonly worker: string;
  readonly parentUrl: string;
  /** Handed to the thread as `workerData`, with `stop`: 1 asks it to leave its queue and end. */
  readonly data: object;
  /** What is made, e.g. `training clip`. */
  readonly what: string;
}

export class NumberedSource<T> implements AsyncDisposable {
  private readonly worker: Worker;
  private readonly promised = new Map<number, PromiseWithResolver<T>>();
  private readonly stop = new Int32Array(new SharedArrayBuffer(4));
  private readonly what: string;
  private requested = -1;
  /** Why no more comes, once that is so. */
  private ended?: Error;

  constructor({ worker, parentUrl, data, what }: NumberedSourceOptions) {
    this.what = what;
    const gate: Gate | undefined = isMainThread ? makeGate() : undefined;
    this.worker = spawnWorker(worker, parentUrl, { workerData: { ...data, stop: this.stop, gate } });
    this.worker.on('message', ({ index, made, error }: NumberedReply<T>) => {
      const waiting = this.promise(index);
      if (made) waiting.resolve(made);
      else waiting.reject(new TwnetError(`a ${what} could not be made: ${error}`));
    });
    this.worker.on('error', (error) => this.end(error));
    this.worker.on('exit', (code) => {
      if (gate) forgetGate(gate);
      this.end(new TwnetError(`the thread that makes ${what}s ended early (exit code ${code})`));
    });
  }

  /** Number `index`; each is to be asked for once, about in order. */
  async get(index: number): Promise<T> {
    if (this.ended) throw this.ended;
    if (this.requested < 0) this.requested = index - 1;
    if (index <= this.requested && !this.promised.has(index)) this.request(index);
    while (this.requested < index + AHEAD) this.request(++this.requested);
    const made = await this.promise(index).promise;
    this.promised.delete(index);
    return made;
  }

  /** Ends the thread; what is still waited for is refused. */
  async close(): Promise<void> {
    this.end(new TwnetError(`the source of ${this.what}s is closed`));
    if (this.worker.threadId < 0) return;
    // Not terminated: the thread may be inside FFmpeg, whose objects it has to free itself.
    // Not `once` of node:events: that rejects where the thread fails in the meantime.
    const exited = new Promise((resolve) => this.worker.once('exit', resolve));
    Atomics.store(this.stop, 0, 1);
    this.worker.postMessage(-1);
    await exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  private end(reason: Error): void {
    this.ended ??= reason;
    for (const { reject } of this.promised.values()) reject(this.ended);
  }

  private request(index: number): void {
    this.promise(index);
    this.worker.postMessage(index);
  }

  private promise(index: number): PromiseWithResolver<T> {
    const known = this.promised.get(index);
    if (known) return known;
    const made = withResolver<T>();
    // What is made ahead may fail before anybody waits for it.
    made.promise.catch(() => undefined);
    this.promised.set(index, made);
    return made;
  }
}

interface PromiseWithResolver<T> {
  readonly promise: Promise<T>;
  readonly resolve: (made: T) => void;
  readonly reject: (error: Error) => void;
}

function withResolver<T>(): PromiseWithResolver<T> {
  let resolve!: (made: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}
