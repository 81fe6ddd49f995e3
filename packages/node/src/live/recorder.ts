/** Recordings of a camera with its labels drawn over it, in one file or one after another. */
import { existsSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ClassTable } from '@twnet/core/classes';
import type { NamedClass } from '@twnet/core/segment/class-choice';
import { Overlay } from '@twnet/core/segment/overlay';
import { outputErrorFor } from '../files/output-error.js';
import { drawLegend } from '../output/legend.js';
import type { CameraFrame } from './camera.js';
import { type PicturedFrame, QueuedSink } from './frame-queue.js';
import { RecordingFile } from './recording-file.js';

export interface RecorderOptions {
  /** The file; with `%03d` and the like in it, of each segment in turn: the first is the first that is not there yet. */
  readonly path: string;
  /** Seconds of a segment; with a number in `path`. Default 60. */
  readonly segment?: number;
  readonly classes: readonly NamedClass[];
  readonly palette: ClassTable['palette'];
  readonly opacity?: number;
  readonly legend?: boolean;
  /** A file was begun. */
  readonly onFile?: (path: string) => void;
  readonly onError: (error: unknown) => void;
}

const NUMBER = /%0?(\d*)d/;
const SEGMENT = 60;

export const isNumbered = (path: string): boolean => NUMBER.test(path);

export class Recorder extends QueuedSink {
  private file: RecordingFile | undefined;
  private overlay: Overlay | undefined;
  private size = '';
  private begun = 0;
  private next = 0;
  private target: { readonly width: number; readonly height: number } | undefined;
  private drawn: Uint8Array | undefined;
  readonly files: string[] = [];

  constructor(private readonly options: RecorderOptions) {
    super(options.onError);
  }

  protected async write(frame: PicturedFrame): Promise<void> {
    const { info, pixels, labels, labelSize, seconds } = frame;
    const size = { width: info.keyWidth, height: info.keyHeight };
    const text = `${size.width}×${size.height}×${info.fullWidth}`;
    const { path, segment = SEGMENT } = this.options;
    const isOver = isNumbered(path) && seconds - this.begun >= segment - 0.001;
    if (!this.file || isOver || text !== this.size) await this.begin(frame, text);
    this.drawn = this.overlay!.draw(pixels, labels, this.sized(pixels.length), { size, labelSize });
    await this.file!.write(this.drawn, Math.max(0, seconds - this.begun));
  }

  protected async end(): Promise<void> {
    const { file } = this;
    this.file = undefined;
    await file?.close();
  }

  private async begin({ info, seconds }: CameraFrame, text: string): Promise<void> {
    await this.end();
    const { palette, opacity, legend: named = true, classes, onFile } = this.options;
    const from = { width: info.keyWidth, height: info.keyHeight };
    if (text !== this.size) {
      const legend = named ? await drawLegend(classes, palette, from) : undefined;
      this.overlay = new Overlay(palette, opacity, legend);
      this.size = text;
    }
    const path = this.nextPath();
    this.begun = seconds;
    this.target = { width: info.fullWidth, height: info.fullHeight };
    try {
      mkdirSync(dirname(path), { recursive: true });
    } catch (error) {
      throw outputErrorFor(path, error);
    }
    this.file = await RecordingFile.create(path, { from, size: this.target, frameRate: info.frameRate });
    this.files.push(path);
    if (this.files.length > MOST_NAMED) this.files.shift();
    onFile?.(path);
  }

  private sized(length: number): Uint8Array {
    return this.drawn?.length === length ? this.drawn : new Uint8Array(length);
  }

  /** Nothing that is there is written over; a file without a number goes on under further names where pictures change their size. */
  private nextPath(): string {
    const { path } = this.options;
    if (!isNumbered(path)) {
      const parts = this.next++;
      return parts === 0 ? path : path.replace(/(\.\w+)$/, `-${parts}$1`);
    }
    for (;;) {
      const name = path.replace(NUMBER, (_, digits: string) =>
        String(this.next).padStart(Number(digits), '0'),
      );
      this.next++;
      if (!existsSync(name)) return name;
    }
  }
}

/** Names of files that are remembered. */
const MOST_NAMED = 1000;
