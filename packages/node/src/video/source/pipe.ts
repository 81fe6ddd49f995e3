/** What can be read once, from front to back: standard input, pipes, FIFOs, devices. */
import { constants, createReadStream, open, type Stats } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { InputError } from '@twnet/core/errors';
import { type ByteSource, callbackIo, START_LENGTH } from './byte-source.js';
import { ChunkReader } from './chunk-reader.js';
import { unreadable } from './local-file.js';

/** Opens a FIFO or a device; `facts` are what is known of it. */
export async function openPipe(path: string, facts: Stats, signal?: AbortSignal): Promise<ByteSource> {
  return fromReadable(path, await readableOf(path, facts, signal), {
    sequential: 'comes through a pipe, which can be read only from front to back',
    // A name must not make FFmpeg look for the frames of an endless stream that has none.
    ending: '',
    signal,
  });
}

/** On Linux a FIFO waits in the event loop for its writer; elsewhere opening it waits, in a thread. */
async function readableOf(path: string, facts: Stats, signal?: AbortSignal): Promise<Readable> {
  if (!facts.isFIFO()) return createReadStream(path);
  try {
    const waits = process.platform === 'linux' ? constants.O_NONBLOCK : 0;
    // The socket closes the descriptor.
    const fd = await promisify(open)(path, constants.O_RDONLY | waits);
    const socket = new Socket({ fd, readable: true, writable: false });
    return socket;
  } catch (error) {
    signal?.throwIfAborted();
    throw unreadable(path, error);
  }
}

/** Standard input. */
export function openStdin(signal?: AbortSignal): Promise<ByteSource> {
  if (process.stdin.isTTY) {
    throw new InputError('standard input is the terminal; pipe a video into it, or name a file');
  }
  return fromReadable('standard input', process.stdin, {
    sequential: 'comes through a pipe, which can be read only from front to back',
    ending: '',
    signal,
  });
}

interface StreamFacts {
  readonly sequential: string;
  readonly ending: string;
  readonly signal?: AbortSignal;
  /** Words for an error of the stream. */
  readonly explain?: (error: Error) => string;
  /** Bytes that were announced. */
  readonly announced?: number;
  /** Milliseconds to wait for the next bytes; for ever unless given. */
  readonly timeout?: number;
}

/** A stream as a source: no more of it is in memory than it buffers itself and FFmpeg asks for. */
export async function fromReadable(name: string, stream: Readable, facts: StreamFacts): Promise<ByteSource> {
  const chunks = new ChunkReader(stream, facts.timeout);
  const abort = () => chunks.abort();
  facts.signal?.addEventListener('abort', abort, { once: true });
  const explain = facts.explain ?? ((error: Error) => `cannot be read further (${error.message})`);
  try {
    facts.signal?.throwIfAborted();
    const start = await chunks.peek(START_LENGTH);
    facts.signal?.throwIfAborted();
    if (start.length === 0 && chunks.error) throw new InputError(`${name}: ${explain(chunks.error)}`);
    if (start.length === 0) throw new InputError(`${name}: is empty`);
    const io = callbackIo({ read: (length) => chunks.read(length) });
    return {
      io,
      start,
      ending: facts.ending,
      sequential: facts.sequential,
      size: () => (chunks.ended ? (facts.announced ?? chunks.consumed) : facts.announced),
      failure: () => (chunks.error ? explain(chunks.error) : undefined),
      abort,
      close: async () => {
        io.freeContext();
        end();
      },
    };
  } catch (error) {
    end();
    throw error;
  }

  function end(): void {
    facts.signal?.removeEventListener('abort', abort);
    chunks.abort();
    stream.destroy();
  }
}
