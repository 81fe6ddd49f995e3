/** The parts of an ONNX file as its protobuf nests them (onnx.proto3): which field of which message holds which. */
import protobuf from 'protobufjs/minimal.js';

export type Part =
  | 'model'
  | 'operator set'
  | 'graph'
  | 'node'
  | 'attribute'
  | 'tensor'
  | 'sparse tensor'
  | 'function'
  | 'external entry';

/** Fields that are messages of interest, by number. All others are passed over. */
export const PARTS: Readonly<Record<Part, Readonly<Record<number, Part>>>> = {
  model: { 7: 'graph', 8: 'operator set', 25: 'function' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse tensor' },
  node: { 5: 'attribute' },
  attribute: {
    5: 'tensor',
    6: 'graph',
    10: 'tensor',
    11: 'graph',
    22: 'sparse tensor',
    23: 'sparse tensor',
  },
  'sparse tensor': { 1: 'tensor', 2: 'tensor' },
  function: { 7: 'node', 9: 'operator set', 11: 'attribute' },
  tensor: { 13: 'external entry' },
  'operator set': {},
  'external entry': {},
};

/** How deep messages may lie in one another: networks have loops and branches within one another, few of them. */
const DEEPEST = 64;

/** Protobuf's wire types that ONNX has. */
export const VARINT = 0;
export const BYTES = 2;
const FIXED_64 = 1;
const FIXED_32 = 5;

export interface Field {
  readonly number: number;
  readonly wire: number;
  /** Of {@link VARINT}; whole numbers beyond 2⁵³ are rounded. */
  readonly value: number;
  /** Of {@link BYTES}, a view. */
  readonly bytes: Uint8Array;
  /** The whole field, its tag included, a view. */
  readonly whole: Uint8Array;
}

const NOTHING: Uint8Array = new Uint8Array(0);

/**
 * The fields of a message, in their order.
 *
 * @throws Error for what is no protobuf
 */
export function* fieldsOf(message: Uint8Array): Generator<Field, void> {
  const reader = protobuf.Reader.create(message);
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const tag = reader.uint32();
    const wire = tag & 7;
    let value = 0;
    let bytes: Uint8Array = NOTHING;
    if (wire === VARINT) value = Number(reader.int64());
    else if (wire === BYTES) {
      const length = reader.uint32();
      const from = reader.pos;
      if (length > 0) reader.skip(length);
      bytes = message.subarray(from, from + length);
    } else if (wire === FIXED_64) reader.skip(8);
    else if (wire === FIXED_32) reader.skip(4);
    else throw new Error(`a field of wire type ${wire}`);
    if (tag >>> 3 === 0) throw new Error('a field of number 0');
    yield { number: tag >>> 3, wire, value, bytes, whole: message.subarray(start, reader.pos) };
  }
}

/**
 * Visits the messages of a file, each before those within it.
 *
 * @param visit is given a message's fields; false: those within it are passed over
 * @throws Error for what is no protobuf, or nested too deep
 */
export function visitParts(
  message: Uint8Array,
  part: Part,
  visit: (part: Part, fields: readonly Field[]) => boolean | undefined,
  depth = 0,
): void {
  if (depth > DEEPEST) throw new Error(`parts nested ${DEEPEST} deep`);
  const fields = [...fieldsOf(message)];
  if (visit(part, fields) === false) return;
  for (const { number, wire, bytes } of fields) {
    const within = wire === BYTES ? PARTS[part][number] : undefined;
    if (within) visitParts(bytes, within, visit, depth + 1);
  }
}

/** Text of a field. */
export const textOf = ({ bytes }: Field): string => new TextDecoder().decode(bytes);

/** The text of a message's field, '' where it has none. */
export function textField(fields: readonly Field[], number: number): string {
  const field = fields.findLast((one) => one.number === number && one.wire === BYTES);
  return field ? textOf(field) : '';
}

/** The number of a message's field, `otherwise` where it has none. */
export function numberField(fields: readonly Field[], number: number, otherwise = 0): number {
  return fields.findLast((one) => one.number === number && one.wire === VARINT)?.value ?? otherwise;
}

/** What stands before the bytes of a field of that number: its tag and their count. */
export const fieldHeader = (number: number, length: number): Uint8Array =>
  Uint8Array.from([...varint(8 * number + BYTES), ...varint(length)]);

function varint(value: number): number[] {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    bytes.push((rest % 128) + (rest >= 128 ? 128 : 0));
    if (rest < 128) return bytes;
  }
}
