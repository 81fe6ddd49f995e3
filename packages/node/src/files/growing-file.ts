import { type FileHandle, open } from 'node:fs/promises';
import { outputErrorFor } from './output-error.js';

/** Characters that are kept before they are written. */
const KEPT = 2 ** 16;

/** A text file that is written piece by piece. Calls must wait for one another. */
export class GrowingFile implements AsyncDisposable {
  #kept: string[] = [];
  #length = 0;
  #open = true;

  private constructor(
    readonly path: string,
    readonly handle: FileHandle,
    readonly name: string,
  ) {}

  /**
   * @param name for messages
   * @throws OutputError if it cannot be made or is there already
   */
  static async create(path: string, name = path): Promise<GrowingFile> {
    try {
      return new GrowingFile(path, await open(path, 'wx'), name);
    } catch (error) {
      throw outputErrorFor(name, error);
    }
  }

  /** @throws OutputError */
  async append(text: string): Promise<void> {
    this.#kept.push(text);
    this.#length += text.length;
    if (this.#length >= KEPT) await this.#flush();
  }

  /** Writes what is left and closes the file. @throws OutputError */
  async close(): Promise<void> {
    if (!this.#open) return;
    await this.#flush();
    await this[Symbol.asyncDispose]();
  }

  /** Closes the file as it is; never throws. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#open) return;
    this.#open = false;
    await this.handle.close().catch(() => undefined);
  }

  async #flush(): Promise<void> {
    const text = this.#kept.join('');
    this.#kept = [];
    this.#length = 0;
    try {
      await this.handle.writeFile(text);
    } catch (error) {
      throw outputErrorFor(this.name, error);
    }
  }
}
