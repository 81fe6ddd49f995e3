/** Writes a {@link Graph} in ONNX's protobuf format (field numbers from onnx.proto3, IR version 9, opset 18). */
import protobuf from 'protobufjs/minimal.js';
import type { Attribute, Constant, ElementType, Graph, GraphNode, Shape, Value } from './graph.js';

type Writer = protobuf.Writer;

const IR_VERSION = 9;
export const OPSET_VERSION = 18;

const TYPE_CODES: Record<ElementType, number> = { float32: 1, uint8: 2, int32: 6, int64: 7, bool: 9 };
const ATTRIBUTE = { float: 1, int: 2, string: 3, ints: 7 } as const;

/** Wire tag of a protobuf field: 0 = varint, 2 = length-delimited, 5 = 32-bit. */
const tag = (field: number, wire: 0 | 2 | 5): number => (field << 3) | wire;

/** The bytes of a standalone ONNX model. */
export function toOnnx(graph: Graph, metadata: Readonly<Record<string, string>> = {}): Uint8Array {
  const writer = protobuf.Writer.create();
  writer.uint32(tag(1, 0)).int64(IR_VERSION);
  writer.uint32(tag(2, 2)).string('twnet');
  message(writer, 7, (w) => writeGraph(w, graph));
  const domains = new Set(graph.nodes.map((node) => node.domain));
  domains.add('');
  for (const domain of domains) {
    message(writer, 8, (w) => {
      w.uint32(tag(1, 2)).string(domain);
      w.uint32(tag(2, 0)).int64(domain === '' ? OPSET_VERSION : 1);
    });
  }
  for (const [key, value] of Object.entries(metadata)) {
    message(writer, 14, (w) => w.uint32(tag(1, 2)).string(key).uint32(tag(2, 2)).string(value));
  }
  return writer.finish();
}

function writeGraph(writer: Writer, graph: Graph): void {
  const renamed = outputNames(graph);
  const name = (value: string): string => renamed.get(value) ?? value;
  for (const node of graph.nodes) message(writer, 1, (w) => writeNode(w, node, name));
  for (const [output, value] of graph.outputs) {
    if (renamed.get(value.name) === output) continue;
    const identity = {
      operator: 'Identity',
      domain: '',
      inputs: [value.name],
      outputs: [output],
      attributes: {},
    };
    message(writer, 1, (w) => writeNode(w, identity, name, false));
  }
  writer.uint32(tag(2, 2)).string('twnet');
  for (const [key, constant] of graph.constants) message(writer, 5, (w) => writeTensor(w, key, constant));
  for (const input of graph.inputs) message(writer, 11, (w) => writeValueInfo(w, input.name, input));
  for (const [key, value] of graph.outputs) message(writer, 12, (w) => writeValueInfo(w, key, value));
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

function writeTensor(writer: Writer, name: string, constant: Constant): void {
  for (const extent of constant.shape) writer.uint32(tag(1, 0)).int64(extent);
  writer.uint32(tag(2, 0)).int32(TYPE_CODES[constant.type]);
  writer.uint32(tag(8, 2)).string(name);
  const { buffer, byteOffset, byteLength } = constant.data;
  writer.uint32(tag(9, 2)).bytes(new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength));
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

function writeShape(writer: Writer, shape: Shape): void {
  for (const extent of shape) message(writer, 1, (w) => w.uint32(tag(1, 0)).int64(extent));
}

function message(writer: Writer, field: number, fill: (writer: Writer) => void): void {
  writer.uint32(tag(field, 2)).fork();
  fill(writer);
  writer.ldelim();
}
