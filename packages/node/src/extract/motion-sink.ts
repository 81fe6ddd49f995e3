/** The two kinds of file that a video's motion is written to. */
import type { VideoFrame } from '@twnet/core/frame';
import type { FrameMaps, MotionMaps } from '@twnet/core/motion/motion-maps';
import { packVectors, VECTOR_BYTES, VECTOR_TYPE, vectorRows } from '@twnet/core/motion/vector-rows';
import { RECORD_BYTES } from '../video/block-motion.js';
import type { RecordedFrame } from '../video/coded-motion.js';
import { LineFile, LineStream } from './line-output.js';
import { type ArraySpec, NpzFile } from './npz-file.js';
import { packRecords } from './pack-records.js';

export type MotionFormat = 'npz' | 'jsonl';
export const MOTION_FORMATS: readonly MotionFormat[] = ['npz', 'jsonl'];

/** Where it is written; can be sent to another thread. */
export interface MotionTarget {
  readonly format: MotionFormat;
  /** For messages. */
  readonly name: string;
  /** An empty file that exists, a device or a pipe, or `-` for standard output. */
  readonly path: string;
  /** npz: an empty folder, for the time being. */
  readonly spool?: string;
  /** Whether it is no file that could be gone to and fro in. */
  readonly isStream: boolean;
}

/** Takes frames one after the other; what is written is complete after `finish`. */
export interface MotionSink extends Disposable {
  /** @returns the number of its vectors */
  write(frame: VideoFrame, maps: FrameMaps): number | Promise<number>;
  /** @param facts of the video, as JSON */
  finish(facts: string): void | Promise<void>;
  /** Nobody reads it any more. */
  readonly gone?: boolean;
}

const FRAME_TYPE = [
  ['time', '<f8'],
  ['duration', '<f8'],
  ['first', '<i8'],
  ['count', '<i4'],
  ['type', '|S1'],
  ['discontinuity', '|b1'],
] as const;
const FRAME_BYTES = 30;

/** Arrays for NumPy; see docs/guide/motion-vectors.md. */
export class NpzSink implements MotionSink {
  readonly #file: NpzFile;
  #count = 0;

  /**
   * @param path an empty file that exists
   * @param spool an empty folder, for the time being
   * @param maps what frames will come with
   */
  constructor(
    path: string,
    spool: string,
    { rows, columns }: MotionMaps,
    kinds: readonly (keyof FrameMaps)[],
  ) {
    this.#file = new NpzFile(path, spool, [
      { name: 'vectors', type: VECTOR_TYPE },
      { name: 'frames', type: FRAME_TYPE },
      ...kinds.map((name): ArraySpec => ({ name, type: '<f4', inner: [3, rows, columns] })),
    ]);
  }

  write(frame: RecordedFrame, { dense, residual }: FrameMaps): number {
    const { timestamp, duration, pictureType, discontinuity } = frame;
    const count = this.#writeVectors(frame);
    const room = this.#file.array('frames').reserve(FRAME_BYTES);
    const row = new DataView(room.buffer, room.byteOffset);
    row.setFloat64(0, timestamp, true);
    row.setFloat64(8, duration ?? Number.NaN, true);
    row.setBigInt64(16, BigInt(this.#count), true);
    row.setInt32(24, count, true);
    row.setUint8(28, pictureType.charCodeAt(0));
    row.setUint8(29, discontinuity ? 1 : 0);
    this.#count += count;
    if (dense) {
      const array = this.#file.array('dense');
      for (const plane of [dense.dx, dense.dy, dense.coverage]) array.append(plane);
    }
    if (residual) this.#file.array('residual').append(residual.data);
    return count;
  }

  /** Those that a decoder handed out go from its records into rows without a stop between. @returns their number */
  #writeVectors(frame: RecordedFrame): number {
    const { records } = frame;
    const count = records ? Math.floor(records.length / RECORD_BYTES) : frame.motion.count;
    const { buffer, byteOffset } = this.#file.array('vectors').reserve(VECTOR_BYTES * count);
    const rows = new Int32Array(buffer, byteOffset, (VECTOR_BYTES / 4) * count);
    if (records) packRecords(records, frame.index, rows);
    else packVectors(frame.motion, frame.index, rows);
    return count;
  }

  finish(facts: string): void {
    this.#file.finish({ info: facts });
  }

  [Symbol.dispose](): void {
    this.#file[Symbol.dispose]();
  }
}

/** A line of JSON a frame. */
export class JsonLinesSink implements MotionSink {
  constructor(private readonly out: LineFile | LineStream) {}

  get gone(): boolean {
    return this.out.gone;
  }

  async write(frame: VideoFrame, maps: FrameMaps): Promise<number> {
    await this.out.write(lineOf(frame, maps));
    return frame.motion.count;
  }

  finish(): void | Promise<void> {
    return this.out.finish();
  }

  [Symbol.dispose](): void {
    this.out[Symbol.dispose]();
  }
}

function lineOf(frame: VideoFrame, { dense, residual }: FrameMaps): string {
  const { index, timestamp, duration, pictureType, discontinuity, width, height, motion } = frame;
  const line = {
    frame: index,
    time: timestamp,
    duration: duration ?? null,
    type: pictureType,
    discontinuity,
    width,
    height,
    vectors: vectorRows(motion),
    ...(dense && { dense: [dense.dx, dense.dy, dense.coverage].map((plane) => grid(plane, dense.columns)) }),
    ...(residual && {
      residual: [0, 1, 2].map((plane) => {
        const cells = residual.rows * residual.columns;
        return grid(residual.data.subarray(plane * cells, (plane + 1) * cells), residual.columns);
      }),
    }),
  };
  return `${JSON.stringify(line)}\n`;
}

/** Rows of numbers, as many digits as single precision has. */
function grid(values: Float32Array, columns: number): number[][] {
  const rounded = Array.from(values, (value) => Number(value.toPrecision(7)));
  return Array.from({ length: values.length / columns }, (_, row) =>
    rounded.slice(row * columns, (row + 1) * columns),
  );
}

/**
 * What writes a format to its target.
 *
 * @param kinds the maps that frames will come with, on the grid of `maps`
 */
export function openSink(
  { format, path, spool, isStream }: MotionTarget,
  maps: MotionMaps,
  kinds: readonly (keyof FrameMaps)[],
): MotionSink {
  if (format === 'npz') return new NpzSink(path, spool!, maps, kinds);
  return new JsonLinesSink(isStream ? new LineStream(path) : new LineFile(path));
}
