/** A worker: takes jobs from the queue, one after the other or several at a time. */
import { setTimeout as wait } from 'node:timers/promises';
import { InputError, messageOf, PartialInputError } from '@twnet/core/errors';
import type { FlowProducer, Job, Queue } from 'bullmq';
import { type Broker, STALLS } from './broker.js';
import { addFlow } from './flow.js';
import { groupJobSchema, mergeJobSchema, type VideoJob, videoJobSchema } from './jobs.js';
import { KeptModels } from './kept-models.js';
import { MissingParts, mergeVideo } from './merge-video.js';
import { KeptNetworks } from './networks-pool.js';
import { optional } from './optional-library.js';
import { planVideo } from './plan-video.js';
import { Recent } from './recent.js';
import { type Kept, type PartDone, segmentPart } from './segment-part.js';
import { checkBelow, type Location } from './storage.js';
import { videoOptions } from './submit.js';
import { TotalsWriter } from './totals.js';

export interface WorkOptions {
  /** What the worker may read and write. */
  readonly storage: readonly Location[];
  /** Jobs at a time. */
  readonly concurrency: number;
  /** Threads of the networks of each. */
  readonly threads?: number;
  /** Seconds without a sign of life after which a worker's job is another's. */
  readonly patience: number;
  /** Ends it: jobs at work are done first. */
  readonly signal?: AbortSignal;
  /** End once the queue is empty. */
  readonly untilEmpty?: boolean;
  readonly onDone?: (what: string) => void;
}

/** Milliseconds between looks whether there is an end. */
const LOOK = 300;
/** Looks within the patience whether a job's worker is gone; at the second without a sign of it, it is another's. */
const LOOKS = 6;
/** Tries of what is nobody's fault that is known; then it is a bug. */
const TRIES = 3;
/** Of videos that are kept, as large as a megabyte an hour of video. */
const INDEXES = 4;

/** Works until it is told to end. */
export async function work(broker: Broker, options: WorkOptions): Promise<void> {
  const { UnrecoverableError } = await optional('the queue', 'bullmq ioredis', () => import('bullmq'));
  const { storage, concurrency, threads, patience, signal, untilEmpty, onDone } = options;
  await using pool = new KeptNetworks(concurrency, threads);
  const tools: Tools = {
    ...{ storage, pool, models: new KeptModels(), indexes: new Recent(INDEXES) },
    ...{ queue: broker.queue, flows: broker.flows() },
  };
  const totals = new TotalsWriter(broker.redis);
  const run = async (job: Job): Promise<unknown> => {
    const begun = performance.now();
    try {
      const done = await runJob(job, tools);
      if (job.name === 'merge') await forgetParts(broker, job);
      totals.add(job.name, done.frames, (performance.now() - begun) / 1000);
      onDone?.(describe(job, done));
      return done;
    } catch (error) {
      onDone?.(`${job.name} ${placeOf(job)}: ${messageOf(error)}`);
      if (isFinal(error, job)) throw new UnrecoverableError(messageOf(error));
      throw error;
    }
  };
  const worker = broker.worker(run, {
    concurrency,
    // Whole milliseconds: Redis takes no others.
    lockDuration: Math.ceil(1000 * patience),
    stalledInterval: Math.ceil((1000 * patience) / LOOKS),
    maxStalledCount: STALLS,
  });
  while (!signal?.aborted && !(untilEmpty && (await isEmpty(broker.queue))))
    await wait(LOOK, undefined, { signal }).catch(() => undefined);
  await worker.close();
  await totals.write();
}

/** Redis keeps of each part how it ended, ten times as much as of the merge itself. */
export async function forgetParts({ queue, redis }: Broker, { id }: Job): Promise<void> {
  await redis.del(queue.toKey(`${id}:processed`));
}

/** Others may still be at work whose jobs make new ones. */
async function isEmpty(queue: Queue): Promise<boolean> {
  const counts = await queue.getJobCounts('wait', 'active', 'delayed', 'prioritized', 'waiting-children');
  return Object.values(counts).every((count) => count === 0);
}

interface Tools extends Kept {
  readonly storage: readonly Location[];
  readonly queue: Queue;
  readonly flows: FlowProducer;
}

/** Jobs are what somebody wrote into Redis: they are checked, and so is where they lead. */
async function runJob(
  job: Job,
  tools: Tools,
): Promise<PartDone & { readonly again?: string; readonly groups?: number }> {
  const { queue, flows } = tools;
  if (job.name === 'group') {
    const group = groupJobSchema.parse(job.data);
    await checkPlaces(group.video, tools);
    return segmentPart(group, tools);
  }
  if (job.name === 'merge') {
    const merge = mergeJobSchema.parse(job.data);
    await checkPlaces(merge.video, tools);
    try {
      const done = await mergeVideo(merge, tools.models);
      if (done.again !== undefined) await addVideoAgain(queue, merge.video);
      return done;
    } catch (error) {
      if (!(error instanceof MissingParts)) throw error;
      const why = await whyMissing(job);
      if (why !== undefined) throw new InputError(`${merge.video.source}: ${error.message} (${why})`);
      // Removed with another result of the same labels.
      await addVideoAgain(queue, merge.video);
      return { frames: 0, again: error.message };
    }
  }
  const video = videoJobSchema.parse(job.data);
  await checkPlaces(video, tools);
  const plan = await planVideo(video);
  if (!plan) return { frames: 0, found: true };
  await addFlow(queue, flows, plan);
  return { frames: 0, groups: plan.groups.length };
}

async function checkPlaces(
  { source, out, model: { model }, settings: { motion } }: VideoJob,
  { storage }: Tools,
): Promise<void> {
  const places = [source, out];
  if (model?.includes('/')) places.push(model);
  if (typeof motion === 'object') places.push(motion.network);
  await Promise.all(places.map((place) => checkBelow(place, storage)));
}

async function addVideoAgain(queue: Queue, video: VideoJob): Promise<void> {
  await queue.add('video', video, { ...videoOptions(video), jobId: undefined });
}

/** What the jobs died of whose parts are missing; undefined where none did. */
async function whyMissing(job: Job): Promise<string | undefined> {
  const { ignored = {} } = await job.getDependencies({ ignored: {} });
  const [why] = Object.values(ignored);
  return why === undefined ? undefined : String(why);
}

/** Whether there is no sense in another try. */
function isFinal(error: unknown, job: Job): boolean {
  if (error instanceof InputError || error instanceof PartialInputError) return true;
  const isBug =
    error instanceof TypeError || error instanceof RangeError || (error as Error)?.name === 'ZodError';
  return isBug && job.attemptsMade + 1 >= TRIES;
}

function describe(
  job: Job,
  { frames, found, irregular, again, groups }: PartDone & { again?: string; groups?: number },
): string {
  const what =
    irregular ??
    again ??
    (found ? 'was there already' : groups === undefined ? `${frames} frames` : `${groups} jobs`);
  return `${job.name} ${placeOf(job)}: ${what}`;
}

function placeOf({ name, data }: Job): string {
  if (name === 'video') return String(data?.source);
  const range = name === 'group' ? ` from frame ${data?.from}` : '';
  return `${String(data?.video?.source)}${range}`;
}
