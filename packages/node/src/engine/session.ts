/** Runs graphs on ONNX Runtime. */
import { availableParallelism } from 'node:os';
import type { Graph } from '@twnet/core/graph/graph';
import {
  type EncodedGraph,
  type Engine,
  type EngineOptions,
  encodeGraph,
  type OpenGraph,
  type TensorData,
} from '@twnet/core/runtime/engine';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { onnxRuntime } from './runtime.js';

export interface SessionOptions extends EngineOptions {
  /**
   * Places all of a run's intermediate values in one block planned ahead; default true. For a training step, whose
   * block would be of gigabytes, taking and giving back single buffers is faster (measured: 7 %).
   */
  readonly memoryPattern?: boolean;
  /** Writes ONNX Runtime's profile (a Chrome trace) under this prefix. */
  readonly profilePrefix?: string;
}

/** Names of the execution providers that this build of ONNX Runtime may run graphs on. */
export async function executionProviders(): Promise<string[]> {
  return (await onnxRuntime()).listSupportedBackends().map(({ name }) => name);
}

/** An ONNX Runtime session that takes and gives plain typed arrays. */
export class GraphSession implements OpenGraph, AsyncDisposable {
  private constructor(
    private readonly session: InferenceSession,
    private readonly tensor: typeof Tensor,
    private readonly graph: Omit<EncodedGraph, 'model'>,
  ) {}

  static async open(graph: Graph, options: SessionOptions = {}): Promise<GraphSession> {
    return GraphSession.openEncoded(encodeGraph(graph), options);
  }

  static async openEncoded(
    { model, inputs, outputs }: EncodedGraph,
    options: SessionOptions = {},
  ): Promise<GraphSession> {
    const runtime = await onnxRuntime();
    const session = await runtime.InferenceSession.create(model, {
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      enableMemPattern: options.memoryPattern ?? true,
      // Else its threads spin on after a run, on cores that decoding needs: at 480×360 a fifth of a frame's time.
      extra: { session: { force_spinning_stop: '1' } },
      ...threadsOf(options),
      ...(options.provider ? { executionProviders: [options.provider] } : {}),
      ...(options.profilePrefix ? { enableProfiling: true, profileFilePrefix: options.profilePrefix } : {}),
    });
    return new GraphSession(session, runtime.Tensor, { inputs, outputs });
  }

  /** See {@link OpenGraph.run}. */
  async run(
    feeds: Readonly<Record<string, TensorData>>,
    into: Readonly<Record<string, TensorData>> = {},
  ): Promise<Record<string, TensorData>> {
    const tensors: Record<string, Tensor> = {};
    for (const [name, { shape, type }] of this.graph.inputs) {
      const data = feeds[name];
      if (!data) throw new Error(`input ${name} is not fed`);
      tensors[name] = new this.tensor(type, data as Float32Array, shape as number[]);
    }
    const fetches: Record<string, Tensor | null> = {};
    for (const [name, { shape, type }] of this.graph.outputs)
      fetches[name] = into[name]
        ? new this.tensor(type, into[name] as Float32Array, shape as number[])
        : null;
    const results = await this.session.run(tensors, fetches);
    return Object.fromEntries(
      Object.entries(results).map(([name, tensor]) => [name, into[name] ?? (tensor.data as TensorData)]),
    );
  }

  /** Ends profiling (the file is then complete). */
  endProfiling(): void {
    this.session.endProfiling();
  }

  async close(): Promise<void> {
    await this.session.release();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function threadsOf({ threads, spareCores = 0 }: EngineOptions): { intraOpNumThreads?: number } {
  if (threads) return { intraOpNumThreads: threads };
  return spareCores > 0 ? { intraOpNumThreads: Math.max(1, availableParallelism() - spareCores) } : {};
}

/** Runs graphs in this thread, which it blocks meanwhile. {@link EngineOptions.provider}: one of {@link executionProviders}. */
export const onnxEngine: Engine = { open: (graph, options) => GraphSession.openEncoded(graph, options) };
