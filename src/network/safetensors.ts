/** Reads and writes the safetensors format: an 8-byte header length, a JSON header, raw little-endian tensors. */
import { InputError } from '../errors.js';
import { fromHalf, toHalf } from './half.js';

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

interface HeaderEntry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

const MAX_HEADER_BYTES = 100_000_000;

/** Parses a file's bytes; `source` names it in errors. Float16, float32 and float64 tensors are read. */
export function parseSafetensors(bytes: Uint8Array, source: string): SafetensorsFile {
  const fail = (what: string): never => {
    throw new InputError(`${source}: not a usable safetensors file: ${what}`);
  };
  if (bytes.byteLength < 8) fail('it is shorter than its header length field');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const headerLength = Number(view.getBigUint64(0, true));
  if (headerLength > MAX_HEADER_BYTES || 8 + headerLength > bytes.byteLength) fail('its header is cut off');
  let header: Record<string, HeaderEntry>;
  try {
    header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + headerLength)));
  } catch {
    return fail('its header is not JSON');
  }
  const body = bytes.subarray(8 + headerLength);
  const tensors: Weights = new Map();
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const [start, end] = entry.data_offsets ?? [];
    if (!(start >= 0 && end >= start && end <= body.byteLength)) fail(`tensor ${name} lies outside the file`);
    const data =
      decode(new Uint8Array(body.subarray(start, end)), entry.dtype) ??
      fail(`tensor ${name} has the type ${entry.dtype}`);
    const elements = entry.shape.reduce((product, extent) => product * extent, 1);
    if (data.length !== elements)
      fail(`tensor ${name} holds ${data.length} values, its shape wants ${elements}`);
    tensors.set(name, { shape: entry.shape, data });
  }
  return { tensors, metadata: (header.__metadata__ ?? {}) as unknown as Record<string, string> };
}

function decode(bytes: Uint8Array, dtype: string): Float32Array | undefined {
  const { buffer, byteLength } = bytes;
  if (dtype === 'F32' && byteLength % 4 === 0) return new Float32Array(buffer);
  if (dtype === 'F16' && byteLength % 2 === 0) return fromHalf(new Uint16Array(buffer));
  if (dtype === 'F64' && byteLength % 8 === 0) return Float32Array.from(new Float64Array(buffer));
  return undefined;
}

/** The bytes of a file with these tensors, stored as float32 or rounded to float16. */
export function formatSafetensors(
  tensors: Weights,
  options: { type: 'float32' | 'float16'; metadata?: Record<string, string> },
): Uint8Array {
  const half = options.type === 'float16';
  const header: Record<string, unknown> = options.metadata ? { __metadata__: options.metadata } : {};
  let offset = 0;
  for (const [name, { shape, data }] of tensors) {
    const end = offset + data.length * (half ? 2 : 4);
    header[name] = { dtype: half ? 'F16' : 'F32', shape, data_offsets: [offset, end] };
    offset = end;
  }
  const json = JSON.stringify(header);
  // Padded with spaces so that the tensors start at a multiple of 8 bytes.
  const headerBytes = new TextEncoder().encode(json.padEnd(Math.ceil(json.length / 8) * 8, ' '));
  const file = new Uint8Array(8 + headerBytes.length + offset);
  new DataView(file.buffer).setBigUint64(0, BigInt(headerBytes.length), true);
  file.set(headerBytes, 8);
  let position = 8 + headerBytes.length;
  for (const { data } of tensors.values()) {
    const stored = half ? toHalf(data) : data;
    file.set(new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength), position);
    position += stored.byteLength;
  }
  return file;
}
