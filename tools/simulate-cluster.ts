/**
 * A thousand workers on a hundred thousand groups, as events in time:
 *
 *     tsx tools/simulate-cluster.ts MEASURED.json -o FILE.json --plot FILE.svg
 *
 * How long jobs take is drawn from what tools/measure/queue.ts measured; machines differ in speed, some jobs are stragglers,
 * workers die, and Redis serves one command after the other.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { writeFileAtomic } from '@twnet/node/files/atomic';
import { randomFrom } from '@twnet/testing/made-motion';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { output: { type: 'string', short: 'o' }, plot: { type: 'string' } },
});
interface Measured {
  readonly frames: number;
  readonly one: Run;
  readonly groupsOf12: Run;
  readonly secondsOfRedis: number;
}
interface Run {
  readonly seconds: number;
  readonly jobs: number;
  readonly groups: number;
  readonly frames: number;
  readonly inMerges: number;
  readonly inPlans: number;
  readonly between: number;
  readonly secondsOfGroups: readonly number[];
}
const measured = JSON.parse(readFileSync(positionals[0], 'utf8')) as Measured;

/** What is assumed, not measured: how machines in a fleet differ and fail. */
const ASSUMED = {
  /** Groups are 240 frames; a video of a quarter of an hour has 94. */
  frames: 240,
  groups: 100_000,
  groupsAVideo: 94,
  /** Standard deviation of the logarithm of a machine's speed; share of jobs that take so many times as long. */
  speedSpread: 0.1,
  stragglers: { share: 0.01, times: 5 },
  /** Jobs that end with the worker's death; seconds until another takes them, and until it is back. */
  deaths: 0.001,
  patience: 60,
  restart: 30,
};
/** Commands of a job in Redis, one after the other: what the whole of it takes there. */
const REDIS = measured.secondsOfRedis;

interface Result {
  readonly workers: number;
  readonly jobFrames: number;
  readonly hours: number;
  readonly idle: number;
  readonly ideal: number;
  readonly efficiency: number;
  readonly redis: number;
  /** Of the videos, from their first job to their end: the longest tail. */
  readonly lastTenth: number;
}

/** Earliest first. */
class Agenda {
  readonly #heap: { readonly at: number; readonly worker: number; readonly job: Job | undefined }[] = [];

  get size(): number {
    return this.#heap.length;
  }

  push(event: { readonly at: number; readonly worker: number; readonly job: Job | undefined }): void {
    const heap = this.#heap;
    heap.push(event);
    for (let i = heap.length - 1; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (heap[parent].at <= heap[i].at) break;
      [heap[parent], heap[i]] = [heap[i], heap[parent]];
      i = parent;
    }
  }

  pop() {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop()!;
    if (heap.length > 0) {
      heap[0] = last;
      for (let i = 0; ; ) {
        const [left, right] = [2 * i + 1, 2 * i + 2];
        let least = i;
        if (left < heap.length && heap[left].at < heap[least].at) least = left;
        if (right < heap.length && heap[right].at < heap[least].at) least = right;
        if (least === i) break;
        [heap[least], heap[i]] = [heap[i], heap[least]];
        i = least;
      }
    }
    return first;
  }
}

interface Job {
  readonly kind: 'video' | 'group' | 'merge';
  readonly video: number;
  /** When it may be taken. */
  readonly from: number;
}

function simulate(workers: number, jobFrames: number, seed = 1): Result {
  const random = randomFrom(seed);
  const gauss = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const scale = jobFrames / ASSUMED.frames;
  const { groups } = ASSUMED;
  const perVideo = Math.round(ASSUMED.groupsAVideo / scale);
  const videos = Math.ceil(groups / perVideo);
  const samples = jobFrames <= 24 ? measured.groupsOf12.secondsOfGroups : measured.one.secondsOfGroups;
  const mergeAFrame = measured.one.inMerges / measured.one.frames;
  const planAFrame = measured.one.inPlans / measured.one.frames;
  const between = Math.max(0, measured.groupsOf12.between / measured.groupsOf12.jobs);
  const speeds = Array.from({ length: workers }, () => Math.exp(ASSUMED.speedSpread * gauss()));
  // Merges before groups before plans, as the queue has it.
  const ready: Record<Job['kind'], Job[]> = { merge: [], group: [], video: [] };
  for (let video = videos - 1; video >= 0; video--) ready.video.push({ kind: 'video', video, from: 0 });
  const left = new Int32Array(videos).fill(perVideo);
  const agenda = new Agenda();
  const later: Job[] = [];
  const idle: number[] = [];
  let [busy, redisFree, redisBusy, now, done, tenth] = [0, 0, 0, 0, 0, 0];
  const seconds = (job: Job) => {
    const frames = job.kind === 'group' ? jobFrames : jobFrames * perVideo;
    if (job.kind === 'merge') return mergeAFrame * frames;
    if (job.kind === 'video') return planAFrame * frames;
    const sample = samples[Math.floor(random() * samples.length)] * frames;
    return sample * (random() < ASSUMED.stragglers.share ? ASSUMED.stragglers.times : 1);
  };
  const next = () => ready.merge.pop() ?? ready.group.pop() ?? ready.video.pop();
  const take = (worker: number, at: number): boolean => {
    const job = next();
    if (!job) return false;
    // Taking and completing a job waits for Redis' turn.
    redisFree = Math.max(redisFree, at) + REDIS;
    redisBusy += REDIS;
    const begun = redisFree + between;
    const length = seconds(job) / speeds[worker];
    busy += length;
    if (random() < ASSUMED.deaths) {
      // Half of it is lost; the job comes back when patience is at its end.
      agenda.push({ at: begun + length / 2 + ASSUMED.restart, worker, job: undefined });
      later.push({ ...job, from: begun + length / 2 + ASSUMED.patience });
      agenda.push({ at: begun + length / 2 + ASSUMED.patience, worker: -1, job: undefined });
    } else agenda.push({ at: begun + length, worker, job });
    return true;
  };
  for (let worker = 0; worker < workers; worker++) if (!take(worker, 0)) idle.push(worker);
  while (agenda.size > 0) {
    const { at, worker, job } = agenda.pop();
    now = at;
    if (worker < 0) {
      const due = later.findIndex(({ from }) => from <= at);
      const [again] = later.splice(due, 1);
      ready[again.kind].push(again);
    }
    if (job?.kind === 'video')
      for (let i = 0; i < perVideo; i++) ready.group.push({ kind: 'group', video: job.video, from: at });
    if (job?.kind === 'group' && --left[job.video] === 0)
      ready.merge.push({ kind: 'merge', video: job.video, from: at });
    if (job?.kind === 'merge' && ++done === Math.ceil(0.9 * videos)) tenth = at;
    if (worker >= 0) idle.push(worker);
    while (idle.length > 0 && take(idle[idle.length - 1], at)) idle.pop();
  }
  const ideal = busy / workers;
  return {
    ...{ workers, jobFrames, hours: now / 3600, ideal: ideal / 3600 },
    efficiency: ideal / now,
    idle: 1 - busy / (workers * now),
    redis: redisBusy / now,
    lastTenth: (now - tenth) / now,
  };
}

const results = [240, 12].flatMap((jobFrames) =>
  [10, 30, 100, 300, 1000, 3000, 10_000].map((workers) => simulate(workers, jobFrames)),
);
for (const { workers, jobFrames, hours, idle, redis, lastTenth } of results)
  console.log(
    `${jobFrames} frames a job, ${workers} workers: ${hours.toFixed(2)} h, idle ${(100 * idle).toFixed(1)} %, Redis busy ${(100 * redis).toFixed(1)} %, last tenth of videos ${(100 * lastTenth).toFixed(0)} % of the time`,
  );
if (values.output)
  await writeFileAtomic(
    values.output,
    `${JSON.stringify({ assumed: ASSUMED, secondsOfRedis: REDIS, results }, null, 2)}\n`,
  );
if (values.plot) await writeFileAtomic(values.plot, await plot());

async function plot(): Promise<string> {
  const { init } = await import('echarts');
  const chart = init(null, null, { renderer: 'svg', ssr: true, width: 720, height: 380 });
  const series = [240, 12].flatMap((jobFrames) => {
    const of = results.filter((each) => each.jobFrames === jobFrames);
    const speedup = (each: Result) => (of[0].hours / each.hours) * of[0].workers;
    return [
      {
        name: `${jobFrames} frames a job`,
        type: 'line' as const,
        data: of.map((each) => [each.workers, speedup(each)]),
      },
    ];
  });
  chart.setOption({
    animation: false,
    legend: { top: 0 },
    grid: { left: 70, right: 30, top: 40, bottom: 50 },
    xAxis: { type: 'log', name: 'workers', nameLocation: 'middle', nameGap: 30 },
    yAxis: { type: 'log', name: 'times as fast as one worker', nameLocation: 'middle', nameGap: 50 },
    series: [
      ...series,
      {
        name: 'no loss',
        type: 'line',
        lineStyle: { type: 'dashed' },
        symbol: 'none',
        data: [
          [10, 10],
          [10_000, 10_000],
        ],
      },
    ],
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return `${svg}\n`;
}
