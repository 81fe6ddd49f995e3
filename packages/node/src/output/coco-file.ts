/** Labels in COCO's format for object detection: one annotation for each class of each frame. */
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cocoMasks } from '@twnet/core/segment/coco-mask';
import { GrowingFile } from '../files/growing-file.js';
import { ownVersion } from '../files/own-version.js';
import { labelFileName } from './label-file-name.js';
import type { LabelsFileHead } from './labels-file.js';

export const COCO_FILE = 'annotations.json';
const IMAGES = 'images.part';

/**
 * Writes `annotations.json` into a folder, as pycocotools reads it. Ids begin at 1, which its programs take for granted:
 * a category's is its class id + 1, an image's its frame's index + 1; `class_id`, `frame_index` and `timestamp` (seconds)
 * say so. A mask is all of a class in a frame, several objects perhaps, so `iscrowd` is 1. An image's `file_name` is
 * what the frame's label PNG would be called.
 */
export class CocoFileWriter implements AsyncDisposable {
  #annotations = 0;
  #images = 0;
  readonly #ids: ReadonlySet<number>;

  private constructor(
    readonly head: LabelsFileHead,
    readonly file: GrowingFile,
    /** COCO's images come in a list of their own, which waits here. */
    readonly images: GrowingFile,
  ) {
    this.#ids = new Set(head.classes.map(({ id }) => id));
  }

  /**
   * @param name of the folder, for messages
   * @throws OutputError
   */
  static async create(folder: string, head: LabelsFileHead, name = folder): Promise<CocoFileWriter> {
    const file = await GrowingFile.create(join(folder, COCO_FILE), name);
    try {
      const images = await GrowingFile.create(join(folder, IMAGES), name);
      const info = { description: head.source, version: '1.0', contributor: `twnet ${ownVersion()}` };
      const categories = head.classes.map(({ id, name: each, colour }) => ({
        id: id + 1,
        name: each,
        supercategory: each,
        class_id: id,
        color: colour,
      }));
      const list = categories.map((each) => JSON.stringify(each)).join(',\n');
      await file.append(
        `{\n"info": ${JSON.stringify(info)},\n"licenses": [],\n"categories": [\n${list}\n],\n"annotations": [`,
      );
      return new CocoFileWriter(head, file, images);
    } catch (error) {
      await file[Symbol.asyncDispose]();
      throw error;
    }
  }

  /**
   * Appends a frame.
   *
   * @param labels of the size that the head says
   * @throws OutputError
   */
  async add(
    frame: { readonly index: number; readonly timestamp: number },
    labels: Uint8Array,
  ): Promise<void> {
    const { width, height } = this.head;
    const image = {
      id: frame.index + 1,
      width,
      height,
      file_name: labelFileName(frame.index),
      frame_index: frame.index,
      timestamp: frame.timestamp,
    };
    await this.images.append(`${this.#images++ === 0 ? '' : ','}\n${JSON.stringify(image)}`);
    for (const { label, counts, area, bbox } of cocoMasks(labels, width, height, 255)) {
      if (!this.#ids.has(label)) continue;
      const annotation = {
        id: ++this.#annotations,
        image_id: image.id,
        category_id: label + 1,
        iscrowd: 1,
        area,
        bbox,
        segmentation: { size: [height, width], counts },
      };
      await this.file.append(`${this.#annotations === 1 ? '' : ','}\n${JSON.stringify(annotation)}`);
    }
  }

  /** Completes the file. @throws OutputError */
  async finish(): Promise<void> {
    await this.images.close();
    await this.file.append('\n],\n"images": [');
    for await (const piece of createReadStream(this.images.path, 'utf8')) await this.file.append(piece);
    await this.file.append('\n]\n}\n');
    await this.file.close();
    await rm(this.images.path);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.file[Symbol.asyncDispose]();
    await this.images[Symbol.asyncDispose]();
  }
}
