/** Reads NumPy's archives, for tests: by the reader of PyTorch's zip files, which checks checksums, and by the format's description. */
import { readFileSync } from 'node:fs';
import { zipEntries } from '@twnet/train/import/zip';

export interface NpyArray {
  /** The type as it is written, or a record's fields. */
  readonly type: string | readonly (readonly [field: string, type: string])[];
  readonly shape: readonly number[];
  readonly data: Uint8Array;
}

export function readNpz(path: string): Map<string, NpyArray> {
  const entries = [...zipEntries(readFileSync(path), path)];
  return new Map(entries.map(([name, content]) => [name.replace(/\.npy$/, ''), readNpy(content())]));
}

function readNpy(bytes: Uint8Array): NpyArray {
  if (Buffer.from(bytes.subarray(1, 8)).toString('latin1') !== 'NUMPY\x01\x00' || bytes[0] !== 0x93)
    throw new Error('no .npy of version 1.0');
  const start = 10 + bytes[8] + 256 * bytes[9];
  const text = Buffer.from(bytes.subarray(10, start)).toString('latin1');
  const [, single, list, shape] =
    /^\{'descr': (?:'([^']+)'|\[(.*)\]), 'fortran_order': False, 'shape': \(([^)]*)\), \} *\n$/.exec(text) ??
    [];
  if (shape === undefined) throw new Error(`what is ${text}?`);
  const fields = [...(list ?? '').matchAll(/\('([^']+)', '([^']+)'\)/g)].map(
    ([, name, type]) => [name, type] as const,
  );
  const array = {
    type: single ?? fields,
    shape: shape
      .split(',')
      .filter((part) => part.trim() !== '')
      .map(Number),
    data: bytes.subarray(start),
  };
  const count = array.shape.reduce((product, side) => product * side, 1);
  if (count * sizeOf(array.type) !== array.data.length)
    throw new Error(`${array.data.length} bytes for ${text}`);
  return array;
}

function sizeOf(type: NpyArray['type']): number {
  if (typeof type !== 'string') return type.reduce((sum, [, field]) => sum + sizeOf(field), 0);
  return Number(/\d+$/.exec(type)![0]);
}

/** The rows of an array of records. */
export function recordsOf({ type, data }: NpyArray): Record<string, number | string>[] {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const rows: Record<string, number | string>[] = [];
  for (let at = 0; at < data.length; ) {
    const row: Record<string, number | string> = {};
    for (const [name, field] of type as readonly (readonly [string, string])[]) {
      row[name] = valueAt(view, at, field);
      at += sizeOf(field);
    }
    rows.push(row);
  }
  return rows;
}

/** Numbers of single precision. */
export function floatsOf({ data }: NpyArray): Float32Array {
  return new Float32Array(Uint8Array.from(data).buffer);
}

/** A single value of type bytes. */
export const textOf = ({ data }: NpyArray): string => Buffer.from(data).toString();

function valueAt(view: DataView, at: number, type: string): number | string {
  switch (type) {
    case '|i1':
      return view.getInt8(at);
    case '|u1':
    case '|b1':
      return view.getUint8(at);
    case '<i2':
      return view.getInt16(at, true);
    case '<i4':
      return view.getInt32(at, true);
    case '<i8':
      return Number(view.getBigInt64(at, true));
    case '<f8':
      return view.getFloat64(at, true);
    case '|S1':
      return String.fromCharCode(view.getUint8(at));
    default:
      throw new Error(`no reader for ${type}`);
  }
}
