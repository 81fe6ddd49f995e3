/** Looks into ONNX files of other programs, before anything is done with them: what they hold, what they ask for. */
import { type Field, fieldsOf, numberField, textField, VARINT, visitParts } from './onnx-parts.js';

/** A tensor whose data lie in another file. */
export interface ExternalTensor {
  readonly name: string;
  /** As the file says it: of a file beside it. */
  readonly location: string;
  readonly offset: number;
  /** Bytes that the tensor's shape and type ask for. */
  readonly length: number;
}

/** What an ONNX file is. */
export interface OnnxSummary {
  readonly irVersion: number;
  /** The program that wrote it, as it says. */
  readonly producer: string;
  /** Versions of operator sets, by domain; '' is ONNX's own. */
  readonly opsets: ReadonlyMap<string, number>;
  /** Operators with their domain (`Conv`, `com.microsoft.Gelu`) and how often each stands there. */
  readonly operators: ReadonlyMap<string, number>;
  /** Domains of functions that the file itself defines. */
  readonly functions: ReadonlySet<string>;
  readonly external: readonly ExternalTensor[];
}

/** More than the largest networks have; each costs memory to hold. */
const MOST_NODES = 200_000;
const OFFSET = /^\d{1,15}$/;

/** Bits of an element, by TensorProto's DataType. */
const ELEMENT_BITS: Readonly<Record<number, number>> = {
  ...{ 1: 32, 2: 8, 3: 8, 4: 16, 5: 16, 6: 32, 7: 64, 9: 8, 10: 16, 11: 64, 12: 32, 13: 64, 14: 64 },
  ...{ 15: 128, 16: 16, 17: 8, 18: 8, 19: 8, 20: 8, 21: 4, 22: 4 },
};

/**
 * Reads what an ONNX file holds; its numbers are not touched.
 *
 * @throws Error that says what is wrong with it, to follow the file's name
 */
export function readOnnx(bytes: Uint8Array): OnnxSummary {
  try {
    return summaryOf(bytes);
  } catch (error) {
    if (error instanceof Refused) throw error;
    throw new Refused('is no ONNX file, or is damaged');
  }
}

/** A reason that is told. */
class Refused extends Error {}

function summaryOf(bytes: Uint8Array): OnnxSummary {
  const opsets = new Map<string, number>();
  const operators = new Map<string, number>();
  const functions = new Set<string>();
  const external: ExternalTensor[] = [];
  let nodes = 0;
  let graphs = 0;
  visitParts(bytes, 'model', (part, fields) => {
    if (part === 'graph') graphs++;
    if (part === 'operator set')
      opsets.set(domainOf(textField(fields, 1)), Math.max(numberField(fields, 2), 1));
    if (part === 'function') functions.add(domainOf(textField(fields, 10)));
    if (part === 'tensor') {
      const tensor = externalOf(fields);
      if (tensor) external.push(tensor);
      return false;
    }
    if (part === 'node') {
      if (++nodes > MOST_NODES) throw new Refused(`holds more than ${MOST_NODES} operators`);
      const name = operatorName(textField(fields, 4), textField(fields, 7));
      operators.set(name, (operators.get(name) ?? 0) + 1);
    }
    return true;
  });
  const fields = [...fieldsOf(bytes)];
  const irVersion = numberField(fields, 1);
  if (graphs === 0 || irVersion === 0) throw new Refused('is no ONNX file');
  if (nodes === 0) throw new Refused('holds a graph without operators');
  const producer = [textField(fields, 2), textField(fields, 3)].join(' ').trim();
  return { irVersion, producer, opsets, operators, functions, external };
}

const domainOf = (domain: string): string => (domain === 'ai.onnx' ? '' : domain);

function operatorName(type: string, domain: string): string {
  const of = domainOf(domain);
  return of === '' ? type : `${of}.${type}`;
}

/** Where a tensor's data are, if that is elsewhere. */
function externalOf(fields: readonly Field[]): ExternalTensor | undefined {
  const entries = new Map<string, string>();
  for (const { number, bytes } of fields) {
    if (number !== 13) continue;
    const entry = [...fieldsOf(bytes)];
    entries.set(textField(entry, 1), textField(entry, 2));
  }
  if (entries.size === 0 && numberField(fields, 14) === 0) return undefined;
  const name = textField(fields, 8);
  const offset = entries.get('offset') ?? '0';
  const length = lengthOf(fields);
  const says = entries.get('length') ?? String(length);
  const told = JSON.stringify(name);
  if (!OFFSET.test(offset) || !OFFSET.test(says) || Number(says) !== length)
    throw new Refused(
      `says of its tensor ${told} that ${says} bytes at ${offset} of another file are its data; they would be ${length}`,
    );
  const location = entries.get('location') ?? '';
  if (location === '') throw new Refused(`has its tensor ${told} in another file, and does not say which`);
  return { name, location, offset: Number(offset), length };
}

/** Bytes of a tensor's data. */
function lengthOf(fields: readonly Field[]): number {
  const bits = ELEMENT_BITS[numberField(fields, 2)];
  if (bits === undefined) throw new Refused(`has a tensor of an element type that holds no numbers`);
  const elements = dimensionsOf(fields).reduce((product, extent) => product * extent, 1);
  const length = Math.ceil((elements * bits) / 8);
  if (!(length >= 0 && length <= Number.MAX_SAFE_INTEGER))
    throw new Refused('has a tensor of an impossible size');
  return length;
}

/** A tensor's extents; they may be packed. */
function dimensionsOf(fields: readonly Field[]): number[] {
  return fields.flatMap(({ number, wire, value, bytes }) => {
    if (number !== 1) return [];
    return wire === VARINT ? [value] : packed(bytes);
  });
}

function packed(bytes: Uint8Array): number[] {
  const values: number[] = [];
  let value = 0;
  let factor = 1;
  for (const byte of bytes) {
    value += (byte & 127) * factor;
    factor *= 128;
    if (byte < 128) {
      values.push(value);
      [value, factor] = [0, 1];
    }
  }
  return values;
}
