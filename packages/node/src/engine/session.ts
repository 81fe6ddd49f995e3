/** Runs graphs on ONNX Runtime. */

import type { ElementType, Graph, Shape, Value } from '@twnet/core/graph/graph';
import { toOnnx } from '@twnet/core/graph/onnx-format';
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import { onnxRuntime } from './runtime.js';

export type TensorData = Float32Array | Uint8Array | BigInt64Array | Int32Array;

export interface SessionOptions {
  /** Threads within an operator; default: ONNX Runtime's choice, the machine's cores. */
  readonly threads?: number;
  /**
   * Places all of a run's intermediate values in one block planned ahead; default true. For a training step, whose
   * block would be of gigabytes, taking and giving back single buffers is faster (measured: 7 %).
   */
  readonly memoryPattern?: boolean;
  /** Execution provider, one of {@link executionProviders}; default: ONNX Runtime's, the CPU. */
  readonly provider?: string;
  /** Writes ONNX Runtime's profile (a Chrome trace) under this prefix. */
  readonly profilePrefix?: string;
}

/** Names of the execution providers that this build of ONNX Runtime may run graphs on. */
export async function executionProviders(): Promise<string[]> {
  return (await onnxRuntime()).listSupportedBackends().map(({ name }) => name);
}

type Ports = ReadonlyMap<string, { readonly shape: Shape; readonly type: ElementType }>;

/** A graph as ONNX Runtime reads it, and what goes in and out; can be sent to another thread. */
export interface EncodedGraph {
  readonly model: Uint8Array;
  readonly inputs: Ports;
  readonly outputs: Ports;
}

export function encodeGraph(graph: Graph): EncodedGraph {
  const port = ({ shape, type }: Value) => ({ shape, type });
  return {
    model: toOnnx(graph),
    inputs: new Map(graph.inputs.map((input) => [input.name, port(input)])),
    outputs: new Map([...graph.outputs].map(([name, value]) => [name, port(value)])),
  };
}

/** An ONNX Runtime session that takes and gives plain typed arrays. */
export class GraphSession implements AsyncDisposable {
  private constructor(
    private readonly session: InferenceSession,
    private readonly tensor: typeof Tensor,
    private readonly inputs: Ports,
    private readonly outputs: Ports,
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
      ...(options.threads ? { intraOpNumThreads: options.threads } : {}),
      ...(options.provider ? { executionProviders: [options.provider] } : {}),
      ...(options.profilePrefix ? { enableProfiling: true, profileFilePrefix: options.profilePrefix } : {}),
    });
    return new GraphSession(session, runtime.Tensor, inputs, outputs);
  }

  /**
   * Feeds every input by name; gives every output by name.
   *
   * @param into arrays that outputs are written to, by name; the others get memory of ONNX Runtime's
   */
  async run(
    feeds: Readonly<Record<string, TensorData>>,
    into: Readonly<Record<string, TensorData>> = {},
  ): Promise<Record<string, TensorData>> {
    const tensors: Record<string, Tensor> = {};
    for (const [name, { shape, type }] of this.inputs) {
      const data = feeds[name];
      if (!data) throw new Error(`input ${name} is not fed`);
      tensors[name] = new this.tensor(type, data as Float32Array, shape as number[]);
    }
    const fetches: Record<string, Tensor | null> = {};
    for (const [name, { shape, type }] of this.outputs)
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
