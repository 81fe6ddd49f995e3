/** Speaks to the inference worker: graphs go in, promises of outputs come out. */
import type { Worker } from 'node:worker_threads';
import { TwnetError } from '../errors.js';
import type { Graph } from '../graph/graph.js';
import { toOnnx } from '../graph/onnx-format.js';
import type { TensorData } from '../graph/session.js';
import { spawnWorker } from '../workers/spawn.js';
import type { InferenceEngine, InferenceReply, InferenceRequest } from './inference-worker.js';

interface Waiting {
  readonly resolve: (reply: InferenceReply) => void;
  readonly reject: (error: Error) => void;
}

// A union loses its members under a plain Omit.
type WithoutId<T> = T extends unknown ? Omit<T, 'id'> : never;

export class InferenceThread {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private count = 0;

  constructor() {
    this.worker = spawnWorker('inference-worker', import.meta.url);
    this.worker.on('message', (reply: InferenceReply) => {
      const { resolve, reject } = this.waiting.get(reply.id)!;
      this.waiting.delete(reply.id);
      if (reply.error === undefined) resolve(reply);
      else reject(new TwnetError(`the network could not run: ${reply.error}`));
    });
    this.worker.on('error', (error) => this.fail(error));
    this.worker.on('exit', () => this.fail(new TwnetError('the inference thread ended')));
  }

  /** Opens a graph under a name. */
  async open(network: string, graph: Graph, options: InferenceEngine = {}): Promise<void> {
    const inputs = new Map(graph.inputs.map(({ name, shape, type }) => [name, { shape, type }]));
    await this.ask({ kind: 'open', network, model: toOnnx(graph), inputs, options });
  }

  /** Runs a network; gives its outputs and the time it took, milliseconds. */
  async run(
    network: string,
    feeds: Record<string, TensorData>,
  ): Promise<{ outputs: Record<string, TensorData>; milliseconds: number }> {
    const { outputs, milliseconds } = await this.ask({ kind: 'run', network, feeds });
    return { outputs: outputs!, milliseconds };
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private ask(request: WithoutId<InferenceRequest>): Promise<InferenceReply> {
    const id = this.count++;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      this.worker.postMessage({ ...request, id });
    });
  }

  private fail(error: Error): void {
    for (const { reject } of this.waiting.values()) reject(error);
    this.waiting.clear();
  }
}
