/** `labels.json`: what the labels beside it mean, and what each frame holds. */
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { IGNORE_LABEL } from '@twnet/core/classes';
import type { ClassSummary } from '@twnet/core/segment/class-areas';
import { z } from 'zod';
import { GrowingFile } from '../files/growing-file.js';
import { ownVersion } from '../files/own-version.js';
import { IGNORED_COLOUR } from './label-png.js';

export const LABELS_FILE = 'labels.json';

const CHANNEL = z.int().min(0).max(255);
const COLOUR = z.tuple([CHANNEL, CHANNEL, CHANNEL]);
const SHARE = z.number().min(0).max(1).nullable();

const frameEntry = z.object({
  /** 0-based position in display order, counted over the frames that were decoded. */
  frame: z.int().min(0),
  /** Presentation time in the source, seconds. */
  time: z.number(),
  /** The frame's label PNG, in the same folder; only with `format` png. */
  file: z.string().optional(),
  kind: z.enum(['key', 'nonkey']),
  /** Why it is a key frame; only of key frames. */
  reason: z.string().optional(),
  /** How the codec coded it. */
  pictureType: z.enum(['I', 'P', 'B']),
  /** Frames since the key frame. */
  distance: z.int().min(0),
  /** Pixels of each class that it has, by name; what is left of width × height is ignored. */
  area: z.record(z.string(), z.int().min(1)),
});

/** The whole file; keys stand in this order. */
export const labelsFileSchema = z.object({
  schema: z.literal('twnet-labels-1'),
  generator: z.object({ name: z.literal('twnet'), version: z.string() }),
  /** The video, as it was named. */
  source: z.string(),
  /** Of the labels: the video's own size as it is displayed, pixels. */
  width: z.int().min(1),
  height: z.int().min(1),
  /** Width of a pixel by its height; 1:1 for square ones. */
  pixelAspect: z.object({ num: z.int(), den: z.int() }),
  model: z.object({
    name: z.string(),
    /** SHA-256 over the digests of its weights. */
    digest: z.string().optional(),
  }),
  /** What is beside this file: a PNG for each frame, COCO's `annotations.json`, or nothing. */
  format: z.enum(['png', 'coco', 'none']),
  /** Those that were kept. The names are unique. */
  classes: z.array(z.object({ id: z.int().min(0).max(254), name: z.string(), colour: COLOUR })),
  /** The label of pixels that are of none of them. */
  ignored: z.object({ id: z.literal(IGNORE_LABEL), colour: COLOUR }),
  /** How the video was segmented: key frames, motion and so on. */
  options: z.record(z.string(), z.json()),
  /** One a frame, in display order; each on a line of its own. */
  frames: z.array(frameEntry),
  /** Each class over all frames. */
  summary: z.array(
    z.object({
      id: z.int(),
      name: z.string(),
      meanShare: SHARE,
      largestShare: SHARE,
      frames: z.int().min(0),
      firstSeen: z.number().nullable(),
      lastSeen: z.number().nullable(),
    }),
  ),
  /** What one should know of how the video was read, a sentence each. */
  notes: z.array(z.string()),
  /** Parts of the video that could not be read. */
  losses: z.array(z.object({ afterFrame: z.int().min(0), what: z.string() })),
});

export type LabelsFile = z.infer<typeof labelsFileSchema>;
export type LabelsFileFrame = LabelsFile['frames'][number];
/** What is known before the first frame. */
export type LabelsFileHead = Omit<
  LabelsFile,
  'schema' | 'generator' | 'ignored' | 'frames' | 'summary' | 'notes' | 'losses'
>;
/** What is known after the last. */
export interface LabelsFileEnd extends Pick<LabelsFile, 'notes' | 'losses'> {
  readonly summary: readonly ClassSummary[];
}

/** Writes `labels.json` into a folder, frame by frame: memory does not depend on how many there are. */
export class LabelsFileWriter implements AsyncDisposable {
  #frames = 0;

  private constructor(readonly file: GrowingFile) {}

  /**
   * @param name of the folder, for messages
   * @throws OutputError
   */
  static async create(folder: string, head: LabelsFileHead, name = folder): Promise<LabelsFileWriter> {
    const file = await GrowingFile.create(join(folder, LABELS_FILE), name);
    const { source, width, height, pixelAspect, model, format, classes, options } = head;
    const first = {
      schema: 'twnet-labels-1',
      generator: { name: 'twnet', version: ownVersion() },
      ...{ source, width, height, pixelAspect, model, format, classes },
      ignored: { id: IGNORE_LABEL, colour: [...IGNORED_COLOUR] },
      options,
    } satisfies Partial<LabelsFile>;
    await file.append(`{\n${members(first)},\n  "frames": [`);
    return new LabelsFileWriter(file);
  }

  /** Appends a frame. @throws OutputError */
  async add(frame: LabelsFileFrame): Promise<void> {
    await this.file.append(`${this.#frames++ === 0 ? '' : ','}\n    ${JSON.stringify(frame)}`);
  }

  /** Completes the file. @throws OutputError */
  async finish(end: LabelsFileEnd): Promise<void> {
    const { summary, notes, losses } = end;
    const close = this.#frames === 0 ? ']' : '\n  ]';
    await this.file.append(`${close},\n${members({ summary, notes, losses })}\n}\n`);
    await this.file.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.file[Symbol.asyncDispose]();
  }
}

/** An object's members as JSON: a line each, and a line for each entry of a list of objects. */
function members(object: Readonly<Record<string, unknown>>): string {
  return Object.entries(object)
    .map(([key, value]) => `  ${JSON.stringify(key)}: ${listed(value)}`)
    .join(',\n');
}

function listed(value: unknown): string {
  if (!Array.isArray(value) || value.length === 0) return JSON.stringify(value);
  return `[\n${value.map((entry) => `    ${JSON.stringify(entry)}`).join(',\n')}\n  ]`;
}

/** As much of a file as has all that comes before the frames. */
const HEAD_BYTES = 2 ** 20;
const FRAMES = '\n  "frames": [';
const headSchema = labelsFileSchema.pick({ schema: true, source: true, format: true, classes: true });

/** What the labels of a folder are, without its frames; undefined where it has no `labels.json` of ours. */
export async function readLabelsHead(folder: string): Promise<z.infer<typeof headSchema> | undefined> {
  const path = join(folder, LABELS_FILE);
  try {
    const file = await open(path);
    const { buffer, bytesRead } = await file
      .read({ buffer: Buffer.alloc(HEAD_BYTES) })
      .finally(() => file.close());
    const text = buffer.toString('utf8', 0, bytesRead);
    const end = text.indexOf(FRAMES);
    const whole = end < 0 ? await readFile(path, 'utf8') : `${text.slice(0, end)}${FRAMES}]}`;
    return headSchema.safeParse(JSON.parse(whole)).data;
  } catch {
    return undefined;
  }
}
