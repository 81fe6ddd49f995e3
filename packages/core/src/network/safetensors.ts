/** Reads and writes the safetensors format: an 8-byte header length, a JSON header, raw little-endian tensors. */
import { InputError } from '../errors.js';
import { fitsHalf, fromHalf, toHalf } from './half.js';

/** A parameter's values in float32, whatever the file stored. */
export interface WeightTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

export type Weights = Map<string, WeightTensor>;

export interface SafetensorsFile {
  readonly tensors: Weights;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A tensor as the file holds it. */
export interface SafetensorsEntry {
  readonly name: string;
  /** safetensors' name of the element type: F32, BF16, I64, … */
  readonly dtype: string;
  readonly shape: readonly number[];
  /** A view into the file's bytes. */
  readonly bytes: Uint8Array;
}

const MAX_HEADER_BYTES = 100_000_000;

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** The tensors of a file, of whatever type, not decoded; `source` names it in errors. */
export function safetensorsEntries(
  bytes: Uint8Array,
  source: string,
): { entries: SafetensorsEntry[]; metadata: Readonly<Record<string, string>> } {
  const fail = (what: string): never => {
    throw new InputError(`${source}: not a usable safetensors file: ${what}`);
  };
  if (bytes.byteLength < 8) fail('it is shorter than its header length field');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  if (headerLength > MAX_HEADER_BYTES || 8 + headerLength > bytes.byteLength) fail('its header is cut off');
  let header: Record<string, unknown>;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength)));
  } catch {
    return fail('its header is not JSON');
  }
  if (typeof header !== 'object' || header === null) fail('its header is no object');
  const body = bytes.subarray(8 + headerLength);
  const { __metadata__: metadata, ...tensors } = header;
  const entries = Object.entries(tensors).map(([name, entry]) => {
    const { dtype, shape, data_offsets } = (entry ?? {}) as Record<string, unknown>;
    const [start, end] = Array.isArray(data_offsets) ? data_offsets : [];
    const inside = isCount(start) && isCount(end) && end >= start && end <= body.byteLength;
    if (!inside) fail(`tensor ${name} lies outside the file`);
    if (!Array.isArray(shape) || !shape.every(isCount)) return fail(`tensor ${name} has no usable shape`);
    return { name, dtype: String(dtype), shape, bytes: body.subarray(start, end) };
  });
  return { entries, metadata: stringsOf(metadata) };
}

function stringsOf(metadata: unknown): Record<string, string> {
  if (typeof metadata !== 'object' || metadata === null) return {};
  return Object.fromEntries(Object.entries(metadata).filter(([, value]) => typeof value === 'string'));
}

/** Parses a file's bytes; `source` names it in errors. Float16, float32 and float64 tensors are read. */
export function parseSafetensors(bytes: Uint8Array, source: string): SafetensorsFile {
  const fail = (what: string): never => {
    throw new InputError(`${source}: not a usable safetensors file: ${what}`);
  };
  const { entries, metadata } = safetensorsEntries(bytes, source);
  const tensors: Weights = new Map();
  for (const { name, dtype, shape, bytes: stored } of entries) {
    const data = decode(new Uint8Array(stored), dtype) ?? fail(`tensor ${name} has the type ${dtype}`);
    const elements = shape.reduce((product, extent) => product * extent, 1);
    if (data.length !== elements)
      fail(`tensor ${name} holds ${data.length} values, its shape wants ${elements}`);
    tensors.set(name, { shape, data });
  }
  return { tensors, metadata };
}

function decode(bytes: Uint8Array, dtype: string): Float32Array | undefined {
  const { buffer, byteLength } = bytes;
  if (dtype === 'F32' && byteLength % 4 === 0) return new Float32Array(buffer);
  if (dtype === 'F16' && byteLength % 2 === 0) return fromHalf(new Uint16Array(buffer));
  if (dtype === 'F64' && byteLength % 8 === 0) return Float32Array.from(new Float64Array(buffer));
  return undefined;
}

/** The bytes of a file with these tensors, stored as float32 or rounded to float16; float32 still where a value is too large for that. */
export function formatSafetensors(
  tensors: Weights,
  options: { type: 'float32' | 'float16'; metadata?: Record<string, string> },
): Uint8Array {
  const stored = [...tensors].map(([name, { shape, data }]) => {
    const half = options.type === 'float16' && fitsHalf(data);
    return { name, shape, dtype: half ? 'F16' : 'F32', values: half ? toHalf(data) : data };
  });
  const header: Record<string, unknown> = options.metadata ? { __metadata__: options.metadata } : {};
  let offset = 0;
  for (const { name, shape, dtype, values } of stored) {
    const end = offset + values.byteLength;
    header[name] = { dtype, shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = JSON.stringify(header);
  // Padded with spaces so that the tensors start at a multiple of 8 bytes.
  const headerBytes = new TextEncoder().encode(json.padEnd(Math.ceil(json.length / 8) * 8, ' '));
  const file = new Uint8Array(8 + headerBytes.length + offset);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes.length), true);
  file.set(headerBytes, 8);
  let position = 8 + headerBytes.length;
  for (const { values } of stored) {
    file.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), position);
    position += values.byteLength;
  }
  return file;
}
