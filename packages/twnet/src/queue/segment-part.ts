/** The labels of a part of a video. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InputError } from '@twnet/core/errors';
import { sizesFor } from '@twnet/core/runtime/frame-sizes';
import type { ModelNetworks, NetworksOptions } from '@twnet/core/runtime/networks';
import { segmentVideo } from '@twnet/core/segment/segmenter';
import type { Model } from '@twnet/node/model/model';
import { MotionSource } from '@twnet/node/motion/motion-source';
import type { WritingNetworks } from '@twnet/node/output/write-segmentation';
import { openIndexed, type Video } from '@twnet/node/video/open-video';
import type { GroupJob } from './jobs.js';
import { modelOf, openingOptions, segmentOptions } from './method.js';
import { PartWriter } from './part-file.js';
import { indexPlace, partPlace, partsFolder, wholePlace } from './places.js';
import { isDone, namedAs, unpackIndex } from './plan-video.js';
import { type Storage, storageOf } from './storage.js';

/** Lends networks, one set to a caller at a time. */
export interface NetworksPool {
  borrow(model: Model, options: NetworksOptions): Promise<ModelNetworks>;
  giveBack(networks: ModelNetworks): void;
}

export interface PartDone {
  readonly frames: number;
  /** Of segmenting alone. */
  readonly seconds?: number;
  /** It was there already. */
  readonly found?: boolean;
  /** Why the video is not to be split after all. */
  readonly irregular?: string;
}

/** Frames are not what the index says: the video is to be done in one piece. */
class IrregularVideo extends Error {}

/** @throws InputError for what cannot be read */
export async function segmentPart(
  job: GroupJob,
  pool: NetworksPool,
  signal?: AbortSignal,
  onFrame?: () => void,
): Promise<PartDone> {
  const { video: asked, key, version } = job;
  const [from, to] = [await storageOf(asked.source), await storageOf(asked.out)];
  const place = partPlace(asked, key, job.from, job.to);
  if (await to.stat(place)) return { frames: 0, found: true };
  if (job.to !== undefined && (await to.stat(wholePlace(asked, key))))
    return { frames: 0, irregular: 'it cannot be split' };
  const file = await from.stat(asked.source);
  if (file?.version !== version)
    throw new InputError(
      `${asked.source}: ${file ? 'has changed since it was submitted' : 'is no longer there'}; submit it again`,
    );
  const folder = await mkdtemp(join(tmpdir(), 'twnet-part-'));
  const local = await from.fetch(file);
  try {
    const path = join(folder, 'part');
    const done = await segmentInto(path, local.path, job, to, pool, signal, onFrame).catch(
      namedAs(file, local.path),
    );
    await to.put(place, path);
    // Whoever had the job before, or another, has ended it meanwhile.
    if (await isDone(asked, version, to)) await to.remove(partsFolder(asked, key));
    return done;
  } catch (error) {
    if (!(error instanceof IrregularVideo)) throw error;
    await to.write(wholePlace(asked, key), `${error.message}\n`);
    return { frames: 0, irregular: error.message };
  } finally {
    await local.release();
    await rm(folder, { recursive: true, force: true });
  }
}

async function segmentInto(
  path: string,
  source: string,
  job: GroupJob,
  storage: Storage,
  pool: NetworksPool,
  signal: AbortSignal | undefined,
  onFrame: (() => void) | undefined,
): Promise<PartDone> {
  const begun = performance.now();
  const { settings } = job.video;
  const model = await modelOf(job.video);
  const isPart = job.from > 0 || job.to !== undefined;
  await using video = await openPart(source, job, isPart, storage, {
    ...openingOptions(settings, model),
    signal,
  });
  const { width, height } = video.info;
  using motion = await MotionSource.open(settings.perFrame ? 'codec' : settings.motion, width, height);
  const { layer, speed, perFrame } = settings;
  const networks = await pool.borrow(model, { ...sizesFor(model.card, video.info), layer, speed, perFrame });
  try {
    await using part = await PartWriter.create(path);
    const options = { ...segmentOptions(settings), motion, recycle: true, signal };
    let endsAtJoin = false;
    let next = job.from;
    for await (const segmented of segmentVideo(video, networks, options)) {
      const { frame } = segmented;
      if (isPart && frame.index !== next)
        throw new IrregularVideo(`frame ${next} comes as frame ${frame.index}`);
      if (isPart && frame.index === job.from && frame.pictureType !== 'I')
        throw new IrregularVideo(`no I-frame at frame ${job.from}`);
      if (frame.index === job.to) endsAtJoin = frame.discontinuity;
      else await part.add(segmented);
      next = frame.index + 1;
      onFrame?.();
    }
    if (isPart && job.to !== undefined && next !== job.to + 1)
      throw new IrregularVideo(`it ends before frame ${job.to}`);
    if (isPart && video.losses.length > 0) throw new IrregularVideo('parts of it are lost');
    const seconds = (performance.now() - begun) / 1000;
    await part.finish({
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

/** With the key frame after it, from which its last frames may be warped. */
async function openPart(
  source: string,
  job: GroupJob,
  isPart: boolean,
  storage: Storage,
  options: Parameters<typeof openIndexed>[1],
): Promise<Video> {
  if (!isPart) return openIndexed(source, options, undefined);
  const packed = await storage.read(indexPlace(job.video, job.key));
  if (!packed) throw new Error(`${job.video.source}: its index is gone`);
  const to = job.to === undefined ? undefined : job.to + 1;
  return openIndexed(source, { ...options, from: job.from, to }, unpackIndex(packed));
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
