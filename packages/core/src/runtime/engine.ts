/** What runs ONNX graphs: ONNX Runtime on Node or in a browser, or anything else that can. */
import type { ElementType, Graph, Shape, Value } from '../graph/graph.js';
import { toOnnx } from '../graph/onnx-format.js';

export type TensorData = Float32Array | Uint8Array | Uint16Array | BigInt64Array | Int32Array;

type Tensors = ReadonlyMap<string, { readonly shape: Shape; readonly type: ElementType }>;

/** A graph as ONNX has it, and what goes in and out; can be sent to another thread. */
export interface EncodedGraph {
  readonly model: Uint8Array;
  readonly inputs: Tensors;
  readonly outputs: Tensors;
}

export function encodeGraph(graph: Graph): EncodedGraph {
  const tensor = ({ shape, type }: Value) => ({ shape, type });
  return {
    model: toOnnx(graph),
    inputs: new Map(graph.inputs.map((input) => [input.name, tensor(input)])),
    outputs: new Map([...graph.outputs].map(([name, value]) => [name, tensor(value)])),
  };
}

export interface EngineOptions {
  /** Threads within an operator; default: the engine's choice. */
  readonly threads?: number;
  /** Cores of the machine that are left to others where `threads` is not given; default 0. */
  readonly spareCores?: number;
  /** What of the machine it is to run on, by the engine's name for it; default the CPU. */
  readonly provider?: string;
}

export interface Engine {
  open(graph: EncodedGraph, options: EngineOptions): Promise<OpenGraph>;
}

/** A graph that an engine has opened. One call at a time. */
export interface OpenGraph {
  /**
   * Feeds every input by name; gives every output by name, that of `into` where it has one.
   *
   * @param into arrays that outputs are to be written to, by name; the others get memory of the engine's
   */
  run(
    feeds: Readonly<Record<string, TensorData>>,
    into?: Readonly<Record<string, TensorData>>,
  ): Promise<Record<string, TensorData>>;
  close(): Promise<void>;
}
