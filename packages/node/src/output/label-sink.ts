/** The folder of labels that a run writes: `labels.json`, and PNGs or COCO's annotations beside it. */

import type { ClassTable } from '@twnet/core/classes';
import { InputError } from '@twnet/core/errors';
import { type ClassSummary, labelAreas } from '@twnet/core/segment/class-areas';
import type { NamedClass } from '@twnet/core/segment/class-choice';
import type { SegmentedFrame } from '@twnet/core/segment/segmented-frame';
import type { Video } from '../video/open-video.js';
import { CocoFileWriter } from './coco-file.js';
import { labelFileName } from './label-file-name.js';
import { LabelWriter } from './label-writer.js';
import { type LabelsFileFrame, type LabelsFileHead, LabelsFileWriter } from './labels-file.js';

export const LABEL_FORMATS = ['png', 'coco', 'none'] as const;
/** png: an indexed PNG a frame; coco: `annotations.json` with masks; none: nothing beside `labels.json`. */
export type LabelFormat = (typeof LABEL_FORMATS)[number];

export interface LabelOptions {
  /** Folder to write labels to, of the video's own size; `labels.json` in it says what they are. */
  readonly labels?: string;
  /** What is written of the labels beside `labels.json`; default png. */
  readonly format?: LabelFormat;
  /** One colour a class. */
  readonly palette: ClassTable['palette'];
  /** Write into a folder that twnet did not fill. Default: refuse. */
  readonly force?: boolean;
}

/** What `labels.json` says of the run. */
export type LabelRun = Pick<LabelsFileHead, 'model' | 'options'>;

/** A frame whose labels are those of the classes that are kept, with the pixels of each. */
export interface KeptFrame extends SegmentedFrame {
  readonly areas: Uint32Array;
}

export class LabelSink implements AsyncDisposable {
  private constructor(
    readonly video: Pick<Video, 'name' | 'info' | 'notes' | 'losses'>,
    readonly head: LabelsFileHead,
    readonly pngs: LabelWriter,
    readonly index: LabelsFileWriter,
    readonly coco: CocoFileWriter | undefined,
  ) {}

  /**
   * Opens the folder; undefined where none is asked for.
   *
   * @param classes those that are kept
   * @throws InputError for an unknown format, or one without a folder; OutputError
   */
  static async open(
    video: Pick<Video, 'name' | 'info' | 'notes' | 'losses'>,
    { labels: path, format, palette, force }: LabelOptions,
    classes: readonly NamedClass[],
    run: LabelRun,
  ): Promise<LabelSink | undefined> {
    if (format !== undefined && !LABEL_FORMATS.includes(format))
      throw new InputError(`format '${format}': there are ${LABEL_FORMATS.join(', ')}`);
    if (path === undefined) {
      if (format !== undefined) throw new InputError(`format '${format}' needs a folder for labels`);
      return undefined;
    }
    const { fullWidth: width, fullHeight: height, pixelAspect } = video.info;
    const named = classes.map(({ id, name }) => ({ id, name, colour: [...(palette[id] ?? [0, 0, 0])] }));
    const head = {
      source: video.name,
      ...{ width, height, pixelAspect, ...run },
      format: format ?? 'png',
      classes: withUniqueNames(named) as LabelsFileHead['classes'],
    };
    const pngs = new LabelWriter(path, { palette, force });
    try {
      const index = await LabelsFileWriter.create(pngs.folder, head, path);
      const coco = head.format === 'coco' ? await CocoFileWriter.create(pngs.folder, head, path) : undefined;
      return new LabelSink(video, head, pngs, index, coco);
    } catch (error) {
      await pngs[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** Appends a frame. @throws OutputError */
  async write(segmented: KeptFrame): Promise<void> {
    const { frame, labelSize = frame } = segmented;
    const { width, height, format } = this.head;
    const isFull = labelSize.width === width && labelSize.height === height;
    const labels = isFull ? segmented.labels : await resized(segmented, width, height);
    const areas = isFull ? segmented.areas : labelAreas(labels);
    await this.index.add(this.#entry(segmented, areas));
    if (format === 'png') await this.pngs.write(frame.index, labels, width, height);
    await this.coco?.add(frame, labels);
  }

  /**
   * Completes the files and gives the folder its name.
   *
   * @param notes on the run, beside those on the video
   * @throws OutputError
   */
  async commit(summary: readonly ClassSummary[], notes: readonly string[] = []): Promise<void> {
    const { notes: ofVideo, losses } = this.video;
    await this.index.finish({ summary, notes: [...ofVideo, ...notes], losses: [...losses] });
    await this.coco?.finish();
    await this.pngs.commit();
  }

  /** Leaves nothing, unless it was committed. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.index[Symbol.asyncDispose]();
    await this.coco?.[Symbol.asyncDispose]();
    await this.pngs[Symbol.asyncDispose]();
  }

  #entry({ frame, kind, reason, distance }: SegmentedFrame, areas: Uint32Array): LabelsFileFrame {
    const area: Record<string, number> = {};
    for (const { id, name } of this.head.classes) if (areas[id] > 0) area[name] = areas[id];
    return {
      frame: frame.index,
      time: frame.timestamp,
      ...(this.head.format === 'png' ? { file: labelFileName(frame.index) } : {}),
      kind,
      ...(reason === undefined ? {} : { reason }),
      pictureType: frame.pictureType,
      distance,
      area,
    };
  }
}

/** Nearest label. */
async function resized(
  { frame, labels, labelSize = frame }: SegmentedFrame,
  width: number,
  height: number,
): Promise<Uint8Array> {
  const { default: sharp } = await import('sharp');
  const { data } = await sharp(labels, { raw: { ...rawSize(labelSize), channels: 1 } })
    .resize(width, height, { kernel: 'nearest', fit: 'fill' })
    .toColourspace('b-w')
    .raw()
    .toBuffer({ resolveWithObject: true });
  return new Uint8Array(data.buffer, data.byteOffset, data.length);
}

const rawSize = ({ width, height }: { readonly width: number; readonly height: number }) => ({
  width,
  height,
});

/** Areas are told by name: classes of one name get their ids appended. */
function withUniqueNames<T extends NamedClass>(classes: readonly T[]): T[] {
  return classes.map((each) =>
    classes.some(({ id, name }) => name === each.name && id !== each.id)
      ? { ...each, name: `${each.name} ${each.id}` }
      : each,
  );
}
