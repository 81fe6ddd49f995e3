/** ONNX files whose data lie in others, made whole: the same network in one file. */
import { BYTES, type Field, fieldHeader, fieldsOf, numberField, PARTS, type Part } from './onnx-parts.js';

/** Field numbers of TensorProto. */
const RAW_DATA = 9;
const EXTERNAL_DATA = 13;
const DATA_LOCATION = 14;
/** Of ModelProto: the graphs of a training are of no use here, and are left out. */
const TRAINING = 20;

/** Parts in which tensors may lie. */
const HOLDERS: ReadonlySet<Part> = new Set([
  ...(['graph', 'node', 'attribute', 'tensor', 'sparse tensor', 'function'] as const),
]);

/**
 * The file with all its data inside; what else it says stays byte for byte.
 *
 * @param dataOf gives the bytes of the tensors that lie elsewhere, which `readOnnx` lists in the same order
 */
export function containedOnnx(
  model: Uint8Array,
  dataOf: (index: number) => Uint8Array,
): Uint8Array<ArrayBuffer> {
  let count = 0;
  const fields = [...fieldsOf(model)].filter(({ number }) => number !== TRAINING);
  const pieces = message(fields, 'model', () => dataOf(count++));
  const whole = new Uint8Array(lengthOf(pieces));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** A message's bytes in pieces: views of what stays, and what is new. */
function message(fields: readonly Field[], part: Part, next: () => Uint8Array): Uint8Array[] {
  return fields.flatMap((field) => {
    const kind = field.wire === BYTES ? PARTS[part][field.number] : undefined;
    if (kind === undefined || !HOLDERS.has(kind)) return [field.whole];
    const inner = [...fieldsOf(field.bytes)];
    const pieces = kind === 'tensor' ? tensor(inner, next) : message(inner, kind, next);
    return pieces ? [fieldHeader(field.number, lengthOf(pieces)), ...pieces] : [field.whole];
  });
}

/** Undefined where it has its data in it. */
function tensor(fields: readonly Field[], next: () => Uint8Array): Uint8Array[] | undefined {
  const isElsewhere =
    fields.some(({ number }) => number === EXTERNAL_DATA) || numberField(fields, DATA_LOCATION) !== 0;
  if (!isElsewhere) return undefined;
  const kept = fields.filter(({ number }) => ![RAW_DATA, EXTERNAL_DATA, DATA_LOCATION].includes(number));
  const data = next();
  return [...kept.map(({ whole }) => whole), fieldHeader(RAW_DATA, data.length), data];
}

const lengthOf = (pieces: readonly Uint8Array[]): number =>
  pieces.reduce((sum, { length }) => sum + length, 0);
