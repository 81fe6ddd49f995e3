/**
 * The entries of a zip archive that are stored as they are, which is how PyTorch writes them. Compressed ones are
 * refused, so nothing ever expands, and an entry's name is only a key: no path is made of it.
 */
import { crc32 } from 'node:zlib';
import { InputError } from '@twnet/core/errors';
import { printable } from './printable.js';

const END = 0x06054b50;
const END_64 = 0x06064b50;
const LOCATOR_64 = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const LONGEST_COMMENT = 65_535;

interface Entry {
  readonly method: number;
  readonly flags: number;
  readonly crc: number;
  readonly size: number;
  readonly header: number;
}

/** Entry name → its content, a view into `bytes`, checked when it is asked for. */
export function zipEntries(bytes: Uint8Array, source: string): Map<string, () => Uint8Array> {
  const fail = (what: string): never => {
    throw new InputError(`${source}: not a usable zip archive: ${what}`);
  };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { start, count } = directory(view) ?? fail('its directory is missing; the file may be cut off');
  const entries = new Map<string, () => Uint8Array>();
  const decoder = new TextDecoder();
  let at = start;
  let total = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== CENTRAL) fail('its directory is damaged');
    const [name, extra, comment] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const next = at + 46 + name + extra + comment;
    if (next > bytes.length) fail('its directory is cut off');
    const key = decoder.decode(bytes.subarray(at + 46, at + 46 + name));
    const entry = centralEntry(view, at, at + 46 + name, extra) ?? fail(`${printable(key)} lies nowhere`);
    if (entries.has(key)) fail(`it holds ${printable(key)} twice`);
    let data: Uint8Array | undefined;
    entries.set(key, () => {
      data ??= content(bytes, view, entry, (what) => fail(`${printable(key)} ${what}`));
      return data;
    });
    total += entry.size;
    at = next;
  }
  if (total > bytes.length) fail('its entries overlap or lie outside the file');
  return entries;
}

/** Where the central directory starts, and how many entries it has. */
function directory(view: DataView): { start: number; count: number } | undefined {
  const first = Math.max(0, view.byteLength - 22 - LONGEST_COMMENT);
  for (let at = view.byteLength - 22; at >= first; at--) {
    if (view.getUint32(at, true) !== END) continue;
    const locator = at - 20;
    if (locator < 0 || view.getUint32(locator, true) !== LOCATOR_64)
      return { count: view.getUint16(at + 10, true), start: view.getUint32(at + 16, true) };
    const end = uint64(view, locator + 8);
    if (end === undefined || end + 56 > view.byteLength || view.getUint32(end, true) !== END_64)
      return undefined;
    const [count, start] = [uint64(view, end + 32), uint64(view, end + 48)];
    return count === undefined || start === undefined ? undefined : { count, start };
  }
  return undefined;
}

/** A directory entry; sizes of 0xffffffff stand in its zip64 field, in this order. */
function centralEntry(view: DataView, at: number, extra: number, extraLength: number): Entry | undefined {
  const fields = [24, 20, 42].map((field) => view.getUint32(at + field, true));
  let wide = zip64Field(view, extra, extra + extraLength);
  for (const [i, value] of fields.entries()) {
    if (value !== 0xffffffff) continue;
    const real = wide && wide.start + 8 <= wide.end ? uint64(view, wide.start) : undefined;
    if (real === undefined || !wide) return undefined;
    fields[i] = real;
    wide = { start: wide.start + 8, end: wide.end };
  }
  const [size, stored, header] = fields;
  const [flags, method] = [8, 10].map((field) => view.getUint16(at + field, true));
  if (method === 0 && size !== stored) return undefined;
  return { method, flags, crc: view.getUint32(at + 16, true), size, header };
}

function zip64Field(view: DataView, start: number, end: number): { start: number; end: number } | undefined {
  for (let at = start; at + 4 <= end; ) {
    const length = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === 1) return { start: at + 4, end: Math.min(end, at + 4 + length) };
    at += 4 + length;
  }
  return undefined;
}

function uint64(view: DataView, at: number): number | undefined {
  const value = Number(view.getBigUint64(at, true));
  return Number.isSafeInteger(value) ? value : undefined;
}

function content(
  bytes: Uint8Array,
  view: DataView,
  { method, flags, crc, size, header }: Entry,
  fail: (what: string) => never,
): Uint8Array {
  if (flags & 1) fail('is encrypted');
  if (method !== 0) fail('is compressed, which torch.save never does');
  if (header + 30 > bytes.length || view.getUint32(header, true) !== LOCAL) fail('lies outside the file');
  const start = header + 30 + view.getUint16(header + 26, true) + view.getUint16(header + 28, true);
  if (start + size > bytes.length) fail('is cut off');
  const data = bytes.subarray(start, start + size);
  if (crc32(data) !== crc) fail('is damaged: its checksum differs');
  return data;
}
