/** The parts of a video become what `twnet segment` writes of it. */
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@twnet/core/errors';
import type { PictureType, VideoFrame } from '@twnet/core/frame';
import { NO_MOTION } from '@twnet/core/frame';
import type { SegmentedFrame } from '@twnet/core/segment/segmented-frame';
import type { Model } from '@twnet/node/model/model';
import { motionName } from '@twnet/node/motion/motion-source';
import { type WrittenVideo, writeFrames } from '@twnet/node/output/write-segmentation';
import { openVideo } from '@twnet/node/video/open-video';
import { type MergeJob, resultKey } from './jobs.js';
import type { KeptModels } from './kept-models.js';
import { openingOptions, writeOptions } from './method.js';
import { isPart, PartReader } from './part-file.js';
import {
  donePlace,
  labelsPlace,
  overlayPlace,
  ownerPlace,
  partPlace,
  partsFolder,
  wholePlace,
} from './places.js';
import { isDone } from './plan-video.js';
import { below, type LocalFile, type Location, type Storage, storageOf } from './storage.js';
import { temporaryFolder } from './temporary-place.js';

const NO_PIXELS = new Uint8Array(0);
const NO_TIMES = { decode: 0, motion: 0, network: 0, labels: 0 };
/** Files of labels that go up at a time. */
const UPLOADS = 16;

export interface MergeDone {
  readonly frames: number;
  readonly found?: boolean;
  /** The video is to be planned again, in one piece: why. */
  readonly again?: string;
}

/** Parts that are not there. */
export class MissingParts extends Error {
  constructor(readonly starts: readonly number[]) {
    super(`the labels from frame ${starts.join(', ')} on are missing`);
  }
}

/** @throws MissingParts; InputError where a result exists that twnet did not write */
export async function mergeVideo(job: MergeJob, models: KeptModels): Promise<MergeDone> {
  const { video, key, version } = job;
  const storage = await storageOf(video.out);
  const done = await mergeOnce(job, models, storage).catch(async (error: unknown): Promise<MergeDone> => {
    // Another worker, which was taken for dead over it, may have ended it meanwhile and removed the parts.
    if (await isDone(video, version, storage)) return { frames: 0, found: true };
    throw error;
  });
  // Also where it was done before: whoever wrote the results may have been stopped before this.
  if (done.again === undefined) await storage.remove(partsFolder(video, key));
  return done;
}

async function mergeOnce(job: MergeJob, models: KeptModels, storage: Storage): Promise<MergeDone> {
  const { video, key, version, starts } = job;
  if (await isDone(video, version, storage)) return { frames: 0, found: true };
  if (starts.length > 1 && (await storage.stat(wholePlace(video, key))))
    return { frames: 0, again: 'it cannot be split' };
  await using parts = await openParts(job, storage);
  const differs = starts.length > 1 ? whyNotOne(parts.readers) : undefined;
  if (differs !== undefined) {
    await storage.write(wholePlace(video, key), `${differs}\n`);
    return { frames: 0, again: differs };
  }
  await claim(job, storage);
  // Beside their place, so that they are only renamed.
  using folder = temporaryFolder('merge', storage.isLocal ? below(video.out, '.twnet', 'tmp') : tmpdir());
  const frames = await write(job, parts.readers, folder.path, storage, models);
  const outputs = [...(video.settings.labels ? [labelsPlace(video)] : []), ...overlays(job)];
  await storage.write(
    donePlace(video, resultKey(video, version)),
    `${JSON.stringify({ source: video.source, frames, outputs }, null, 2)}\n`,
  );
  return { frames };
}

const overlays = ({ video }: MergeJob): Location[] =>
  video.settings.overlay === undefined ? [] : [overlayPlace(video)];

async function openParts(
  { video, key, starts }: MergeJob,
  storage: Storage,
): Promise<AsyncDisposable & { readonly readers: readonly PartReader[] }> {
  const files: LocalFile[] = [];
  const readers: PartReader[] = [];
  const close = async () => {
    for (const reader of readers) await reader[Symbol.asyncDispose]();
    for (const file of files) await file.release();
  };
  try {
    const missing: number[] = [];
    for (const [i, start] of starts.entries()) {
      const stored = await storage.stat(partPlace(video, key, start, starts[i + 1]));
      if (!isPart(stored)) missing.push(start);
      if (!stored || missing.length > 0) continue;
      const file = await storage.fetch(stored);
      files.push(file);
      readers.push(await PartReader.open(file.path));
    }
    if (missing.length > 0) throw new MissingParts(missing);
    return { readers, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Why parts are not those of one video that was read well; undefined where they are. */
function whyNotOne(readers: readonly PartReader[]): string | undefined {
  const [first] = readers;
  const notes = JSON.stringify(first.content.notes);
  let next = 0;
  for (const { content } of readers) {
    if (JSON.stringify(content.notes) !== notes) return 'it changes on the way';
    if (content.losses.length > 0) return 'parts of it are lost';
    if (content.frames[0]?.index !== next) return `frame ${next} is missing`;
    next += content.frames.length;
  }
  return undefined;
}

/** Existing results are overwritten where twnet wrote them, or everything may be. */
async function claim(job: MergeJob, storage: Storage): Promise<void> {
  if (job.video.force) return;
  const labels = below(labelsPlace(job.video), 'labels.json');
  for (const place of [
    ...overlays(job),
    ...(job.video.settings.labels && !storage.isLocal ? [labels] : []),
  ]) {
    if (!(await storage.stat(place)) || (await storage.stat(ownerPlace(job.video, place)))) continue;
    throw new InputError(`${place}: exists already and is not of this queue; give another --out, or --force`);
  }
}

async function write(
  job: MergeJob,
  readers: readonly PartReader[],
  folder: string,
  storage: Storage,
  models: KeptModels,
): Promise<number> {
  const { video: asked } = job;
  const { settings } = asked;
  const model = await models.of(asked);
  const drawn = settings.overlay === undefined ? undefined : await openDrawn(job, model);
  try {
    const video = drawn?.video ?? described(job, readers[0]);
    const overlay = settings.overlay === undefined ? undefined : join(folder, `overlay.${settings.overlay}`);
    const labels = settings.labels
      ? storage.isLocal
        ? labelsPlace(asked)
        : join(folder, 'labels')
      : undefined;
    const [{ content }] = readers;
    const stats = await writeFrames(
      { ...video, name: asked.source, notes: content.notes, losses: content.losses },
      { ...content.networks, card: model.card },
      {
        ...writeOptions(settings, model),
        ...{ overlay, labels, force: asked.force, format: settings.labels ? settings.format : undefined },
        motion: {
          name: settings.perFrame ? 'codec' : motionName(settings.motion),
        },
      },
      () => segmentedFrames(readers, drawn?.frames),
    );
    if (overlay !== undefined) {
      await storage.write(ownerPlace(asked, overlayPlace(asked)), '{}\n');
      await storage.put(overlayPlace(asked), overlay);
    }
    if (labels !== undefined && !storage.isLocal) await putLabels(job, labels, storage);
    return stats.frames.total;
  } finally {
    await drawn?.close();
  }
}

/** The pictures that labels are drawn over. */
async function openDrawn({ video: { source, settings }, version }: MergeJob, model: Model) {
  const storage = await storageOf(source);
  const file = await storage.stat(source);
  if (file?.version !== version)
    throw new InputError(`${source}: has changed since it was submitted; submit it again`);
  const local = await storage.fetch(file);
  try {
    const opened = await openVideo(local.path, {
      ...openingOptions(settings, model),
      motionSource: 'none',
      fullPixels: true,
    });
    const { info, origin, name, notes, losses } = opened;
    return {
      video: { info, origin, name, notes, losses },
      frames: opened,
      close: async () => {
        await opened.close();
        await local.release();
      },
    };
  } catch (error) {
    await local.release();
    throw error;
  }
}

/** Without pictures: as its parts were read. */
function described(
  { video: { source } }: MergeJob,
  { content: { info, notes, losses } }: PartReader,
): WrittenVideo {
  const origin = { source, options: {}, zero: 0, first: 0, audio: [], again: false };
  return { name: source, info, notes, losses, origin };
}

/** The frames of all parts, with the pictures of the video where it is read again. */
async function* segmentedFrames(
  readers: readonly PartReader[],
  pictures: AsyncIterable<VideoFrame> | undefined,
): AsyncGenerator<SegmentedFrame, void> {
  const iterator = pictures?.[Symbol.asyncIterator]();
  let endsAtJoin = true;
  for (const { content, ...part } of withLabels(readers)) {
    const { info, labelSize } = content;
    for await (const { frame, labels } of part.labels) {
      const { index, timestamp, duration, pictureType, kind, reason, distance } = frame;
      const facts = { index, timestamp, duration, pictureType: pictureType as PictureType };
      const drawn = iterator && (await iterator.next()).value;
      if (iterator && drawn?.timestamp !== timestamp)
        throw new Error(`frame ${index} is not the one that was segmented`);
      const size = { width: info.width, height: info.height };
      const nothing = { pixels: NO_PIXELS, motion: NO_MOTION, discontinuity: false };
      const isSeam = frame === content.frames[0] && !endsAtJoin;
      yield {
        frame: { ...size, ...nothing, ...drawn, ...facts },
        ...{ labels, labelSize, kind, distance, timings: NO_TIMES },
        ...(reason === undefined ? {} : { reason: isSeam && reason === 'start' ? 'codec' : reason }),
      };
    }
    endsAtJoin = content.endsAtJoin;
  }
  // What comes after the last frame closes the video.
  await iterator?.next();
}

function* withLabels(readers: readonly PartReader[]) {
  for (const reader of readers) yield { content: reader.content, labels: reader.labels() };
}

/** The list of the labels goes last: where it is, all are. */
async function putLabels({ video }: MergeJob, folder: string, storage: Storage): Promise<void> {
  const place = labelsPlace(video);
  const list = below(place, 'labels.json');
  await storage.write(ownerPlace(video, list), '{}\n');
  const names = (await readdir(folder)).filter((name) => name !== 'labels.json' && !name.startsWith('.'));
  const put = async () => {
    for (let name = names.pop(); name !== undefined; name = names.pop())
      await storage.put(below(place, name), join(folder, name));
  };
  await Promise.all(Array.from({ length: UPLOADS }, put));
  await storage.put(list, join(folder, 'labels.json'));
}
