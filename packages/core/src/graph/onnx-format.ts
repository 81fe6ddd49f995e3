/** Writes a {@link Graph} in ONNX's protobuf format (field numbers from onnx.proto3, IR version 9, opset 18). */
import protobuf from 'protobufjs/minimal.js';
import type { Attribute, Constant, ElementType, Graph, GraphNode, Shape, Value } from './graph.js';

type Writer = protobuf.Writer;

const IR_VERSION = 9;
export const OPSET_VERSION = 18;

const TYPE_CODES: Record<ElementType, number> = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  bool: 9,
  float16: 10,
};
const ATTRIBUTE = { float: 1, int: 2, string: 3, ints: 7 } as const;

/** Wire tag of a protobuf field: 0 = varint, 2 = length-delimited, 5 = 32-bit. */
const tag = (field: number, wire: 0 | 2 | 5): number => (field << 3) | wire;

/** The bytes of a standalone ONNX model. */
export function toOnnx(graph: Graph, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const parts = partsOf(graph);
  const head = protobuf.Writer.create();
  head.uint32(tag(1, 0)).int64(IR_VERSION);
  head.uint32(tag(2, 2)).string('twnet');
  head.uint32(tag(7, 2)).uint32(lengthOf(parts));
  const tail = protobuf.Writer.create();
  const domains = new Set(graph.nodes.map((node) => node.domain));
  domains.add('');
  for (const domain of domains) {
    message(tail, 8, (w) => {
      w.uint32(tag(1, 2)).string(domain);
      w.uint32(tag(2, 0)).int64(domain === '' ? OPSET_VERSION : 1);
    });
  }
  for (const [key, value] of Object.entries(metadata)) {
    message(tail, 14, (w) => w.uint32(tag(1, 2)).string(key).uint32(tag(2, 2)).string(value));
  }
  return joined([head.finish(), ...parts, tail.finish()]);
}

/** The graph's message in pieces: weights are copied once, into the whole, not with a writer's growing buffer. */
function partsOf(graph: Graph): Uint8Array[] {
  const renamed = outputNames(graph);
  const name = (value: string): string => renamed.get(value) ?? value;
  const nodes = protobuf.Writer.create();
  for (const node of graph.nodes) message(nodes, 1, (w) => writeNode(w, node, name));
  for (const [output, value] of graph.outputs) {
    if (renamed.get(value.name) === output) continue;
    const identity = {
      operator: 'Identity',
      domain: '',
      inputs: [value.name],
      outputs: [output],
      attributes: {},
    };
    message(nodes, 1, (w) => writeNode(w, identity, name, false));
  }
  nodes.uint32(tag(2, 2)).string('twnet');
  const constants = [...graph.constants].flatMap(([key, constant]) => tensorParts(key, constant));
  const ends = protobuf.Writer.create();
  for (const input of graph.inputs) message(ends, 11, (w) => writeValueInfo(w, input.name, input));
  for (const [key, value] of graph.outputs) message(ends, 12, (w) => writeValueInfo(w, key, value));
  return [nodes.finish(), ...constants, ends.finish()];
}

const lengthOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, part) => sum + part.length, 0);

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(lengthOf(parts));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** Outputs made by a node take their public name in place; inputs, constants and second names need an Identity. */
function outputNames(graph: Graph): Map<string, string> {
  const produced = new Set(graph.nodes.flatMap((node) => node.outputs));
  const renamed = new Map<string, string>();
  for (const [output, value] of graph.outputs) {
    if (produced.has(value.name) && !renamed.has(value.name)) renamed.set(value.name, output);
  }
  return renamed;
}

function writeNode(
  writer: Writer,
  node: GraphNode,
  name: (value: string) => string,
  renameOutputs = true,
): void {
  for (const input of node.inputs) writer.uint32(tag(1, 2)).string(name(input));
  for (const output of node.outputs) writer.uint32(tag(2, 2)).string(renameOutputs ? name(output) : output);
  writer.uint32(tag(3, 2)).string(node.outputs[0] ?? '');
  writer.uint32(tag(4, 2)).string(node.operator);
  for (const [key, value] of Object.entries(node.attributes)) {
    message(writer, 5, (w) => writeAttribute(w, key, value));
  }
  if (node.domain) writer.uint32(tag(7, 2)).string(node.domain);
}

function writeAttribute(writer: Writer, name: string, value: Attribute): void {
  writer.uint32(tag(1, 2)).string(name);
  let type: number;
  if (typeof value === 'number') {
    writer.uint32(tag(3, 0)).int64(value);
    type = ATTRIBUTE.int;
  } else if (typeof value === 'string') {
    writer.uint32(tag(4, 2)).bytes(new TextEncoder().encode(value));
    type = ATTRIBUTE.string;
  } else if ('float' in value) {
    writer.uint32(tag(2, 5)).float(value.float);
    type = ATTRIBUTE.float;
  } else {
    for (const element of value) writer.uint32(tag(8, 0)).int64(element);
    type = ATTRIBUTE.ints;
  }
  writer.uint32(tag(20, 0)).int32(type);
}

/** A constant's message (field 5 of the graph): what is before its data, and its data. */
function tensorParts(name: string, constant: Constant): Uint8Array[] {
  const { buffer, byteOffset, byteLength } = constant.data;
  const before = protobuf.Writer.create();
  for (const extent of constant.shape) before.uint32(tag(1, 0)).int64(extent);
  before.uint32(tag(2, 0)).int32(TYPE_CODES[constant.type]);
  before.uint32(tag(8, 2)).string(name);
  before.uint32(tag(9, 2)).uint32(byteLength);
  const described = before.finish();
  const field = protobuf.Writer.create()
    .uint32(tag(5, 2))
    .uint32(described.length + byteLength);
  return [field.finish(), described, new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength)];
}

function writeValueInfo(writer: Writer, name: string, value: Value): void {
  writer.uint32(tag(1, 2)).string(name);
  message(writer, 2, (typeWriter) =>
    message(typeWriter, 1, (tensorWriter) => {
      tensorWriter.uint32(tag(1, 0)).int32(TYPE_CODES[value.type]);
      message(tensorWriter, 2, (w) => writeShape(w, value.shape));
    }),
  );
}

/** Extents below 0 are free: each has a name of its own. */
function writeShape(writer: Writer, shape: Shape): void {
  for (const [axis, extent] of shape.entries())
    message(writer, 1, (w) =>
      extent < 0 ? w.uint32(tag(2, 2)).string(`free${axis}`) : w.uint32(tag(1, 0)).int64(extent),
    );
}

function message(writer: Writer, field: number, fill: (writer: Writer) => void): void {
  writer.uint32(tag(field, 2)).fork();
  fill(writer);
  writer.ldelim();
}
