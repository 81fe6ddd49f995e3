/** Videos through a queue, by the commands that users have: how long all of it took, and what of it. */
import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { type Broker, connect } from '../../../packages/twnet/src/queue/broker.js';
import { overview } from '../../../packages/twnet/src/queue/overview.js';
import { RedisServer } from '../../../test/redis-server.js';
import { MAIN } from './built.js';

export const MODEL = 'camvid';

const STREAMS: { stdio: StdioOptions } = { stdio: ['ignore', 'ignore', 'pipe'] };

export interface Asked {
  readonly videos: readonly string[];
  readonly out: string;
  readonly storage: readonly string[];
  /** Of one thread each. */
  readonly workers: number;
  readonly jobFrames: number;
  /** Each worker has one core of its own, and no other. */
  readonly pinned?: boolean;
  /** When Redis' append-only file goes to the disk. */
  readonly sync?: 'always' | 'everysec';
}

interface JobTimes {
  readonly name: string;
  /** By Redis' clock. */
  readonly begun: number;
  readonly done: number;
  /** From taken to done; of reading the video and segmenting it, alone. */
  readonly seconds: number;
  readonly segmenting?: number;
  readonly frames?: number;
}

export async function throughQueue(asked: Asked) {
  const { videos, out, storage, workers: count, jobFrames, pinned, sync } = asked;
  await using redis = await RedisServer.start(sync ?? 'everysec');
  await using broker = await connect(redis.address);
  const roots = storage.flatMap((place) => ['--storage', place]);
  const workers = Array.from({ length: count }, (_, core) => {
    const args = ['worker', ...roots, '--threads', '1', '--queue', redis.address];
    return pinned ? startOn(core, ...args) : start(...args);
  });
  // Until all have said that they wait.
  await Promise.all(workers.map((worker) => once(worker.stderr!, 'data')));
  await wait(1500);
  const submitted = performance.now();
  const submit = ['submit', ...videos, '--out', out, '--job-frames', String(jobFrames)];
  await once(start(...submit, '--model', MODEL, '--queue', redis.address), 'exit');
  const submitting = (performance.now() - submitted) / 1000;
  const resident = await untilDone(broker, workers);
  await wait(1500);
  const jobs = await timesOf(broker);
  const begun = Math.min(...jobs.map((job) => job.begun));
  const done = Math.max(...jobs.map((job) => job.done));
  const seconds = done - begun;
  const { totals, failed } = await overview(broker);
  for (const worker of workers) worker.kill('SIGTERM');
  await Promise.all(workers.map((worker) => worker.exitCode === null && once(worker, 'exit')));
  if (failed > 0 || totals.merges !== videos.length)
    throw new Error(`${totals.merges} of ${videos.length} videos are there, ${failed} jobs failed`);
  return {
    seconds,
    submitting,
    ...summed(jobs, count, seconds),
    /** Of each worker at most, in the first half of the time and in the second. */
    workerMiB: resident,
    bytesRead: totals.bytesRead,
    bytesWritten: totals.bytesWritten,
  };
}

function summed(jobs: readonly JobTimes[], workers: number, elapsed: number) {
  const sum = (of: (job: JobTimes) => number) => jobs.reduce((total, job) => total + of(job), 0);
  const of = (kind: string) => sum(({ name, seconds }) => (name === kind ? seconds : 0));
  const groups = jobs.filter(({ name }) => name === 'group');
  const segmenting = sum((job) => job.segmenting ?? 0);
  const own = ({ seconds, segmenting: ofIt = 0 }: JobTimes): number => seconds - ofIt;
  // In its first one a worker loads the model, as `segment` does.
  const loaded = groups.toSorted((a, b) => a.begun - b.begun).slice(workers);
  const total = (of: (job: JobTimes) => number) => loaded.reduce((all, job) => all + of(job), 0);
  return {
    jobs: jobs.length,
    groups: groups.length,
    frames: sum(({ frames = 0 }) => frames),
    segmenting,
    /** Of jobs, by kind: all of their seconds. */
    ...{ inGroups: of('group'), inMerges: of('merge'), inPlans: of('video') },
    /** Between jobs. */
    between: workers * elapsed - sum(({ seconds }) => seconds),
    /** Of a group, beside reading the video and segmenting it; without each worker's first. */
    ownSecondsAGroup: total(own) / loaded.length,
    ownShare: total(own) / total(({ segmenting: ofIt = 0 }) => ofIt),
    /** Half of the groups cost less. */
    medianOwnSeconds: median(loaded.map(own)),
    medianOwnShare: median(loaded.map((job) => own(job) / job.segmenting!)),
    /** Of the first ones: with the model's loading. */
    firstOwnSeconds: (of('group') - segmenting - total(own)) / workers,
    secondsOfGroups: groups.map(({ seconds, frames = 1 }) => Number((seconds / frames).toFixed(5))),
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

/** When jobs were taken and done, by Redis' own clock. It is read afterwards: listening would cost the machine something. */
async function timesOf({ redis }: Broker): Promise<readonly JobTimes[]> {
  const begun = new Map<string, number>();
  const jobs: JobTimes[] = [];
  for (const [id, fields] of await redis.xrange('bull:twnet:events', '-', '+')) {
    const { event, jobId, returnvalue } = Object.fromEntries(
      fields.flatMap((name, i) => (i % 2 === 0 ? [[name, fields[i + 1]]] : [])),
    ) as { event: string; jobId: string; returnvalue?: string };
    const at = Number(id.split('-')[0]) / 1000;
    if (event === 'active') begun.set(jobId, at);
    if (event !== 'completed') continue;
    const { seconds: segmenting, frames } = JSON.parse(returnvalue!) as Partial<JobTimes>;
    const [name, taken] = [jobId.split('-')[0], begun.get(jobId)!];
    jobs.push({
      ...{ name, begun: taken, done: at, seconds: at - taken },
      ...(name === 'group' ? { segmenting, frames } : {}),
    });
  }
  return jobs;
}

async function untilDone(broker: Broker, workers: readonly ChildProcess[]): Promise<readonly number[]> {
  const looks: number[] = [];
  for (;;) {
    const { waiting, active, delayed, videos } = await overview(broker);
    looks.push(Math.max(...workers.map(residentOf)));
    if (waiting + active + delayed + videos === 0) break;
    // Looking costs the machine something, too.
    await wait(1000);
  }
  const half = looks.length >> 1;
  return [looks.slice(0, half), looks.slice(half)].map((part) => Math.max(0, ...part));
}

/** MiB; 0 of a process that is gone. */
export function residentOf({ pid }: ChildProcess): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024);
  } catch {
    return 0;
  }
}

function start(...args: string[]): ChildProcess {
  return spawn(process.execPath, [MAIN, ...args], STREAMS);
}

function startOn(core: number, ...args: string[]): ChildProcess {
  return spawn('taskset', ['--cpu-list', String(core), process.execPath, MAIN, ...args], STREAMS);
}
