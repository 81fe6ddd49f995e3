/** Lines of text to a file, or to whoever reads a stream. */
import { closeSync, createWriteStream, openSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { writeAll } from './growing-array.js';

/** Characters that are kept before they are written to a file. */
const KEPT = 2 ** 18;

export class LineFile implements Disposable {
  readonly gone = false;
  #file: number | undefined;
  #kept = '';

  /** @param path a file that exists */
  constructor(path: string) {
    this.#file = openSync(path, 'r+');
  }

  write(line: string): void {
    this.#kept += line;
    if (this.#kept.length >= KEPT) this.#flush();
  }

  finish(): void {
    this.#flush();
    this[Symbol.dispose]();
  }

  [Symbol.dispose](): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
  }

  #flush(): void {
    writeAll(this.#file!, Buffer.from(this.#kept), null);
    this.#kept = '';
  }
}

/** Lines go out as they come; never more than a few wait for whoever reads. */
export class LineStream implements Disposable {
  /** The reader has left. */
  gone = false;
  readonly #stream: Writable;
  readonly #isOurs: boolean;
  #failure: Error | undefined;
  #wake = () => {};
  readonly #onError = (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') this.gone = true;
    else this.#failure = error;
    this.#wake();
  };

  /** @param path `-` for standard output */
  constructor(path: string) {
    this.#isOurs = path !== '-';
    this.#stream = this.#isOurs ? createWriteStream(path, { flags: 'a' }) : process.stdout;
    this.#stream.on('error', this.#onError);
  }

  /** @throws what writing met with */
  async write(line: string): Promise<void> {
    if (!this.gone && !this.#failure && !this.#stream.write(line)) await this.#wait('drain');
    if (this.#failure) throw this.#failure;
  }

  async finish(): Promise<void> {
    if (this.#isOurs && !this.gone && !this.#failure) {
      this.#stream.end();
      await this.#wait('finish');
    }
    if (this.#failure) throw this.#failure;
  }

  [Symbol.dispose](): void {
    if (this.#isOurs) this.#stream.destroy();
    else this.#stream.removeListener('error', this.#onError);
  }

  /** Until it happens, or nothing will any more. */
  async #wait(event: 'drain' | 'finish'): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      this.#stream.once(event, resolve);
    });
    this.#stream.removeListener(event, this.#wake);
  }
}
