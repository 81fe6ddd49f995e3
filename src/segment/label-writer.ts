import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { AtomicFolder, outputErrorFor } from '../files/index.js';

/** PNGs that are compressed and written at the same time. */
const IN_FLIGHT = 2;
/** Label maps are flat: little is gained beyond this, and it takes a third of the time of the default. */
const COMPRESSION_LEVEL = 2;
const LABEL_FILE = /^\d{6,}\.png$/;

/** The file name of a frame's labels: `000000.png`, `000001.png`, … */
export function labelFileName(index: number): string {
  return `${String(index).padStart(6, '0')}.png`;
}

/** An 8-bit greyscale PNG whose values are the labels themselves, of `size` where that is given (nearest label). */
export function labelPng(
  labels: Uint8Array,
  width: number,
  height: number,
  size?: { readonly width: number; readonly height: number },
): Promise<Buffer> {
  const picture = sharp(labels, { raw: { width, height, channels: 1 } });
  if (size && (size.width !== width || size.height !== height))
    picture.resize(size.width, size.height, { kernel: 'nearest', fit: 'fill' });
  return picture.toColourspace('b-w').png({ compressionLevel: COMPRESSION_LEVEL }).toBuffer();
}

/**
 * Writes label maps as a folder of PNGs, one a frame, on sharp's threads. The folder appears, whole, at
 * `commit()`; label files that an earlier run left in it are removed then, others kept.
 */
export class LabelWriter implements AsyncDisposable {
  readonly #folder: AtomicFolder;
  readonly #path: string;
  readonly #inFlight = new Set<Promise<void>>();
  #failure: unknown;

  /**
   * @param size of the pictures; default: the labels'
   * @throws OutputError if the folder cannot be written
   */
  constructor(
    path: string,
    readonly size?: { readonly width: number; readonly height: number },
  ) {
    this.#path = path;
    try {
      this.#folder = new AtomicFolder(path);
    } catch (error) {
      throw outputErrorFor(path, error);
    }
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
    this.#folder.commit(LABEL_FILE);
  }

  /** Removes what was written, unless it was committed. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#inFlight);
    this.#folder.discard();
  }

  async #writeOne(index: number, labels: Uint8Array, width: number, height: number): Promise<void> {
    await writeFile(
      join(this.#folder.path, labelFileName(index)),
      await labelPng(labels, width, height, this.size),
    );
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}
