/**
 * Frames of videos for training, decoded once into a temporary file, from which clips are cut at random: FFmpeg would
 * decode up to a whole group of pictures for each. Of videos that would not fit, runs of frames all along them are kept.
 */
import { closeSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@twnet/core/errors';
import { openVideo } from '@twnet/node/video/open-video';
import type { Size } from '@twnet/node/video/scaling';

/** Consecutive frames of one video in the file. */
export interface StoredRun extends Size {
  /** Bytes before the first frame. */
  readonly offset: number;
  readonly frames: number;
  readonly video: number;
}

/** What a thread needs to read them. */
export interface StoredFrames {
  /** Descriptor of the file: those of a process are the same in all its threads. */
  readonly file: number;
  readonly runs: readonly StoredRun[];
}

export interface StoreOptions {
  /** Frames that a clip may need in a row. */
  readonly least: number;
  /** Share of every video's end that is kept apart. */
  readonly holdOut: number;
  /** Bytes of all frames together; default 2 GiB. */
  readonly bytes?: number;
  readonly signal?: AbortSignal;
}

const MOST_BYTES = 2 ** 31;
/** Frames in a row that are kept of what is too long, in multiples of the least. */
const RUN = 3;

const frameBytes = ({ width, height }: Size): number => 3 * width * height;

export class StoredVideos implements Disposable {
  private constructor(
    private readonly file: number,
    private readonly runs: { readonly learnt: readonly StoredRun[]; readonly heldOut: readonly StoredRun[] },
  ) {}

  /** @throws InputError for a video that cannot be read, or that has fewer frames than a clip */
  static async decode(paths: readonly string[], options: StoreOptions): Promise<StoredVideos> {
    const name = join(tmpdir(), `twnet-frames-${process.pid}-${Date.now()}`);
    const file = openSync(name, 'wx+', 0o600);
    try {
      // Without its name it goes with the process, however that ends.
      unlinkSync(name);
      const runs: StoredRun[] = [];
      for (const [video, path] of paths.entries()) {
        const share = (options.bytes ?? MOST_BYTES) / paths.length;
        runs.push(...(await store(file, runs, video, path, { ...options, share })));
      }
      return new StoredVideos(file, split(paths, runs, options));
    } catch (error) {
      closeSync(file);
      throw error;
    }
  }

  /** Frames to learn on, and those held out. */
  of(part: 'learnt' | 'heldOut'): StoredFrames {
    return { file: this.file, runs: this.runs[part] };
  }

  get frames(): number {
    return this.runs.learnt.reduce((sum, { frames }) => sum + frames, 0);
  }

  [Symbol.dispose](): void {
    closeSync(this.file);
  }
}

/** Decodes a video; keeps every `period`-th run of frames, such that all of it fits into its share. */
async function store(
  file: number,
  before: readonly StoredRun[],
  video: number,
  path: string,
  { least, share, signal }: StoreOptions & { readonly share: number },
): Promise<StoredRun[]> {
  await using source = await openVideo(path, { motionSource: 'none', signal });
  const { width, height, frameCountEstimate = 0 } = source.info;
  const size = { width, height };
  const run = RUN * least;
  const most = Math.max(run, Math.floor(share / frameBytes(size)));
  const period = Math.max(1, Math.ceil(frameCountEstimate / most));
  const runs: StoredRun[] = [];
  let at = before.reduce((end, one) => Math.max(end, one.offset + one.frames * frameBytes(one)), 0);
  let kept = 0;
  let index = 0;
  for await (const { pixels } of source) {
    const number = Math.floor(index++ / run);
    if (period > 1 && number % period > 0) continue;
    if (kept >= most) break;
    const begins = period > 1 && (index - 1) % run === 0;
    if (runs.length === 0 || begins) runs.push({ ...size, offset: at, frames: 0, video });
    const last = runs[runs.length - 1];
    writeSync(file, pixels, 0, pixels.length, at);
    runs[runs.length - 1] = { ...last, frames: last.frames + 1 };
    at += pixels.length;
    kept++;
    source.recycle?.({ pixels } as never);
  }
  return runs;
}

/** The last runs, and the end of the one before them, are held out. */
function split(paths: readonly string[], runs: readonly StoredRun[], { least, holdOut }: StoreOptions) {
  const learnt: StoredRun[] = [];
  const heldOut: StoredRun[] = [];
  for (const [video, path] of paths.entries()) {
    const own = runs.filter((run) => run.video === video);
    const frames = own.reduce((sum, run) => sum + run.frames, 0);
    if (frames < least) throw new InputError(`${path}: has ${frames} frames, a clip needs ${least} in a row`);
    let apart = holdOut > 0 && frames >= 2 * least ? Math.max(least, Math.round(holdOut * frames)) : 0;
    for (const run of own.toReversed()) {
      const taken = Math.min(apart, run.frames);
      apart -= taken;
      const first = run.frames - taken;
      if (taken > 0) heldOut.push({ ...run, frames: taken, offset: run.offset + first * frameBytes(run) });
      if (first > 0) learnt.push({ ...run, frames: first });
    }
  }
  const usable = (list: readonly StoredRun[]) => list.filter(({ frames }) => frames >= least);
  return { learnt: usable(learnt), heldOut: usable(heldOut) };
}

/** Frames of a run, every `step`-th from `first` on. */
export function readFrames(
  { file }: Pick<StoredFrames, 'file'>,
  run: StoredRun,
  { first, count, step }: { first: number; count: number; step: number },
): Uint8Array[] {
  const bytes = frameBytes(run);
  return Array.from({ length: count }, (_, t) => {
    const pixels = new Uint8Array(bytes);
    for (let done = 0; done < bytes; ) {
      const position = run.offset + (first + t * step) * bytes + done;
      const read = readSync(file, pixels, done, bytes - done, position);
      if (read === 0) throw new Error('the temporary file of frames ended early');
      done += read;
    }
    return pixels;
  });
}
