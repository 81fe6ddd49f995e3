/** The bytes of a pickle, read in order; every read is checked against the end of the file. */
import { InputError } from '@twnet/core/errors';

export interface PickleText {
  readonly offset: number;
  byte(): number;
  skip(count: number): void;
  /** Little-endian. */
  unsigned(bytes: 2 | 4): number;
  /** Little-endian, two's complement. */
  bigint(bytes: number): bigint;
  /** Big-endian float64. */
  float(): number;
  /** UTF-8. */
  string(bytes: number): string;
  /** Up to a line feed, which is skipped. */
  line(): string;
}

const LONGEST_LINE = 1000;

export function pickleText(bytes: Uint8Array, start: number, source: string): PickleText {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const decoder = new TextDecoder();
  let offset = start;
  const take = (count: number): number => {
    const at = offset;
    if (at + count > bytes.length) throw new InputError(`${source}: ends in the middle of its pickle`);
    offset += count;
    return at;
  };
  return {
    get offset() {
      return offset;
    },
    byte: () => bytes[take(1)],
    skip: (count) => void take(count),
    unsigned: (count) => (count === 2 ? view.getUint16(take(2), true) : view.getUint32(take(4), true)),
    bigint: (count) => {
      const at = take(count);
      let value = 0n;
      for (let i = count - 1; i >= 0; i--) value = (value << 8n) | BigInt(bytes[at + i]);
      return BigInt.asIntN(8 * count, value);
    },
    float: () => view.getFloat64(take(8)),
    string: (count) => {
      const at = take(count);
      return decoder.decode(bytes.subarray(at, at + count));
    },
    line: () => {
      const end = bytes.subarray(offset, offset + LONGEST_LINE).indexOf(10);
      if (end < 0) throw new InputError(`${source}: its pickle holds a name without an end`);
      const at = take(end + 1);
      return decoder.decode(bytes.subarray(at, at + end));
    },
  };
}
