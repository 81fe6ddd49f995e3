/** Runs graphs on ONNX Runtime Web. */
import type { EncodedGraph, Engine, EngineOptions, OpenGraph, TensorData } from '@twnet/core/runtime/engine';
import type { InferenceSession, Tensor, TypedTensor } from 'onnxruntime-web/wasm';
import { type Runtime, webRuntime } from './runtime.js';

class WebSession implements OpenGraph {
  private constructor(
    private readonly session: InferenceSession,
    private readonly runtime: Runtime,
    private readonly graph: Omit<EncodedGraph, 'model'>,
  ) {}

  static async open({ model, ...graph }: EncodedGraph, options: EngineOptions): Promise<WebSession> {
    const runtime = await webRuntime(options);
    const session = await runtime.InferenceSession.create(model, {
      executionProviders: [options.provider ?? 'wasm'],
      graphOptimizationLevel: 'all',
      logSeverityLevel: 3,
      // Else its threads spin on after a run, on cores that decoding and motion need.
      extra: { session: { force_spinning_stop: '1' } },
    });
    return new WebSession(session, runtime, graph);
  }

  /** See {@link OpenGraph.run}. What `into` has is copied there: the runtime's memory is its own. */
  async run(
    feeds: Readonly<Record<string, TensorData>>,
    into: Readonly<Record<string, TensorData>> = {},
  ): Promise<Record<string, TensorData>> {
    const tensors: Record<string, Tensor> = {};
    for (const [name, { shape, type }] of this.graph.inputs) {
      const data = feeds[name];
      if (!data) throw new Error(`input ${name} is not fed`);
      tensors[name] = new this.runtime.Tensor(type as 'float32', data as Float32Array, shape);
    }
    const results = await this.session.run(tensors);
    const given: Record<string, TensorData> = {};
    for (const name of this.graph.outputs.keys()) {
      const data = (results[name] as TypedTensor<'float32'>).data as Float32Array;
      const target = into[name] as Float32Array | undefined;
      target?.set(data);
      given[name] = target ?? data;
      results[name].dispose();
    }
    return given;
  }

  async close(): Promise<void> {
    await this.session.release();
  }
}

/** Runs graphs in this thread, which it blocks meanwhile. {@link EngineOptions.provider}: 'wasm' or 'webgpu'. */
export const webEngine: Engine = { open: (graph, options) => WebSession.open(graph, options) };
