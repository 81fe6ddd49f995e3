/**
 * A thousand workers on a hundred thousand groups, as events in time: `tsx tools/measure/cluster/simulation.ts -o FILE.json
 * --plot FILE.svg`.
 *
 * How long jobs take is drawn from what speed.ts measured; machines differ in speed, some jobs are stragglers, workers die,
 * and Redis serves one command after the other.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { measurementStamp } from '@twnet/bench/stamp/stamp';
import { writeFileAtomic } from '@twnet/node/files/atomic';
import { randomFrom } from '@twnet/testing/made-motion';
import { MEASUREMENTS } from '../../documents/files.js';
import { Agenda, type Job } from './agenda.js';
import { plotSpeedups } from './speedup-chart.js';

const { values } = parseArgs({
  options: { output: { type: 'string', short: 'o' }, plot: { type: 'string' } },
});
interface Run {
  readonly frames: number;
  readonly inMerges: number;
  readonly inPlans: number;
  readonly secondsOfGroups: readonly number[];
}
const measured = JSON.parse(readFileSync(join(MEASUREMENTS, 'cluster-speed.json'), 'utf8')) as {
  readonly one: Run;
  readonly groupsOf12: Run;
  readonly long: Run;
  readonly redis: { readonly secondsAJob: number };
};

/** What is assumed, not measured: how machines in a fleet differ and fail, and how long videos are. */
const ASSUMED = {
  groups: 100_000,
  /** Groups are 240 frames; a video has 94 of them, a quarter of an hour, on average. */
  frames: 240,
  groupsAVideo: 94,
  /** Standard deviations of the logarithms of videos' lengths and of machines' speeds. */
  lengthSpread: 0.5,
  speedSpread: 0.1,
  /** Share of jobs that take so many times as long. */
  stragglers: { share: 0.01, times: 5 },
  /** Jobs that end with the worker's death; seconds until another takes them, and until it is back. */
  deaths: 0.001,
  patience: 60,
  restart: 30,
};

/** How things are, and how they might be. */
interface Way {
  readonly jobFrames: number;
  /** Videos are submitted in this order. */
  readonly order?: 'found' | 'longest first';
  /** Groups write the pictures of their labels themselves; a merge only puts them together. */
  readonly mergesInParts?: boolean;
}
/** Of a merge that only puts together. */
const MERGE_IN_PARTS = 0.05;

interface Result extends Way {
  readonly workers: number;
  readonly videos: number;
  readonly hours: number;
  readonly idle: number;
  /** Share of the time in which Redis is at work. */
  readonly redis: number;
  /** Of the time, from when nine tenths of the videos were complete. */
  readonly lastTenth: number;
}

const mean = (of: readonly number[]) => of.reduce((sum, each) => sum + each, 0) / of.length;

/** Seconds a frame of groups: as long as those of a long video are, as different as those of many short ones. */
function samplesFor(jobFrames: number): readonly number[] {
  const { one, long, groupsOf12 } = measured;
  if (jobFrames <= 24) return groupsOf12.secondsOfGroups;
  const scale = mean(long.secondsOfGroups) / mean(one.secondsOfGroups);
  return one.secondsOfGroups.map((seconds) => scale * seconds);
}

function simulate(workers: number, way: Way): Result {
  const { jobFrames, order = 'found', mergesInParts = false } = way;
  const random = randomFrom(1);
  const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const lengths: number[] = [];
  const { groups, lengthSpread } = ASSUMED;
  const usual = (ASSUMED.groupsAVideo * ASSUMED.frames) / jobFrames / Math.exp(lengthSpread ** 2 / 2);
  for (let left = groups; left > 0; left -= lengths.at(-1)!)
    lengths.push(Math.min(left, Math.max(1, Math.round(usual * Math.exp(lengthSpread * gauss())))));
  if (order === 'longest first') lengths.sort((a, b) => b - a);
  const samples = samplesFor(jobFrames);
  const mergeAFrame = measured.long.inMerges / measured.long.frames;
  const planAFrame = measured.long.inPlans / measured.long.frames;
  const speeds = Array.from({ length: workers }, () => Math.exp(ASSUMED.speedSpread * gauss()));
  // Merges before groups before plans, each in the order of their coming, as the queue has it.
  const ready: Record<Job['kind'], { readonly jobs: Job[]; next: number }> = {
    merge: { jobs: [], next: 0 },
    group: { jobs: [], next: 0 },
    video: { jobs: lengths.map((_, video) => ({ kind: 'video', video })), next: 0 },
  };
  const left = Int32Array.from(lengths);
  const agenda = new Agenda();
  const idle: number[] = [];
  let [busy, redisFree, redisBusy, now, done, tenth] = [0, 0, 0, 0, 0, 0];
  const seconds = ({ kind, video }: Job) => {
    const all = jobFrames * lengths[video];
    if (kind === 'video') return planAFrame * all;
    if (kind === 'merge') return mergeAFrame * all * (mergesInParts ? MERGE_IN_PARTS : 1);
    const sample = samples[Math.floor(random() * samples.length)] * jobFrames;
    const written = mergesInParts ? mergeAFrame * jobFrames * (1 - MERGE_IN_PARTS) : 0;
    return (sample + written) * (random() < ASSUMED.stragglers.share ? ASSUMED.stragglers.times : 1);
  };
  const next = (): Job | undefined => {
    for (const kind of ['merge', 'group', 'video'] as const) {
      const list = ready[kind];
      if (list.next < list.jobs.length) return list.jobs[list.next++];
    }
    return undefined;
  };
  const take = (worker: number, at: number): boolean => {
    const job = next();
    if (!job) return false;
    // Completing a job and taking the next waits for Redis' turn.
    redisFree = Math.max(redisFree, at) + measured.redis.secondsAJob;
    redisBusy += measured.redis.secondsAJob;
    const length = seconds(job) / speeds[worker];
    busy += length;
    if (random() < ASSUMED.deaths) {
      // Half of it is lost; the job comes back when patience is at its end.
      agenda.push({ at: redisFree + length / 2 + ASSUMED.restart, worker });
      agenda.push({ at: redisFree + length / 2 + ASSUMED.patience, worker: -1, job });
    } else agenda.push({ at: redisFree + length, worker, job });
    return true;
  };
  for (let worker = 0; worker < workers; worker++) if (!take(worker, 0)) idle.push(worker);
  while (agenda.size > 0) {
    const { at, worker, job } = agenda.pop();
    now = at;
    if (worker < 0) ready[job!.kind].jobs.push(job!);
    else {
      if (job?.kind === 'video')
        for (let i = 0; i < lengths[job.video]; i++)
          ready.group.jobs.push({ kind: 'group', video: job.video });
      if (job?.kind === 'group' && --left[job.video] === 0)
        ready.merge.jobs.push({ kind: 'merge', video: job.video });
      if (job?.kind === 'merge' && ++done === Math.ceil(0.9 * lengths.length)) tenth = at;
      idle.push(worker);
    }
    while (idle.length > 0 && take(idle[idle.length - 1], at)) idle.pop();
  }
  return {
    ...{ workers, ...way, videos: lengths.length, hours: now / 3600 },
    idle: 1 - busy / (workers * now),
    redis: redisBusy / now,
    lastTenth: (now - tenth) / now,
  };
}

const FLEETS = [10, 30, 100, 300, 1000, 3000, 10_000];
const asIs = FLEETS.map((workers) => simulate(workers, { jobFrames: 240 }));
const small = FLEETS.map((workers) => simulate(workers, { jobFrames: 12 }));
const otherwise = {
  longestFirst: simulate(1000, { jobFrames: 240, order: 'longest first' }),
  mergesInParts: simulate(1000, { jobFrames: 240, mergesInParts: true }),
  both: simulate(1000, { jobFrames: 240, order: 'longest first', mergesInParts: true }),
};
for (const { workers, jobFrames, hours, idle, redis, lastTenth, order, mergesInParts } of [
  ...asIs,
  ...small,
  ...Object.values(otherwise),
])
  console.log(
    `${jobFrames} frames a job, ${workers} workers ${order ?? ''} ${mergesInParts ? 'merges in parts' : ''}: ${hours.toFixed(2)} h, idle ${(100 * idle).toFixed(1)} %, Redis busy ${(100 * redis).toFixed(1)} %, last tenth of videos ${(100 * lastTenth).toFixed(0)} % of the time`,
  );
if (values.output) {
  const stamp = {
    ...(await measurementStamp(['camvid'], [])),
    command: 'npm run measure -- --only cluster-simulation',
  };
  const { secondsAJob } = measured.redis;
  const figures = { stamp, assumed: ASSUMED, secondsOfRedisAJob: secondsAJob, asIs, small, otherwise };
  await writeFileAtomic(values.output, `${JSON.stringify(figures, null, 1)}\n`);
}
if (values.plot) await writeFileAtomic(values.plot, await plotSpeedups({ 240: asIs, 12: small }));
