/** Graphs that run one after the other as one: the outputs of each are the inputs of the next, in their order. */
import type { ElementType } from '../graph/graph.js';
import { sizeOf } from '../graph/graph.js';
import type { EncodedGraph, Engine, EngineOptions, OpenGraph, TensorData } from './engine.js';

const ARRAYS: Readonly<Record<ElementType, new (length: number) => TensorData>> = {
  float32: Float32Array,
  float16: Uint16Array,
  uint8: Uint8Array,
  int64: BigInt64Array,
  int32: Int32Array,
  bool: Uint8Array,
};

/**
 * Opens graphs as one, whose inputs are the first's and whose outputs are the last's. What passes between them lies in
 * memory that is made once: each engine writes it there, the next reads it there.
 */
export async function openChain(
  engine: Engine,
  graphs: readonly EncodedGraph[],
  options: EngineOptions,
): Promise<OpenGraph> {
  const open: OpenGraph[] = [];
  const close = async (): Promise<void> => {
    for (const graph of open.splice(0)) await graph.close();
  };
  try {
    for (const graph of graphs) open.push(await engine.open(graph, options));
  } catch (error) {
    await close();
    throw error;
  }
  const between = graphs.slice(0, -1).map(({ outputs }) => arraysOf(outputs));
  return {
    async run(feeds, into) {
      let results = await open[0].run(feeds, between[0] ?? into);
      for (let index = 1; index < open.length; index++)
        results = await open[index].run(renamed(results, graphs, index), between[index] ?? into);
      return results;
    },
    close,
  };
}

/** What graph number `index` is fed: the results of the one before, by its own names. */
function renamed(
  results: Readonly<Record<string, TensorData>>,
  graphs: readonly EncodedGraph[],
  index: number,
): Record<string, TensorData> {
  const given = [...graphs[index - 1].outputs.keys()];
  return Object.fromEntries([...graphs[index].inputs.keys()].map((name, i) => [name, results[given[i]]]));
}

function arraysOf(tensors: EncodedGraph['outputs']): Record<string, TensorData> {
  const arrays: Record<string, TensorData> = {};
  for (const [name, { shape, type }] of tensors) arrays[name] = new ARRAYS[type](sizeOf(shape));
  return arrays;
}
