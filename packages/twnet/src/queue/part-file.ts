/** A file of a part of a video: the labels of its frames, packed, and behind them what is known of the frames, as JSON. */
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type { SegmentedFrame } from '@twnet/core/segment/segmented-frame';
import { outputErrorFor } from '@twnet/node/files/output-error';
import type { WritingNetworks } from '@twnet/node/output/write-segmentation';
import type { Loss } from '@twnet/node/video/losses';
import type { VideoInfo } from '@twnet/node/video/video-info';

const [pack, unpack] = [promisify(deflateRaw), promisify(inflateRaw)];
/** Label maps are flat: more takes longer and saves little. */
const LEVEL = 1;
/** The length of the JSON. */
const TAIL = 8;

/** Whether there is a part. A storage that breaks off in writing one may leave an empty file, which is none. */
export const isPart = (stored: { readonly size: number } | undefined): boolean =>
  stored !== undefined && stored.size > 0;

export interface PartFrame extends Pick<SegmentedFrame, 'kind' | 'reason' | 'distance'> {
  readonly index: number;
  readonly timestamp: number;
  readonly duration?: number;
  readonly pictureType: SegmentedFrame['frame']['pictureType'];
  /** Of its packed labels. */
  readonly bytes: number;
}

export interface PartFacts {
  readonly info: VideoInfo;
  readonly networks: Omit<WritingNetworks, 'card'>;
  readonly labelSize: { readonly width: number; readonly height: number };
  readonly notes: readonly string[];
  readonly losses: readonly Loss[];
  /** Whether the frame after the last one does not continue it. */
  readonly endsAtJoin: boolean;
  /** Of work, for the books. */
  readonly seconds: number;
}

export interface PartContent extends PartFacts {
  readonly frames: readonly PartFrame[];
}

/** Writes frame by frame; `finish` completes the file. */
export class PartWriter implements AsyncDisposable {
  readonly #frames: PartFrame[] = [];

  private constructor(
    readonly file: FileHandle,
    private readonly path: string,
  ) {}

  static async create(path: string): Promise<PartWriter> {
    return new PartWriter(await open(path, 'w'), path);
  }

  get frames(): number {
    return this.#frames.length;
  }

  /** @throws OutputError for a disk that is full */
  async add({ frame, kind, reason, distance, labels }: SegmentedFrame): Promise<void> {
    const { index, timestamp, duration, pictureType } = frame;
    const packed = await pack(labels, { level: LEVEL });
    await this.#write(packed);
    this.#frames.push({
      index,
      timestamp,
      duration,
      pictureType,
      kind,
      reason,
      distance,
      bytes: packed.length,
    });
  }

  /** @param lasting a machine that loses its power keeps what was said to be done */
  async finish(lasting: boolean, facts: PartFacts): Promise<void> {
    const json = Buffer.from(JSON.stringify({ ...facts, frames: this.#frames } satisfies PartContent));
    const tail = Buffer.alloc(TAIL);
    tail.writeBigUInt64LE(BigInt(json.length));
    await this.#write(Buffer.concat([json, tail]));
    if (lasting) await this.file.datasync();
    await this.file.close();
  }

  async #write(bytes: Uint8Array): Promise<void> {
    try {
      await this.file.writeFile(bytes);
    } catch (error) {
      throw outputErrorFor(dirname(this.path), error);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.file.close().catch(() => undefined);
  }
}

/** Reads what a {@link PartWriter} wrote. */
export class PartReader implements AsyncDisposable {
  private constructor(
    readonly file: FileHandle,
    readonly content: PartContent,
  ) {}

  /** @throws Error for a file that is none */
  static async open(path: string): Promise<PartReader> {
    const file = await open(path);
    try {
      const { size } = await file.stat();
      const tail = await bytesAt(file, Math.max(0, size - TAIL), TAIL);
      const length = Number(tail.readBigUInt64LE());
      if (length > size - TAIL) throw new Error(`${path}: is no part of a video`);
      const json = await bytesAt(file, size - TAIL - length, length);
      return new PartReader(file, JSON.parse(json.toString()) as PartContent);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async *labels(): AsyncGenerator<{ readonly frame: PartFrame; readonly labels: Uint8Array }> {
    let at = 0;
    for (const frame of this.content.frames) {
      const labels = await unpack(await bytesAt(this.file, at, frame.bytes));
      at += frame.bytes;
      yield { frame, labels };
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.file.close();
  }
}

async function bytesAt(file: FileHandle, at: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  for (let filled = 0; filled < length; ) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, at + filled);
    if (bytesRead === 0) throw new Error('a part of a video ends early');
    filled += bytesRead;
  }
  return bytes;
}
