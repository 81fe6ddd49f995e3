import { lstatSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { OutputError } from '@twnet/core/errors';
import { commitTemporary, discardTemporary, temporaryFolderFor } from './atomic.js';
import {
  checkFolder,
  type FileStamp,
  type FolderRules,
  isUnchanged,
  readManifest,
  stampOf,
  writeManifest,
} from './manifest.js';
import { outputErrorFor } from './output-error.js';
import { placeOf } from './place.js';

/**
 * A folder of many files (one label PNG a frame) that appears whole or not at all: fill {@link path}, then
 * `commit()`. Of a folder that an earlier run of twnet filled, that run's files are replaced and others kept; which are
 * whose is written in the folder (`.twnet.json`).
 */
export class AtomicFolder implements Disposable {
  /** The temporary folder to write into. */
  readonly path: string;
  readonly #target: string;
  readonly #rules: FolderRules;
  #open = true;

  /**
   * @throws OutputError when `target` is a file or nothing can be created there
   * @throws InputError when it holds files that twnet did not write, and `rules.force` is not given
   */
  constructor(target: string, rules: FolderRules = {}) {
    if (statSync(target, { throwIfNoEntry: false })?.isDirectory() === false) {
      throw new OutputError(
        `cannot write the folder ${target}: there is a file of that name; choose another`,
      );
    }
    checkFolder(target, rules);
    this.#target = target;
    this.#rules = rules;
    this.path = temporaryFolderFor(target);
  }

  /**
   * Gives the files their final place. Into a folder that already exists they are moved one by one, and those that an
   * earlier run left are removed, unless they were changed since.
   *
   * @throws OutputError also where somebody has meanwhile put a file there whose name is needed
   */
  commit(): void {
    if (!this.#open) return;
    this.#open = false;
    try {
      const { real, stat } = placeOf(this.#target);
      const written = filesWithin(this.path);
      if (stat) this.#mergeInto(real, written);
      else {
        writeManifest(this.path, stamps(this.path, written));
        commitTemporary(this.path, this.#target);
      }
    } catch (error) {
      throw outputErrorFor(this.#target, error);
    } finally {
      discardTemporary(this.path);
    }
  }

  #mergeInto(target: string, written: readonly string[]): void {
    const before = readManifest(target) ?? new Map<string, FileStamp>();
    const isOurs = (name: string): boolean => {
      const stamp = before.get(name);
      return stamp !== undefined && isUnchanged(target, name, stamp);
    };
    if (!this.#rules.force) {
      const foreign = written.find((name) => exists(join(target, name)) && !isOurs(name));
      if (foreign !== undefined)
        throw new OutputError(
          `cannot write ${join(this.#target, foreign)}: a file that twnet did not write has got this name meanwhile; run again with another folder or --force`,
        );
    }
    const leftOver = [...before.keys()].filter((name) => !written.includes(name) && isOurs(name));
    // Stopped in the middle, the folder is still known as twnet's.
    const all = [...leftOver, ...written];
    writeManifest(target, new Map(all.map((name) => [name, null])));
    for (const name of written) {
      mkdirSync(dirname(join(target, name)), { recursive: true });
      renameSync(join(this.path, name), join(target, name));
    }
    for (const name of leftOver) rmSync(join(target, name), { force: true });
    writeManifest(target, stamps(target, written));
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

function stamps(folder: string, names: readonly string[]): Map<string, FileStamp> {
  return new Map(names.map((name) => [name, stampOf(folder, name) ?? null]));
}

/** Names of a folder's files, those of its folders included, with `/` between. */
function filesWithin(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}

function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}
