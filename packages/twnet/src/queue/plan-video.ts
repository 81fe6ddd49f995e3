/** A video becomes jobs: whole groups of pictures each, of so many frames at least. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { InputError } from '@twnet/core/errors';
import { indexPictures, type PictureIndex } from '@twnet/node/video/picture-index';
import { type GroupJob, labelsKey, type MergeJob, resultKey, type VideoJob } from './jobs.js';
import { isSplittable } from './method.js';
import {
  donePlace,
  indexPlace,
  labelsPlace,
  overlayPlace,
  partPlace,
  partsFolder,
  wholePlace,
} from './places.js';
import { below, type Location, type Storage, type StoredFile, storageOf } from './storage.js';

export interface Plan {
  readonly merge: MergeJob;
  /** Those that are not done yet. */
  readonly groups: readonly GroupJob[];
}

/**
 * @returns undefined where the results are there already
 * @throws InputError for a source that is missing or no video
 */
export async function planVideo(video: VideoJob): Promise<Plan | undefined> {
  const [from, results] = [await storageOf(video.source), await storageOf(video.out)];
  const file = await from.stat(video.source);
  if (!file) throw new InputError(`${video.source}: no such file`);
  const { version } = file;
  if (await isDone(video, version, results)) return undefined;
  const { digest, index } = await lookInto(file, from, video);
  const key = labelsKey(digest, video);
  const isWhole = (await results.stat(wholePlace(video, key))) !== undefined;
  const starts = index && !isWhole ? groupStarts(index, video.settings.jobFrames) : [0];
  if (index && starts.length > 1) await results.write(indexPlace(video, key), packIndex(index));
  const groups: GroupJob[] = [];
  const done = await namesIn(results, partsFolder(video, key));
  for (const [i, start] of starts.entries()) {
    const to = starts[i + 1];
    if (done.has(partPlace(video, key, start, to))) continue;
    groups.push({ video, version, key, from: start, to });
  }
  return { merge: { video, version, key, starts }, groups };
}

async function lookInto(
  file: StoredFile,
  storage: Storage,
  { settings }: VideoJob,
): Promise<{ readonly digest: string; readonly index: PictureIndex | undefined }> {
  const local = await storage.fetch(file);
  try {
    const hash = createHash('sha256');
    await pipeline(createReadStream(local.path, { highWaterMark: 2 ** 20 }), hash);
    const digest = hash.digest('hex');
    const index = isSplittable(settings)
      ? await indexPictures(local.path).catch(namedAs(file, local.path))
      : undefined;
    return { digest, index };
  } finally {
    await local.release();
  }
}

/** Errors name the source as the person did. */
export function namedAs({ location }: Pick<StoredFile, 'location'>, path: string): (error: unknown) => never {
  return (error) => {
    if (error instanceof Error) error.message = error.message.replaceAll(path, location);
    throw error;
  };
}

/** The first frames of jobs. The last one may be shorter. */
export function groupStarts({ groups, times }: PictureIndex, jobFrames: number): number[] {
  if (groups[0] !== 0) return [0];
  const starts: number[] = [0];
  for (const group of groups)
    if (group - starts[starts.length - 1] >= jobFrames && times.length - group >= Math.min(jobFrames, 2))
      starts.push(group);
  return starts;
}

async function namesIn(storage: Storage, folder: Location): Promise<Set<Location>> {
  const names = new Set<Location>();
  try {
    for await (const { location } of storage.list(folder)) names.add(location);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
  return names;
}

/** Whether the results of a video are there, of this content, model and settings. */
export async function isDone(video: VideoJob, version: string, storage: Storage): Promise<boolean> {
  if ((await storage.stat(donePlace(video, resultKey(video, version)))) === undefined) return false;
  const { labels, overlay } = video.settings;
  if (labels && !(await storage.stat(below(labelsPlace(video), 'labels.json')))) return false;
  return overlay === undefined || (await storage.stat(overlayPlace(video))) !== undefined;
}

/** Times, then places of groups. */
export function packIndex({ times, groups }: PictureIndex): Buffer {
  const counts = Buffer.alloc(8);
  counts.writeUInt32LE(times.length, 0);
  counts.writeUInt32LE(groups.length, 4);
  const bytes = (array: Float64Array | Uint32Array) =>
    Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  return Buffer.concat([counts, bytes(times), bytes(groups)]);
}

export function unpackIndex(packed: Buffer): PictureIndex {
  const [frames, groups] = [packed.readUInt32LE(0), packed.readUInt32LE(4)];
  const bytes = new Uint8Array(packed);
  const end = 8 + 8 * frames;
  return {
    times: new Float64Array(bytes.slice(8, end).buffer),
    groups: new Uint32Array(bytes.slice(end, end + 4 * groups).buffer),
  };
}
