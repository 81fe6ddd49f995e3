import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AtomicFolder } from '../files/atomic-folder.js';
import { outputErrorFor } from '../files/output-error.js';
import { COCO_FILE } from './coco-file.js';
import { labelFileName } from './label-file-name.js';
import { type LabelPngOptions, labelPng } from './label-png.js';
import { LABELS_FILE } from './labels-file.js';

/** PNGs that are compressed and written at the same time. */
const IN_FLIGHT = 2;
/** What runs leave in such a folder. */
export const LABEL_FILES = new RegExp(
  `^(?:\\d{6,}\\.png|${[LABELS_FILE, COCO_FILE].join('|').replaceAll('.', '\\.')})$`,
);

/**
 * Writes label maps as a folder of PNGs, one a frame, on sharp's threads. The folder appears, whole, at
 * `commit()`; files that an earlier run left in it are removed then, others kept.
 */
export class LabelWriter implements AsyncDisposable {
  readonly #folder: AtomicFolder;
  readonly #path: string;
  readonly #inFlight = new Set<Promise<void>>();
  #failure: unknown;

  /**
   * @throws InputError if the folder holds files that twnet did not write, unless `force`
   * @throws OutputError if the folder cannot be written
   */
  constructor(
    path: string,
    readonly options: LabelPngOptions & { readonly force?: boolean } = {},
  ) {
    this.#path = path;
    try {
      this.#folder = new AtomicFolder(path, { names: LABEL_FILES, force: options.force });
    } catch (error) {
      throw outputErrorFor(path, error);
    }
  }

  /** Where the files wait for the commit; others may be added. */
  get folder(): string {
    return this.#folder.path;
  }

  /**
   * Takes a frame's labels, which must not change any more; waits only while two earlier ones are being written.
   *
   * @throws OutputError if an earlier one could not be written
   */
  async write(index: number, labels: Uint8Array, width: number, height: number): Promise<void> {
    while (this.#inFlight.size >= IN_FLIGHT) await Promise.race(this.#inFlight);
    this.#throwFailure();
    const job = this.#writeOne(index, labels, width, height)
      .catch((error: unknown) => {
        this.#failure ??= outputErrorFor(this.#path, error);
      })
      .finally(() => this.#inFlight.delete(job));
    this.#inFlight.add(job);
  }

  /** Waits for what is being written and gives the folder its name. @throws OutputError */
  async commit(): Promise<void> {
    await Promise.all(this.#inFlight);
    this.#throwFailure();
    this.#folder.commit();
  }

  /** Removes what was written, unless it was committed. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#inFlight);
    this.#folder.discard();
  }

  async #writeOne(index: number, labels: Uint8Array, width: number, height: number): Promise<void> {
    await writeFile(
      join(this.#folder.path, labelFileName(index)),
      await labelPng(labels, width, height, this.options),
    );
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}
