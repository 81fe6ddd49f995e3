/**
 * What the queue costs, and what a second worker brings, on one machine:
 *
 *     npm run build && tsx tools/measure/queue.ts speed -o FILE.json     40 clips on one and on two workers of one thread
 *     tsx tools/measure/queue.ts memory -o FILE.json                     10,000 videos, 1,000,000 jobs: memory
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { measurementStamp } from '@twnet/bench/stamp/stamp';
import { writeFileAtomic } from '@twnet/node/files/atomic';
import { QueueEvents } from 'bullmq';
import { renderScene } from '../../packages/twnet/src/cli/demo/scene.js';
import { type Broker, connect } from '../../packages/twnet/src/queue/broker.js';
import { addFlow } from '../../packages/twnet/src/queue/flow.js';
import { type VideoJob, videoJobSchema } from '../../packages/twnet/src/queue/jobs.js';
import { overview } from '../../packages/twnet/src/queue/overview.js';
import { submit } from '../../packages/twnet/src/queue/submit.js';
import { RedisServer } from '../../test/redis-server.js';

const MAIN = fileURLToPath(new URL('../../packages/twnet/dist/twnet/src/cli/main.js', import.meta.url));
const CLIPS = 40;
const FRAMES = 24;
const SIZE = { width: 480, height: 360 };
const MODEL = 'camvid';

const [, , what, , output] = process.argv;
const figures = what === 'memory' ? await memory() : await speed();
const stamp = { ...(await measurementStamp([MODEL], [])), command: `tsx tools/measure/queue.ts ${what}` };
const text = `${JSON.stringify({ stamp, ...figures }, null, 2)}\n`;
if (output) await writeFileAtomic(output, text);
console.log(text);

async function speed() {
  const clips = process.env.CLIPS_FOLDER ?? join(tmpdir(), 'twnet-queue-clips');
  mkdirSync(clips, { recursive: true });
  for (let seed = 1; seed <= CLIPS; seed++) {
    const path = join(clips, `clip-${seed}.mp4`);
    if (!existsSync(path)) await renderScene(path, { frames: FRAMES, size: SIZE, seed }, () => undefined);
  }
  if (process.env.ONLY_RENDER) process.exit(0);
  const names = Array.from({ length: CLIPS }, (_, i) => join(clips, `clip-${i + 1}.mp4`));
  const folder = mkdtempSync(join(tmpdir(), 'twnet-queue-speed-'));
  await using redis = await RedisServer.start();
  await using broker = await connect(redis.address);
  const one = await run(broker, redis, names, join(folder, 'one'), 1, 240);
  const two = await run(broker, redis, names, join(folder, 'two'), 2, 240);
  const groups = await run(broker, redis, names.slice(0, 10), join(folder, 'groups'), 1, 12);
  // What the machine gives two processes that have nothing to do with one another.
  const alone = await control([names.slice(0, 10)], folder);
  const both = await control([names.slice(10, 20), names.slice(20, 30)], folder);
  rmSync(folder, { recursive: true, force: true });
  return {
    ...{ clips: CLIPS, frames: FRAMES, ...SIZE },
    one,
    two,
    speedup: one.seconds / two.seconds,
    machine: { alone, both, speedup: (2 * alone) / both },
    groupsOf12: groups,
  };
}

interface JobTimes {
  readonly name: string;
  /** From taken to done, by Redis' clock; of segmenting alone. */
  readonly seconds: number;
  readonly segmenting?: number;
  readonly frames?: number;
}

async function run(
  broker: Broker,
  redis: RedisServer,
  clips: readonly string[],
  out: string,
  count: number,
  jobFrames: number,
) {
  const workers = Array.from({ length: count }, () => start(redis, out, clips));
  // Until all have said that they wait.
  await Promise.all(workers.map((worker) => once(worker.stderr!, 'data')));
  await wait(1500);
  const events = new QueueEvents('twnet', { connection: { host: '127.0.0.1', port: redis.port } });
  await events.waitUntilReady();
  const begun = new Map<string, number>();
  const jobs: JobTimes[] = [];
  const at = (id: string) => Number(id.split('-')[0]) / 1000;
  events.on('active', ({ jobId }, id) => begun.set(jobId, at(id)));
  events.on('completed', ({ jobId, returnvalue }, id) => {
    const { seconds: segmenting, frames } = returnvalue as unknown as { seconds?: number; frames?: number };
    jobs.push({ name: jobId.split('-')[0], seconds: at(id) - (begun.get(jobId) ?? 0), segmenting, frames });
  });
  const submitted = performance.now();
  const args = [
    'submit',
    ...clips,
    '--out',
    out,
    '--job-frames',
    String(jobFrames),
    '--model',
    MODEL,
    '--queue',
    redis.address,
  ];
  await once(spawn(process.execPath, [MAIN, ...args], { stdio: 'ignore' }), 'exit');
  const first = performance.now();
  for (;;) {
    const { waiting, active, delayed, videos } = await overview(broker);
    if (waiting + active + delayed + videos === 0) break;
    await wait(50);
  }
  const seconds = (performance.now() - first) / 1000;
  await wait(300);
  await events.close();
  for (const worker of workers) worker.kill('SIGTERM');
  await Promise.all(workers.map((worker) => (worker.exitCode === null ? once(worker, 'exit') : undefined)));
  const written = readdirSync(out).filter((name) => !name.startsWith('.')).length;
  if (written !== clips.length) throw new Error(`${written} of ${clips.length} clips are there`);
  const sum = (of: (job: JobTimes) => number) => jobs.reduce((total, job) => total + of(job), 0);
  const groups = jobs.filter(({ name }) => name === 'group');
  return {
    seconds,
    submitting: (first - submitted) / 1000,
    jobs: jobs.length,
    groups: groups.length,
    frames: groups.reduce((total, { frames = 0 }) => total + frames, 0),
    segmenting: sum(({ segmenting = 0 }) => segmenting),
    /** Of jobs, by kind: all of their seconds. */
    inGroups: groups.reduce((total, job) => total + job.seconds, 0),
    inMerges: sum(({ name, seconds }) => (name === 'merge' ? seconds : 0)),
    inPlans: sum(({ name, seconds }) => (name === 'video' ? seconds : 0)),
    /** Between jobs. */
    between: count * seconds - sum((job) => job.seconds),
    secondsOfGroups: groups.map(({ seconds, frames = 1 }) => Number((seconds / frames).toFixed(5))),
  };
}

function start(redis: RedisServer, out: string, clips: readonly string[]): ChildProcess {
  const storage = [join(clips[0], '..'), join(out, '..')].flatMap((place) => ['--storage', place]);
  return spawn(process.execPath, [MAIN, 'worker', '--queue', redis.address, ...storage, '--threads', '1'], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

/** Seconds that processes take that segment their clips on one thread each, without a queue. */
async function control(parts: readonly (readonly string[])[], folder: string): Promise<number> {
  const script = `
    const { loadNetworks } = await import(${JSON.stringify(join(MAIN, '../../index.js'))});
    const { segment } = await import(${JSON.stringify(join(MAIN, '../../index.js'))});
    for (const clip of process.argv.slice(1)) for await (const { labels } of segment(clip, { model: '${MODEL}', threads: 1 })) void labels;`;
  const file = join(folder, 'alone.mjs');
  await writeFileAtomic(file, script.replace('process.argv.slice(1)', 'process.argv.slice(2)'));
  const begun = performance.now();
  await Promise.all(
    parts.map((clips) => once(spawn(process.execPath, [file, ...clips], { stdio: 'inherit' }), 'exit')),
  );
  return (performance.now() - begun) / 1000;
}

/** 10,000 videos of 100 groups each, as they are submitted and planned; nothing is segmented. */
async function memory() {
  const [VIDEOS, GROUPS] = [Number(process.env.VIDEOS ?? 10_000), 100];
  await using redis = await RedisServer.start('everysec');
  await using broker = await connect(redis.address);
  const used = () => {
    const info = spawnSync('redis-cli', ['-p', String(redis.port), 'info', 'memory']).stdout.toString();
    return Number(/used_memory:(\d+)/.exec(info)?.[1]);
  };
  const resident = () => Math.round(process.memoryUsage().rss / 2 ** 20);
  const settings = {
    labels: true,
    legend: true,
    audio: true,
    perFrame: false,
    keyFrames: { mode: 'codec' },
    motion: 'codec',
    jobFrames: 240,
  };
  const video = (i: number): VideoJob =>
    videoJobSchema.parse({
      source: `/archive/2026/camera-7/drive-${i}.mp4`,
      out: '/archive/labels',
      name: `camera-7/drive-${i}`,
      settings,
      model: { model: MODEL, digest: 'a'.repeat(64) },
      force: false,
    });
  async function* videos() {
    for (let i = 0; i < VIDEOS; i++) yield video(i);
  }
  const empty = used();
  const submitterBefore = resident();
  const begun = performance.now();
  await submit(broker, videos());
  const submitting = (performance.now() - begun) / 1000;
  const afterVideos = used();
  const submitterAfter = resident();
  const flows = broker.flows();
  const memoryOfWorker: number[] = [];
  const planning = performance.now();
  for (let i = 0; i < VIDEOS; i++) {
    const [version, key] = [`${i}-1764150000000`, 'b'.repeat(40)];
    const starts = Array.from({ length: GROUPS }, (_, group) => 240 * group);
    const groups = starts.map((from, group) => ({
      video: video(i),
      version,
      key,
      from,
      to: starts[group + 1],
    }));
    await addFlow(broker.queue, flows, { merge: { video: video(i), version, key, starts }, groups });
    if (i % (VIDEOS / 10) === 0) memoryOfWorker.push(resident());
  }
  const seconds = (performance.now() - planning) / 1000;
  const full = used();
  return {
    ...{ videos: VIDEOS, groups: VIDEOS * GROUPS },
    submitting,
    submitterMiB: [submitterBefore, submitterAfter],
    bytesAVideo: (afterVideos - empty) / VIDEOS,
    planning: seconds,
    plannerMiB: memoryOfWorker,
    bytesAGroup: (full - afterVideos) / (VIDEOS * GROUPS),
    redisMiB: full / 2 ** 20,
    secondsAGroup: seconds / (VIDEOS * GROUPS),
  };
}
