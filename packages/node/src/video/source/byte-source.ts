/** Where bytes come from, as FFmpeg reads them. */
import {
  AVERROR_EOF,
  AVERROR_EXIT,
  AVSEEK_CUR,
  AVSEEK_END,
  AVSEEK_SET,
  AVSEEK_SIZE,
} from 'node-av/constants';
import { IOContext } from 'node-av/lib';

/** Bytes that a source's start is judged by. */
export const START_LENGTH = 4096;
/** Bytes that FFmpeg asks for at a time. */
const BUFFER = 64 * 1024;

/** A source of bytes, opened. FFmpeg reads it through `io` alone and opens nothing itself. */
export interface ByteSource {
  readonly io: IOContext;
  /** Its first {@link START_LENGTH} bytes, or all of them; none of them are used up. */
  readonly start: Buffer;
  /** Ending of its name, without the dot: raw streams are known by it. */
  readonly ending: string;
  /** Why it can be read only from front to back, as words to follow its name; undefined where it need not. */
  readonly sequential: string | undefined;
  /** Reads a part without moving FFmpeg's place; undefined where only FFmpeg can read. */
  readAt?(at: number, length: number): Promise<Buffer>;
  /** Bytes in all; for a sequential source known at its end. */
  size(): number | undefined;
  /** Why its bytes ended before their time, as words to follow its name. */
  failure(): string | undefined;
  /** Ends reads that wait. */
  abort(): void;
  /** Once FFmpeg has let go of `io`. */
  close(): Promise<void>;
}

/** What {@link callbackIo} reads by. */
export interface Reading {
  /** Up to `length` bytes from the current place; null at the end, a negative number for an error of FFmpeg's. */
  read(length: number): Buffer | null | number | Promise<Buffer | null | number>;
  /** Present where any place can be gone to. */
  readonly seekable?: { position: number; readonly size: number };
}

/** FFmpeg's view of a source that is read here. */
export function callbackIo({ read, seekable }: Reading): IOContext {
  const io = new IOContext();
  io.allocContextWithCallbacks(BUFFER, 0, read, null, seekable && ((offset, whence) => seek(offset, whence)));
  return io;

  function seek(offset: bigint, whence: number): bigint {
    const { position, size } = seekable!;
    if (whence === AVSEEK_SIZE) return BigInt(size);
    const from = { [AVSEEK_SET]: 0, [AVSEEK_CUR]: position, [AVSEEK_END]: size }[whence] ?? 0;
    seekable!.position = Math.max(0, Math.min(from + Number(offset), size));
    return BigInt(seekable!.position);
  }
}

/** The bytes of a file in memory. */
export function bytesInMemory(source: Uint8Array): ByteSource {
  const bytes = Buffer.from(source.buffer, source.byteOffset, source.byteLength);
  const seekable = { position: 0, size: bytes.length };
  let aborted = false;
  const read = (length: number) => {
    if (aborted) return AVERROR_EXIT;
    if (seekable.position >= bytes.length) return AVERROR_EOF;
    const part = bytes.subarray(seekable.position, seekable.position + length);
    seekable.position += part.length;
    return part;
  };
  const io = callbackIo({ read, seekable });
  return {
    io,
    start: bytes.subarray(0, START_LENGTH),
    ending: '',
    sequential: undefined,
    readAt: async (at, length) => bytes.subarray(at, at + length),
    size: () => bytes.length,
    failure: () => undefined,
    abort: () => {
      aborted = true;
    },
    close: async () => io.freeContext(),
  };
}
