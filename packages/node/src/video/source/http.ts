/** Videos behind http: and https: addresses, with parts (ranges) where the server gives them. */
import { type IncomingMessage, request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { InputError } from '@twnet/core/errors';
import { AVERROR_EIO, AVERROR_EXIT } from 'node-av/constants';
import { type ByteSource, callbackIo, START_LENGTH } from './byte-source.js';
import { ChunkReader } from './chunk-reader.js';
import { explainNetwork, HttpError } from './http-error.js';
import { endingOf } from './local-file.js';
import { fromReadable } from './pipe.js';

const MOST_REDIRECTS = 10;
/** A place so many bytes ahead is read up to; one farther on is asked for. */
const SHORT_SKIP = 256 * 1024;
/** Broken connections that are made anew, one after the other, without a byte between. */
const MOST_RETRIES = 3;

export interface HttpOptions {
  readonly signal?: AbortSignal;
  /** Milliseconds without a byte after which reading gives up. */
  readonly timeout: number;
}

/** The opened address, and where redirections ended. */
export interface HttpSource extends ByteSource {
  readonly address: URL;
}

/**
 * Opens an address.
 *
 * @throws InputError that names the cause: host not found, refused, 404, certificate, time-out, …
 */
export async function openHttp(url: URL, name: string, options: HttpOptions): Promise<HttpSource> {
  const explain = (error: Error) => explainNetwork(error, url, options.timeout);
  try {
    const { response, address } = await ask(url, 0, options);
    const range = /^bytes 0-\d+\/(\d+)$/.exec(response.headers['content-range'] ?? '');
    if (response.statusCode === 206 && range) {
      const source = await RangeReader.open(address, response, Number(range[1]), options);
      if (source) return source;
      throw new InputError(`${name}: is empty`);
    }
    const length = Number(response.headers['content-length'] ?? Number.NaN);
    const source = await fromReadable(name, response, {
      sequential: 'comes from a server that gives no parts (ranges) of it, only the whole from front to back',
      ending: endingOf(address.pathname),
      signal: options.signal,
      explain,
      timeout: options.timeout,
      announced: Number.isNaN(length) ? undefined : length,
    });
    return { ...source, address };
  } catch (error) {
    options.signal?.throwIfAborted();
    if (error instanceof InputError) throw error;
    throw new InputError(`${name}: ${explain(error as Error)}`);
  }
}

interface Answer {
  readonly response: IncomingMessage;
  readonly address: URL;
}

/** Asks for the bytes from `at` on and follows redirections. */
async function ask(url: URL, at: number, options: HttpOptions): Promise<Answer> {
  let address = url;
  for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
    const response = await askOnce(address, at, options);
    const { statusCode = 0, headers } = response;
    if (statusCode < 300) return { response, address };
    response.destroy();
    if (statusCode >= 400 || headers.location === undefined)
      throw new HttpError(statusCode, response.statusMessage);
    const next = new URL(headers.location, address);
    if (!/^https?:$/.test(next.protocol))
      throw new Error(`the server sends on to ${next.protocol}, which is no web address`);
    // A login is for the host that it was given for.
    if (next.host === address.host && !next.username) {
      next.username = address.username;
      next.password = address.password;
    }
    address = next;
  }
  throw new Error(`the server sends on and on, more than ${MOST_REDIRECTS} times`);
}

function askOnce(address: URL, at: number, { signal, timeout }: HttpOptions): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const send = address.protocol === 'https:' ? requestHttps : requestHttp;
    const request = send(address, {
      headers: { range: `bytes=${at}-`, 'accept-encoding': 'identity', 'user-agent': 'twnet' },
      agent: false,
      signal,
    });
    // Until the answer's head is there; its body is timed where it is waited for.
    const timer = setTimeout(() => {
      request.destroy(Object.assign(new Error('no answer'), { code: 'ETIMEDOUT' }));
    }, timeout);
    request.on('response', (response) => {
      clearTimeout(timer);
      resolve(response);
    });
    request.on('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    request.end();
  });
}

/** Reads any part of what an address holds; one answer at a time is open. */
class RangeReader {
  readonly position: { position: number; readonly size: number };
  private error: Error | undefined;
  private aborted = false;
  private readonly ended = new AbortController();

  private constructor(
    private readonly address: URL,
    private response: IncomingMessage,
    private chunks: ChunkReader,
    size: number,
    private readonly options: HttpOptions,
  ) {
    this.position = { position: 0, size };
  }

  /** A source, or undefined where there are no bytes. */
  static async open(
    address: URL,
    response: IncomingMessage,
    size: number,
    options: HttpOptions,
  ): Promise<HttpSource | undefined> {
    const chunks = new ChunkReader(response, options.timeout);
    const start = await chunks.peek(START_LENGTH);
    if (start.length === 0) {
      response.destroy();
      if (chunks.error) throw chunks.error;
      return undefined;
    }
    const reader = new RangeReader(address, response, chunks, size, options);
    const abort = () => reader.abort();
    options.signal?.addEventListener('abort', abort, { once: true });
    const io = callbackIo({ read: (length) => reader.read(length), seekable: reader.position });
    return {
      io,
      start,
      address,
      ending: endingOf(address.pathname),
      sequential: undefined,
      size: () => size,
      failure: () => reader.error && explainNetwork(reader.error, address, options.timeout),
      abort,
      close: async () => {
        io.freeContext();
        options.signal?.removeEventListener('abort', abort);
        reader.abort();
      },
    };
  }

  private async read(length: number): Promise<Buffer | null | number> {
    const { position } = this;
    if (position.position >= position.size) return null;
    for (let retries = 0; retries < MOST_RETRIES && !this.aborted; retries++) {
      try {
        const part = await this.part(length);
        if (part instanceof Buffer) {
          position.position += part.length;
          this.error = undefined;
          return part;
        }
        this.error = this.chunks.error ?? new Error('the server ends before the end of the file');
      } catch (error) {
        this.error = error as Error;
        if (error instanceof HttpError) break;
      }
      this.response.destroy();
    }
    return this.aborted ? AVERROR_EXIT : AVERROR_EIO;
  }

  /** The next bytes at the current place: of the open answer where it is near, else of a new one. */
  private async part(length: number): Promise<Buffer | null | number> {
    const { position } = this.position;
    let ahead = position - this.at;
    if (this.response.destroyed || ahead < 0 || ahead > SHORT_SKIP) {
      await this.askFrom(position);
      ahead = 0;
    }
    while (ahead > 0) {
      const skipped = await this.chunks.read(ahead);
      if (!(skipped instanceof Buffer)) return skipped;
      ahead -= skipped.length;
    }
    return this.chunks.read(length);
  }

  /** Where the open answer began. */
  private from = 0;

  private get at(): number {
    return this.from + this.chunks.consumed;
  }

  private async askFrom(position: number): Promise<void> {
    this.response.destroy();
    const signal = this.options.signal
      ? AbortSignal.any([this.options.signal, this.ended.signal])
      : this.ended.signal;
    const { response } = await ask(this.address, position, { ...this.options, signal });
    if (response.statusCode !== 206) {
      response.destroy();
      throw new Error('the server no longer gives parts (ranges) of it');
    }
    this.response = response;
    this.chunks = new ChunkReader(response, this.options.timeout);
    this.from = position;
  }

  private abort(): void {
    this.aborted = true;
    this.ended.abort();
    this.chunks.abort();
    this.response.destroy();
  }
}
