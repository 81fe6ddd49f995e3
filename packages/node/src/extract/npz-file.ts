/**
 * NumPy's .npz: a zip archive of .npy arrays, here of arrays that grow while they are written. An array's header says
 * its length and a zip entry's header its checksum; both come before the data. So the first array, by far the largest,
 * lies in the archive from the start and its headers are written again at the end; the others grow in files of their
 * own and are copied behind it. Nothing but a few buffers is kept in memory, however long it gets; what is largest is
 * written once, and a run that is stopped is complete at once.
 *
 * Entries are stored, as `numpy.savez` does, and all in the Zip64 form, as large ones have to be.
 */
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { joinChecksums } from './checksum.js';
import { GrowingArray, writeAll } from './growing-array.js';
import { type NpyType, npyHeader, npySize } from './npy.js';

/** What an array holds; its first dimension grows. */
export interface ArraySpec {
  readonly name: string;
  readonly type: NpyType;
  /** The other dimensions. */
  readonly inner?: readonly number[];
}

interface Entry {
  readonly name: string;
  readonly place: number;
  readonly size: number;
  readonly checksum: number;
}

/** Zip64 needs it, in tenths. */
const VERSION = 45;
/** 1 January 1980, the first day that zip knows: equal data give equal files. */
const DATE = 0x0021;
const LOCAL_HEADER = 30;
const LOCAL_EXTRA = 20;
const CENTRAL_EXTRA = 28;
const IN_EXTRA = 0xffffffff;

export class NpzFile implements Disposable {
  readonly #file: number;
  readonly #open: number[] = [];
  readonly #arrays: readonly GrowingArray[];
  readonly #specs: readonly ArraySpec[];

  /**
   * @param path an empty file that exists
   * @param spool a folder for the time being
   * @param specs the first is the one that is expected to be the largest
   */
  constructor(path: string, spool: string, specs: readonly ArraySpec[]) {
    this.#specs = specs;
    this.#file = this.#openFile(path, 'r+');
    this.#arrays = specs.map(({ name, type, inner = [] }, index) => {
      if (index > 0) return new GrowingArray(this.#openFile(join(spool, name), 'wx+'), 0);
      return new GrowingArray(this.#file, dataPlace(0, name) + npyHeader(type, [0, ...inner]).length);
    });
  }

  array(name: string): GrowingArray {
    return this.#arrays[this.#specs.findIndex((spec) => spec.name === name)];
  }

  /** Completes the archive. @param texts single values beside the arrays, of type bytes */
  finish(texts: Readonly<Record<string, string>>): void {
    const entries: Entry[] = [];
    let place = 0;
    const add = (name: string, header: Uint8Array, length: number, checksum: number): number => {
      const size = header.length + length;
      const entry = { name, place, size, checksum: joinChecksums(crc32(header), checksum, length) };
      const data = dataPlace(place, name);
      writeAll(this.#file, localHeader(entry), place);
      writeAll(this.#file, header, data);
      entries.push(entry);
      place = data + size;
      return data + header.length;
    };
    for (const [index, { name, type, inner = [] }] of this.#specs.entries()) {
      const array = this.#arrays[index];
      const checksum = array.finish();
      const rowBytes = inner.reduce((bytes, side) => bytes * side, npySize(type));
      const at = add(name, npyHeader(type, [array.length / rowBytes, ...inner]), array.length, checksum);
      if (index > 0) array.copyTo(this.#file, at);
    }
    for (const [name, text] of Object.entries(texts)) {
      const bytes = Buffer.from(text);
      const at = add(name, npyHeader(`|S${bytes.length}`, []), bytes.length, crc32(bytes));
      writeAll(this.#file, bytes, at);
    }
    writeAll(this.#file, directory(entries, place), place);
    this[Symbol.dispose]();
  }

  /** Closes the files as they are. */
  [Symbol.dispose](): void {
    for (const file of this.#open.splice(0)) closeSync(file);
  }

  #openFile(path: string, flags: string): number {
    const file = openSync(path, flags);
    this.#open.push(file);
    return file;
  }
}

const fileName = (name: string): string => `${name}.npy`;

/** Where the data of an entry begin whose header lies at `place`. */
function dataPlace(place: number, name: string): number {
  return place + LOCAL_HEADER + fileName(name).length + LOCAL_EXTRA;
}

function localHeader({ name, size, checksum }: Entry): Buffer {
  const header = Buffer.alloc(dataPlace(0, name));
  header.writeUInt32LE(0x04034b50, 0);
  writeFacts(header, 4, checksum, name, LOCAL_EXTRA);
  header.write(fileName(name), LOCAL_HEADER);
  writeExtra(header, LOCAL_HEADER + fileName(name).length, [size, size]);
  return header;
}

/** What both headers of an entry say, from the version that is needed on. */
function writeFacts(header: Buffer, at: number, checksum: number, name: string, extra: number): void {
  header.writeUInt16LE(VERSION, at);
  header.writeUInt16LE(DATE, at + 8);
  header.writeUInt32LE(checksum, at + 10);
  header.writeUInt32LE(IN_EXTRA, at + 14);
  header.writeUInt32LE(IN_EXTRA, at + 18);
  header.writeUInt16LE(fileName(name).length, at + 22);
  header.writeUInt16LE(extra, at + 24);
}

/** Sizes and places of 64 bits. */
function writeExtra(header: Buffer, at: number, values: readonly number[]): void {
  header.writeUInt16LE(1, at);
  header.writeUInt16LE(8 * values.length, at + 2);
  for (const [index, value] of values.entries()) header.writeBigUInt64LE(BigInt(value), at + 4 + 8 * index);
}

function centralHeader({ name, place, size, checksum }: Entry): Buffer {
  const header = Buffer.alloc(46 + fileName(name).length + CENTRAL_EXTRA);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(VERSION, 4);
  writeFacts(header, 6, checksum, name, CENTRAL_EXTRA);
  header.writeUInt32LE(IN_EXTRA, 42);
  header.write(fileName(name), 46);
  writeExtra(header, 46 + fileName(name).length, [size, size, place]);
  return header;
}

/** The archive's directory and its two ends. */
function directory(entries: readonly Entry[], place: number): Buffer {
  const headers = Buffer.concat(entries.map(centralHeader));
  const end = Buffer.alloc(56 + 20 + 22);
  end.writeUInt32LE(0x06064b50, 0);
  end.writeBigUInt64LE(44n, 4);
  end.writeUInt16LE(VERSION, 12);
  end.writeUInt16LE(VERSION, 14);
  for (const at of [24, 32]) end.writeBigUInt64LE(BigInt(entries.length), at);
  end.writeBigUInt64LE(BigInt(headers.length), 40);
  end.writeBigUInt64LE(BigInt(place), 48);
  end.writeUInt32LE(0x07064b50, 56);
  end.writeBigUInt64LE(BigInt(place + headers.length), 64);
  end.writeUInt32LE(1, 72);
  end.writeUInt32LE(0x06054b50, 76);
  for (const at of [84, 86]) end.writeUInt16LE(entries.length, at);
  end.writeUInt32LE(headers.length, 88);
  end.writeUInt32LE(IN_EXTRA, 92);
  return Buffer.concat([headers, end]);
}
