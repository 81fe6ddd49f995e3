/** An array in a file that rows are added to. */
import { readSync, writeSync } from 'node:fs';
import { crc32 } from 'node:zlib';

/** Bytes that are kept before they are written. */
const KEPT = 2 ** 18;

export class GrowingArray {
  /** Bytes added so far. */
  length = 0;
  #checksum = 0;
  #kept = new Uint8Array(KEPT);
  #used = 0;
  #written = 0;

  /**
   * @param file open for reading and writing; the caller closes it
   * @param start place of the first row in it
   */
  constructor(
    readonly file: number,
    readonly start: number,
  ) {}

  /** Room for so many further bytes, which the caller fills before the next call. */
  reserve(bytes: number): Uint8Array<ArrayBuffer> {
    if (this.#used + bytes > this.#kept.length) {
      this.#flush();
      if (bytes > this.#kept.length) this.#kept = new Uint8Array(bytes);
    }
    const room = this.#kept.subarray(this.#used, this.#used + bytes);
    this.#used += bytes;
    this.length += bytes;
    return room;
  }

  append(values: Float32Array | Uint8Array): void {
    this.reserve(values.byteLength).set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }

  /** Writes what is kept. @returns CRC-32 of all rows */
  finish(): number {
    this.#flush();
    return this.#checksum;
  }

  /** Copies its bytes, which must have been finished, to a place in a file. */
  copyTo(file: number, place: number): void {
    for (let at = 0; at < this.length; ) {
      const count = readSync(this.file, this.#kept, 0, this.#kept.length, this.start + at);
      if (count === 0) throw Object.assign(new Error('a temporary file was cut off'), { code: 'EIO' });
      writeAll(file, this.#kept.subarray(0, count), place + at);
      at += count;
    }
  }

  #flush(): void {
    const bytes = this.#kept.subarray(0, this.#used);
    this.#used = 0;
    writeAll(this.file, bytes, this.start + this.#written);
    this.#written += bytes.length;
    this.#checksum = crc32(bytes, this.#checksum);
  }
}

/** Writes all of them at a place of a file. @param place null: where it stands */
export function writeAll(file: number, bytes: Uint8Array, place: number | null): void {
  for (let at = 0; at < bytes.length; )
    at += writeSync(file, bytes, at, bytes.length - at, place === null ? null : place + at);
}
