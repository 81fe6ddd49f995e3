import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { OutputError } from '../errors.js';
import { commitTemporary, discardTemporary, temporaryFolderFor } from './atomic.js';
import { outputErrorFor } from './output-error.js';

/**
 * A folder of many files (one label PNG a frame) that appears whole or not at all: fill {@link path}, then
 * `commit()`. A folder that was there before keeps its other files.
 */
export class AtomicFolder implements Disposable {
  /** The temporary folder to write into. */
  readonly path: string;
  readonly #target: string;
  #open = true;

  /** @throws OutputError when `target` is a file or nothing can be created beside it. */
  constructor(target: string) {
    if (statSync(target, { throwIfNoEntry: false })?.isDirectory() === false) {
      throw new OutputError(
        `cannot write the folder ${target}: there is a file of that name; choose another`,
      );
    }
    this.#target = target;
    this.path = temporaryFolderFor(target);
  }

  /**
   * Gives the files their final place. Into a folder that already exists they are moved one by one, files of
   * the same name replaced.
   *
   * @param replaces files of the existing folder to remove first, by name: those an earlier run left, which
   *   would otherwise be taken for part of this one's output.
   * @throws OutputError
   */
  commit(replaces?: RegExp): void {
    if (!this.#open) return;
    this.#open = false;
    try {
      if (existsSync(this.#target)) this.#mergeIntoTarget(replaces);
      else commitTemporary(this.path, this.#target);
    } catch (error) {
      throw outputErrorFor(this.#target, error);
    } finally {
      discardTemporary(this.path);
    }
  }

  #mergeIntoTarget(replaces: RegExp | undefined): void {
    const target = resolve(this.#target);
    mkdirSync(target, { recursive: true });
    if (replaces) {
      for (const name of readdirSync(target)) if (replaces.test(name)) rmSync(join(target, name));
    }
    for (const name of readdirSync(this.path)) renameSync(join(this.path, name), join(target, name));
  }

  /** Removes what was written; the final folder stays as it was. Does nothing after `commit()`. */
  discard(): void {
    if (!this.#open) return;
    this.#open = false;
    discardTemporary(this.path);
  }

  [Symbol.dispose](): void {
    this.discard();
  }
}
