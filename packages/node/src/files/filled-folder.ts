import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  checkFolder,
  type FileStamp,
  type FolderRules,
  readManifest,
  stampOf,
  writeManifest,
} from './manifest.js';
import { outputErrorFor } from './output-error.js';
import { statOf } from './place.js';

/** A folder whose files are written one by one, each whole or not at all (a report, a training run). */
export class FilledFolder {
  private constructor(
    readonly path: string,
    readonly rules: FolderRules,
  ) {}

  /**
   * Makes the folder, or takes one that is empty or twnet's.
   *
   * @throws InputError when it holds files that twnet did not write, and `rules.force` is not given
   * @throws OutputError when it cannot be made
   */
  static open(path: string, rules: FolderRules = {}): FilledFolder {
    checkFolder(path, rules);
    try {
      mkdirSync(path, { recursive: true });
    } catch (error) {
      throw outputErrorFor(path, error);
    }
    return new FilledFolder(path, rules);
  }

  /**
   * Notes that files of these names are going to be twnet's, before they are written: a run that is stopped leaves them
   * for the next. @throws OutputError
   */
  expect(...names: readonly string[]): void {
    // What --force is going to overwrite is somebody's own until then.
    this.#note(names.filter((name) => !statOf(join(this.path, name))).map((name) => [name, null]));
  }

  /** Notes that they have been written. @throws OutputError */
  wrote(...names: readonly string[]): void {
    this.#note(names.map((name) => [name, stampOf(this.path, name) ?? null]));
  }

  #note(entries: readonly (readonly [string, FileStamp])[]): void {
    try {
      writeManifest(this.path, new Map([...(readManifest(this.path) ?? []), ...entries]));
    } catch (error) {
      throw outputErrorFor(this.path, error);
    }
  }
}
