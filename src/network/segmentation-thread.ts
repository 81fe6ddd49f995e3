/** Speaks to the thread that runs networks: frames go in, promises of labels come out. */
import type { Worker } from 'node:worker_threads';
import { TwnetError } from '../errors.js';
import { spawnWorker } from '../workers/spawn.js';
import type { FrameOutput } from './frame-call.js';
import type { FrameCall, OpenRequest, ThreadReply } from './segmentation-worker.js';

interface Waiting {
  readonly resolve: (reply: ThreadReply) => void;
  readonly reject: (error: Error) => void;
}

export class SegmentationThread {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private count = 0;
  private readonly spare: Uint8Array<ArrayBuffer>[] = [];

  constructor() {
    this.worker = spawnWorker('segmentation-worker', import.meta.url);
    this.worker.on('message', (reply: ThreadReply) => {
      const { resolve, reject } = this.waiting.get(reply.id)!;
      this.waiting.delete(reply.id);
      if (reply.error === undefined) resolve(reply);
      else reject(new TwnetError(`the network could not run: ${reply.error}`));
    });
    this.worker.on('error', (error) => this.fail(error));
    this.worker.on('exit', () => this.fail(new TwnetError('the inference thread ended')));
  }

  async open(request: Omit<OpenRequest, 'kind'>): Promise<void> {
    await this.ask({ kind: 'open', ...request });
  }

  /** Runs a frame; frames are run in the order of the calls, which need not wait for one another. */
  async frame(call: FrameCall): Promise<FrameOutput> {
    // What is sent is a copy, in memory that goes to and fro: megabytes a frame are costly to allocate and collect.
    const { length } = call.pixels;
    const spare = this.spare.pop();
    const sent = spare?.length === length ? spare : new Uint8Array(length);
    sent.set(call.pixels);
    const { output, pixels } = await this.ask({ ...call, pixels: sent }, [sent.buffer]);
    if (pixels) this.spare.push(pixels);
    return output!;
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private ask(request: OpenRequest | FrameCall, transfer: ArrayBuffer[] = []): Promise<ThreadReply> {
    const id = this.count++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ ...request, id }, transfer);
    });
  }

  private fail(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
