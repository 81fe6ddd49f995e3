/** What is in the queue and what became of it. */
import type { Job } from 'bullmq';
import type { Broker } from './broker.js';
import { type VideoJob, videoJobSchema } from './jobs.js';
import { submit } from './submit.js';
import { readTotals, type Totals } from './totals.js';

/** Failures that are told one by one. */
const MOST_FAILURES = 50;

export interface Failure {
  readonly id: string;
  readonly kind: string;
  readonly source: string;
  /** First frame, of a group. */
  readonly from?: number;
  readonly reason: string;
}

export interface Overview {
  /** Jobs that can be taken, those that are being done, those that wait to be tried again, videos that wait for groups. */
  readonly waiting: number;
  readonly active: number;
  readonly delayed: number;
  readonly videos: number;
  readonly failed: number;
  readonly completed: number;
  readonly totals: Totals;
  readonly workers: number;
  readonly failures: readonly Failure[];
}

export async function overview({ queue, redis }: Broker): Promise<Overview> {
  const counts = await queue.getJobCounts(
    'wait',
    'prioritized',
    'active',
    'delayed',
    'waiting-children',
    'failed',
    'completed',
  );
  const failed = await queue.getFailed(0, MOST_FAILURES - 1);
  return {
    waiting: (counts.wait ?? 0) + (counts.prioritized ?? 0),
    active: counts.active ?? 0,
    delayed: counts.delayed ?? 0,
    videos: counts['waiting-children'] ?? 0,
    failed: counts.failed ?? 0,
    completed: counts.completed ?? 0,
    totals: await readTotals(redis),
    workers: await queue.getWorkersCount(),
    failures: failed.flatMap((job) => (job ? [failureOf(job)] : [])),
  };
}

function failureOf(job: Job): Failure {
  const { id = '', name, data, failedReason } = job;
  const reason = /stalled more than/.test(failedReason ?? '')
    ? 'set aside: three workers died or went silent over it'
    : (failedReason ?? 'unknown');
  return {
    id,
    kind: name,
    source: String(videoOf(job)?.source),
    ...(name === 'group' ? { from: data.from } : {}),
    reason,
  };
}

function videoOf({ name, data }: Job): VideoJob | undefined {
  return videoJobSchema.safeParse(name === 'video' ? data : data?.video).data;
}

/** Failed videos are submitted again: what is done of them is found. @returns how many */
export async function retryFailed(broker: Broker): Promise<number> {
  const { queue } = broker;
  const videos = new Map<string, VideoJob>();
  for (;;) {
    const failed = await queue.getFailed(0, 499);
    if (failed.length === 0) break;
    for (const job of failed) {
      const video = videoOf(job);
      if (video) videos.set(JSON.stringify(video), video);
      await job.remove();
    }
  }
  async function* all() {
    yield* videos.values();
  }
  return (await submit(broker, all())).videos;
}

/** Forgets all jobs; those that are being done come to nothing. Results stay. */
export async function cancelAll({ queue }: Broker): Promise<void> {
  await queue.obliterate({ force: true });
}
