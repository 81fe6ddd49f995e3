/** Multiply-adds of an ONNX file, counted from its bytes and the shapes that ONNX Runtime gives: nothing of ours. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import protobuf from 'protobufjs/minimal.js';

interface Node {
  operator: string;
  inputs: string[];
  outputs: string[];
}

interface OnnxGraph {
  readonly nodes: readonly Node[];
  /** Dimensions of the initialisers, by name. */
  readonly initialisers: ReadonlyMap<string, readonly number[]>;
}

export interface OnnxCount {
  /** Multiply-adds of all convolutions (padding counted as the convolution reads it) and matrix products. */
  readonly macs: number;
  /** Values of the convolutions' kernels. */
  readonly weights: number;
  readonly operators: ReadonlySet<string>;
}

/** Field numbers of onnx.proto3. */
const MODEL_GRAPH = 7;
const GRAPH = { node: 1, initialiser: 5, output: 12 };

export async function countOnnx(file: Uint8Array): Promise<OnnxCount> {
  const graph = parse(file);
  const convolutions = graph.nodes.filter(({ operator }) => operator === 'Conv');
  const products = graph.nodes.filter(({ operator }) => operator === 'MatMul');
  const shapes = await shapesOf(file, [
    ...[...convolutions, ...products].map(({ outputs }) => outputs[0]),
    ...products.map(({ inputs }) => inputs[0]),
  ]);
  let macs = 0;
  for (const { inputs, outputs } of products) {
    const summed = shapes.get(inputs[0])!.at(-1)!;
    macs += shapes.get(outputs[0])!.reduce((product, extent) => product * extent, summed);
  }
  let weights = 0;
  for (const { inputs, outputs } of convolutions) {
    const kernel = graph.initialisers.get(inputs[1])!;
    const perOutput = kernel.slice(1).reduce((product, extent) => product * extent, 1);
    macs += shapes.get(outputs[0])!.reduce((product, extent) => product * extent, 1) * perOutput;
    weights += kernel[0] * perOutput;
  }
  return { macs, weights, operators: new Set(graph.nodes.map(({ operator }) => operator)) };
}

/** Runs the file with further values as outputs; gives their shapes. */
async function shapesOf(file: Uint8Array, names: readonly string[]): Promise<Map<string, readonly number[]>> {
  // Protobuf joins a message's parts: a second graph with outputs alone adds them.
  const writer = protobuf.Writer.create();
  writer.uint32((MODEL_GRAPH << 3) | 2).fork();
  for (const name of names) {
    writer.uint32((GRAPH.output << 3) | 2).fork();
    writer.uint32((1 << 3) | 2).string(name);
    writer.ldelim();
  }
  writer.ldelim();
  const session = await InferenceSession.create(Buffer.concat([file, writer.finish()]), {
    graphOptimizationLevel: 'disabled',
  });
  const feeds: Record<string, Tensor> = {};
  for (const input of session.inputMetadata) {
    if (!input.isTensor) throw new Error(`${input.name} is no tensor`);
    const shape = input.shape.map(Number);
    const size = shape.reduce((product, extent) => product * extent, 1);
    feeds[input.name] =
      input.type === 'uint8'
        ? new Tensor('uint8', new Uint8Array(size), shape)
        : new Tensor('float32', new Float32Array(size), shape);
  }
  const results = await session.run(feeds, [...names]);
  const shapes = new Map(Object.entries(results).map(([name, { dims }]) => [name, dims]));
  await session.release();
  return shapes;
}

function parse(file: Uint8Array): OnnxGraph {
  const nodes: Node[] = [];
  const initialisers = new Map<string, readonly number[]>();
  eachField(protobuf.Reader.create(file), (field, model) => {
    if (field !== MODEL_GRAPH) return false;
    eachField(submessage(model), (part, graph) => {
      if (part === GRAPH.node) nodes.push(readNode(submessage(graph)));
      else if (part === GRAPH.initialiser) {
        const { name, dimensions } = readTensor(submessage(graph));
        initialisers.set(name, dimensions);
      } else return false;
      return true;
    });
    return true;
  });
  return { nodes, initialisers };
}

function readNode(reader: protobuf.Reader): Node {
  const node: Node = { operator: '', inputs: [], outputs: [] };
  eachField(reader, (field, from) => {
    if (field === 1) node.inputs.push(from.string());
    else if (field === 2) node.outputs.push(from.string());
    else if (field === 4) node.operator = from.string();
    else return false;
    return true;
  });
  return node;
}

function readTensor(reader: protobuf.Reader): { name: string; dimensions: number[] } {
  const tensor = { name: '', dimensions: [] as number[] };
  eachField(reader, (field, from, wire) => {
    if (field === 8) tensor.name = from.string();
    else if (field === 1 && wire === 0) tensor.dimensions.push(Number(from.int64()));
    else if (field === 1) {
      const end = from.uint32() + from.pos;
      while (from.pos < end) tensor.dimensions.push(Number(from.int64()));
    } else return false;
    return true;
  });
  return tensor;
}

/** Calls `read` for every field; what it does not read is skipped. */
function eachField(
  reader: protobuf.Reader,
  read: (field: number, reader: protobuf.Reader, wire: number) => boolean,
): void {
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    if (!read(tag >>> 3, reader, tag & 7)) reader.skipType(tag & 7);
  }
}

function submessage(reader: protobuf.Reader): protobuf.Reader {
  return protobuf.Reader.create(reader.bytes());
}
