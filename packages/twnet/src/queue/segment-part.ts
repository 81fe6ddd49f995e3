/** The labels of a part of a video. */
import { InputError } from '@twnet/core/errors';
import { sizesFor } from '@twnet/core/runtime/frame-sizes';
import type { ModelNetworks, NetworksOptions } from '@twnet/core/runtime/networks';
import { segmentVideo } from '@twnet/core/segment/segmenter';
import type { Model } from '@twnet/node/model/model';
import { MotionSource } from '@twnet/node/motion/motion-source';
import type { WritingNetworks } from '@twnet/node/output/write-segmentation';
import { openIndexed, type Video } from '@twnet/node/video/open-video';
import type { PictureIndex } from '@twnet/node/video/picture-index';
import type { GroupJob } from './jobs.js';
import type { KeptModels } from './kept-models.js';
import { openingOptions, segmentOptions } from './method.js';
import { isPart, PartWriter } from './part-file.js';
import { indexPlace, partPlace, partsFolder, wholePlace } from './places.js';
import { isDone, namedAs, unpackIndex } from './plan-video.js';
import type { Recent } from './recent.js';
import { type Storage, storageOf } from './storage.js';
import { temporaryFile } from './temporary-place.js';

/** Lends networks, one set to a caller at a time. */
export interface NetworksPool {
  borrow(model: Model, options: NetworksOptions): Promise<ModelNetworks>;
  giveBack(networks: ModelNetworks): void;
}

/** What a worker keeps from job to job. */
export interface Kept {
  readonly pool: NetworksPool;
  readonly models: KeptModels;
  /** By their places. */
  readonly indexes: Recent<PictureIndex>;
}

export interface PartDone {
  readonly frames: number;
  /** Of reading the video and segmenting it, alone. */
  readonly seconds?: number;
  /** It was there already. */
  readonly found?: boolean;
  /** Why the video is not to be split after all. */
  readonly irregular?: string;
}

/** Frames are not what the index says: the video is to be done in one piece. */
class IrregularVideo extends Error {}

/** @throws InputError for what cannot be read */
export async function segmentPart(job: GroupJob, kept: Kept): Promise<PartDone> {
  const { video: asked, key, version } = job;
  const [from, to] = [await storageOf(asked.source), await storageOf(asked.out)];
  const place = partPlace(asked, key, job.from, job.to);
  const [before, whole, file, model] = await Promise.all([
    to.stat(place),
    job.to === undefined ? undefined : to.stat(wholePlace(asked, key)),
    from.stat(asked.source),
    kept.models.of(asked),
  ]);
  if (isPart(before)) return { frames: 0, found: true };
  if (whole) return { frames: 0, irregular: 'it cannot be split' };
  if (file?.version !== version)
    throw new InputError(
      `${asked.source}: ${file ? 'has changed since it was submitted' : 'is no longer there'}; submit it again`,
    );
  const local = await from.fetch(file, isSplit(job));
  using part = temporaryFile('labels.part');
  try {
    const done = await segmentInto(part.path, local.path, job, model, to, kept).catch((error: unknown) => {
      throw local.failure?.() ?? error;
    });
    const failure = local.failure?.();
    if (failure) throw failure;
    await to.put(place, part.path);
    // Whoever had the job before, or another, has ended it meanwhile.
    if (await isDone(asked, version, to)) await to.remove(partsFolder(asked, key));
    return done;
  } catch (error) {
    if (!(error instanceof IrregularVideo)) return namedAs(file, local.path)(error);
    await to.write(wholePlace(asked, key), `${error.message}\n`);
    return { frames: 0, irregular: error.message };
  } finally {
    await local.release();
  }
}

/** Not all of a video. */
const isSplit = ({ from, to }: GroupJob): boolean => from > 0 || to !== undefined;

async function segmentInto(
  path: string,
  source: string,
  job: GroupJob,
  model: Model,
  storage: Storage,
  { pool, indexes }: Kept,
): Promise<PartDone> {
  const { settings } = job.video;
  const index = isSplit(job) ? await indexOf(job, storage, indexes) : undefined;
  const begun = performance.now();
  await using video = await openPart(source, job, index, openingOptions(settings, model));
  const { width, height } = video.info;
  using motion = await MotionSource.open(settings.perFrame ? 'codec' : settings.motion, width, height);
  const { layer, speed, perFrame } = settings;
  const networks = await pool.borrow(model, { ...sizesFor(model.card, video.info), layer, speed, perFrame });
  try {
    await using part = await PartWriter.create(path);
    const options = { ...segmentOptions(settings), motion, recycle: true };
    let endsAtJoin = false;
    let next = job.from;
    for await (const segmented of segmentVideo(video, networks, options)) {
      const { frame } = segmented;
      if (isSplit(job) && frame.index !== next)
        throw new IrregularVideo(`frame ${next} comes as frame ${frame.index}`);
      if (isSplit(job) && frame.index === job.from && frame.pictureType !== 'I')
        throw new IrregularVideo(`no I-frame at frame ${job.from}`);
      if (frame.index === job.to) endsAtJoin = frame.discontinuity;
      else await part.add(segmented);
      next = frame.index + 1;
    }
    if (isSplit(job) && job.to !== undefined && next !== job.to + 1)
      throw new IrregularVideo(`it ends before frame ${job.to}`);
    if (isSplit(job) && video.losses.length > 0) throw new IrregularVideo('parts of it are lost');
    const seconds = (performance.now() - begun) / 1000;
    await part.finish(storage.isLocal, {
      info: video.info,
      networks: factsOf(networks),
      labelSize: networks.labelSize,
      notes: video.notes,
      losses: video.losses,
      endsAtJoin,
      seconds,
    });
    return { frames: part.frames, seconds };
  } finally {
    pool.giveBack(networks);
  }
}

/** Of an hour of video it is a megabyte: groups of one video mostly come one after the other. */
async function indexOf(
  { video, key }: GroupJob,
  storage: Storage,
  indexes: Recent<PictureIndex>,
): Promise<PictureIndex> {
  const place = indexPlace(video, key);
  const before = indexes.get(place);
  if (before) return before;
  const packed = await storage.read(place);
  if (!packed) throw new Error(`${video.source}: its index is gone`);
  const index = unpackIndex(packed);
  indexes.set(place, index);
  return index;
}

/** With the key frame after it, from which its last frames may be warped. */
function openPart(
  source: string,
  { from, to }: GroupJob,
  index: PictureIndex | undefined,
  options: Parameters<typeof openIndexed>[1],
): Promise<Video> {
  if (!index) return openIndexed(source, options, undefined);
  return openIndexed(source, { ...options, from, to: to === undefined ? undefined : to + 1 }, index);
}

function factsOf({
  classes,
  digest,
  width,
  height,
  keySize,
  layer,
  speed,
}: ModelNetworks): Omit<WritingNetworks, 'card'> {
  return { classes, digest, width, height, keySize, layer, speed };
}
