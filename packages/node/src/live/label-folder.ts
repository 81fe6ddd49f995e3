/** A camera's labels as files, each there as soon as its frame is: one PNG a frame, and a line of JSON. */
import { mkdirSync } from 'node:fs';
import { appendFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ClassTable } from '@twnet/core/classes';
import { labelAreas } from '@twnet/core/segment/class-areas';
import type { NamedClass } from '@twnet/core/segment/class-choice';
import { outputErrorFor } from '../files/output-error.js';
import { labelFileName } from '../output/label-file-name.js';
import { labelPng } from '../output/label-png.js';
import { type PicturedFrame, QueuedSink } from './frame-queue.js';

export interface LabelFolderOptions {
  readonly path: string;
  readonly classes: readonly NamedClass[];
  readonly palette: ClassTable['palette'];
  readonly onError: (error: unknown) => void;
}

/** What says which frame is which. */
export const FRAMES_FILE = 'frames.jsonl';

export class LabelFolder extends QueuedSink {
  private count = 0;
  private made = false;

  constructor(private readonly options: LabelFolderOptions) {
    super(options.onError);
  }

  protected override needsPicture(): boolean {
    return false;
  }

  protected async write({
    labels,
    labelSize,
    seconds,
    by,
    distance,
    lag,
    info,
  }: PicturedFrame): Promise<void> {
    const { path, palette, classes } = this.options;
    try {
      if (!this.made) mkdirSync(path, { recursive: true });
      this.made = true;
      const size = { width: info.fullWidth, height: info.fullHeight };
      const png = await labelPng(labels, labelSize.width, labelSize.height, { size, palette });
      const file = labelFileName(this.count++);
      await writeFile(join(path, `.${file}`), png);
      await rename(join(path, `.${file}`), join(path, file));
      const areas = labelAreas(labels);
      const share = Object.fromEntries(
        classes.flatMap(({ id, name }) =>
          areas[id] > 0 ? [[name, Number((areas[id] / labels.length).toFixed(5))]] : [],
        ),
      );
      const line = { file, seconds: round(seconds), by, distance, lag: round(lag), share };
      await appendFile(join(path, FRAMES_FILE), `${JSON.stringify(line)}\n`);
    } catch (error) {
      throw outputErrorFor(path, error);
    }
  }

  protected async end(): Promise<void> {}
}

const round = (value: number): number => Number(value.toFixed(3));
