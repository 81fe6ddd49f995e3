/**
 * Parts of stored files for whoever reads files or addresses: a server on this machine's own address. Whoever does not
 * know a file's address cannot guess it.
 */
import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { Recent } from './recent.js';

/** Bytes of an answer at most, and what is fetched at a time. */
export const PIECE = 2 ** 19;
/** Pieces of a file that are kept: readers go to and fro between its index and its frames. */
const KEPT = 8;
/** A reader waits for half a minute: two tries must fit. */
const TRIES = 2;
const PATIENCE = 12_000;

export interface ServedFile {
  readonly size: number;
  /** Of its name, without the dot. */
  readonly ending: string;
  /** Bytes from one place to before another. */
  read(from: number, to: number, signal: AbortSignal): Promise<Uint8Array>;
}

/** `failure`: why what a reader got is not to be believed. */
export interface Served {
  readonly address: string;
  failure(): Error | undefined;
  end(): void;
}

export class RangeServer {
  readonly #files = new Map<string, FileInParts>();

  private constructor(private readonly server: Server) {}

  /** It keeps no process alive. */
  static async start(): Promise<RangeServer> {
    const server = createServer();
    const served = new RangeServer(server);
    server.on('request', (request, response) => void served.#answer(request, response));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', resolve);
    });
    server.unref();
    return served;
  }

  serve(file: ServedFile): Served {
    const token = randomBytes(24).toString('hex');
    const parts = new FileInParts(file);
    this.#files.set(token, parts);
    const { port } = this.server.address() as AddressInfo;
    return {
      address: `http://127.0.0.1:${port}/${token}/file.${file.ending || 'bin'}`,
      failure: () => parts.failure,
      end: () => this.#files.delete(token),
    };
  }

  async #answer({ url = '', method, headers }: IncomingMessage, response: ServerResponse): Promise<void> {
    const file = this.#files.get(url.split('/')[1]);
    const from = Number(/^bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0);
    if (!file || method !== 'GET' || from >= file.size) {
      response.writeHead(file ? 416 : 404).end();
      return;
    }
    try {
      const bytes = await file.from(from);
      response
        .writeHead(206, {
          'content-length': bytes.length,
          'content-range': `bytes ${from}-${from + bytes.length - 1}/${file.size}`,
        })
        .end(bytes);
    } catch {
      response.writeHead(503).end();
    }
  }
}

class FileInParts {
  failure: Error | undefined;
  readonly #pieces = new Recent<Promise<Uint8Array>>(KEPT);

  constructor(private readonly file: ServedFile) {}

  get size(): number {
    return this.file.size;
  }

  /** The bytes from a place on, to the end of their piece. */
  async from(at: number): Promise<Uint8Array> {
    const number = Math.floor(at / PIECE);
    let piece = this.#pieces.get(String(number));
    if (!piece) {
      piece = this.#fetch(number * PIECE);
      this.#pieces.set(String(number), piece);
    }
    return (await piece).subarray(at - number * PIECE);
  }

  async #fetch(from: number): Promise<Uint8Array> {
    const to = Math.min(from + PIECE, this.size);
    for (let tries = 1; ; tries++) {
      try {
        const bytes = await this.file.read(from, to, AbortSignal.timeout(PATIENCE));
        if (bytes.length !== to - from) throw new Error(`${bytes.length} bytes came of ${to - from}`);
        return bytes;
      } catch (error) {
        if (tries === TRIES) {
          this.failure = error as Error;
          throw error;
        }
        await wait(300);
      }
    }
  }
}
