/** Label maps of a video in a file, so that any number of ways of labelling it can be compared with one, one at a time. */
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import type { Size } from '@twnet/node/video/scaling';

export class LabelStore implements Disposable {
  readonly #file: number;
  readonly #map: Uint8Array;
  #count = 0;

  /** @param path of a file that is made, or emptied; whoever names it removes it */
  constructor(path: string, { width, height }: Size) {
    this.#file = openSync(path, 'w+');
    this.#map = new Uint8Array(width * height);
  }

  /** Frames that have been added. */
  get count(): number {
    return this.#count;
  }

  /** @throws RangeError for a map of another size */
  add(labels: Uint8Array): void {
    const { length } = this.#map;
    if (labels.length !== length) throw new RangeError(`${labels.length} labels, not ${length}`);
    writeSync(this.#file, labels, 0, length, length * this.#count++);
  }

  /** Labels of a frame, overwritten by the next call. @throws RangeError for one that was not added */
  read(index: number): Uint8Array {
    if (!(index >= 0 && index < this.#count)) throw new RangeError(`frame ${index} of ${this.#count}`);
    const { length } = this.#map;
    readSync(this.#file, this.#map, 0, length, length * index);
    return this.#map;
  }

  [Symbol.dispose](): void {
    closeSync(this.#file);
  }
}
