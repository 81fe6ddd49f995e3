/**
 * Memory of an archive in a queue: 10,000 videos submitted, planned and done, a million groups, through a real Redis; videos
 * are empty files, and groups and merges are done by saying so: `tsx tools/measure/cluster/memory.ts [VIDEOS] -o FILE.json`.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { measurementStamp } from '@twnet/bench/stamp/stamp';
import { writeFileAtomic } from '@twnet/node/files/atomic';
import { connect } from '../../../packages/twnet/src/queue/broker.js';
import { addFlow } from '../../../packages/twnet/src/queue/flow.js';
import { videoJobSchema } from '../../../packages/twnet/src/queue/jobs.js';
import { cancelAll, overview } from '../../../packages/twnet/src/queue/overview.js';
import { RedisServer } from '../../../test/redis-server.js';
import { buildFirst, MAIN } from './built.js';
import { GROUPS, madePlan } from './made-plan.js';
import { residentOf } from './run.js';

const WORKER = fileURLToPath(new URL('made-worker.ts', import.meta.url));
const WORKERS = 2;
/** Videos that are planned while nobody takes their groups. */
const ALL_WAITING = 200;

const args = process.argv.slice(2);
const output = args[args.indexOf('-o') + 1];
const VIDEOS = Number(args.find((each) => /^\d+$/.test(each)) ?? 10_000);

buildFirst();
const folder = mkdtempSync(join(tmpdir(), 'twnet-cluster-memory-'));
await using redis = await RedisServer.start('everysec');
await using broker = await connect(redis.address);
const used = (): number => {
  const info = spawnSync('redis-cli', ['-p', String(redis.port), 'info', 'memory']).stdout.toString();
  return Number(/used_memory:(\d+)/.exec(info)?.[1]);
};

// Ten days of a thousand drives each.
for (let i = 0; i < VIDEOS; i++) {
  const day = join(folder, 'archive', `day-${Math.floor((10 * i) / VIDEOS)}`);
  if (i % Math.ceil(VIDEOS / 10) === 0) mkdirSync(day, { recursive: true });
  writeFileSync(join(day, `drive-${i}.mp4`), '');
}
const submitting = await submitted(join(folder, 'archive'));
const { bytesAGroup } = await allWaiting();
const worked = await done();
rmSync(folder, { recursive: true, force: true });
const figures = {
  stamp: { ...(await measurementStamp([], [])), command: 'npm run measure -- --only cluster-memory' },
  ...{ videos: VIDEOS, groups: VIDEOS * GROUPS, workers: WORKERS },
  ...{ submitting, bytesAGroup, ...worked },
};
if (args.includes('-o')) await writeFileAtomic(output, `${JSON.stringify(figures, null, 1)}\n`);
console.log(JSON.stringify(figures, null, 1));

/** A tenth of the archive, and all of it: what the submitter had in memory at most. */
async function submitted(archive: string) {
  const one = await submit(join(archive, 'day-0'));
  await cancelAll(broker);
  const empty = used();
  const all = await submit(archive);
  const waiting = (await overview(broker)).waiting;
  if (waiting !== VIDEOS) throw new Error(`${waiting} videos are in the queue`);
  const bytesAVideo = (used() - empty) / VIDEOS;
  return { bytesAVideo, mibOfATenth: one.mib, mib: all.mib, seconds: all.seconds };
}

async function submit(source: string) {
  const begun = performance.now();
  const child = spawn(
    process.execPath,
    [MAIN, 'submit', source, '--out', join(folder, 'labels'), '--queue', redis.address],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  let mib = 0;
  const look = setInterval(() => {
    mib = Math.max(mib, residentOf(child));
  }, 20);
  const [code] = (await once(child, 'exit')) as [number];
  clearInterval(look);
  if (code !== 0) throw new Error(`submit ended with ${code}`);
  return { mib, seconds: (performance.now() - begun) / 1000 };
}

/** What a group takes in Redis as long as nobody has taken it. */
async function allWaiting() {
  const flows = broker.flows();
  const jobs = await broker.queue.getJobs(['prioritized'], 0, ALL_WAITING - 1);
  const before = used();
  for (const { data } of jobs) await addFlow(broker.queue, flows, madePlan(videoJobSchema.parse(data)));
  return { bytesAGroup: (used() - before) / (jobs.length * GROUPS) };
}

/** Workers take all there is: their memory by tenths of the time, and the most that Redis held. */
async function done() {
  const begun = performance.now();
  const workers = Array.from({ length: WORKERS }, () =>
    spawn(process.execPath, ['--import', 'tsx', WORKER, redis.address], {
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  );
  const looks: { readonly mib: number; readonly redis: number; readonly waiting: number }[] = [];
  for (;;) {
    await wait(2000);
    const { waiting, active, delayed, videos, failed, totals } = await overview(broker);
    if (failed > 0) throw new Error(`${failed} jobs failed`);
    looks.push({ mib: Math.max(...workers.map(residentOf)), redis: used() / 2 ** 20, waiting });
    if (looks.length % 15 === 0)
      console.error(JSON.stringify(looks.at(-1)), `${totals.groups} groups, ${videos} videos at work`);
    if (waiting + active + delayed + videos === 0) break;
  }
  const seconds = (performance.now() - begun) / 1000;
  for (const worker of workers) worker.kill('SIGTERM');
  await Promise.all(workers.map((worker) => worker.exitCode === null && once(worker, 'exit')));
  const tenths = Array.from({ length: 10 }, (_, i) =>
    looks.slice(Math.floor((i * looks.length) / 10), Math.floor(((i + 1) * looks.length) / 10)),
  );
  const most = (of: (look: (typeof looks)[number]) => number) =>
    tenths.map((tenth) => Math.round(Math.max(...tenth.map(of))));
  const redisMiB = most(({ redis }) => redis);
  const { groups, merges } = (await overview(broker)).totals;
  // A job may be done twice, none is left out.
  if (groups < VIDEOS * GROUPS || merges < VIDEOS)
    throw new Error(`${groups} groups and ${merges} merges are done`);
  return {
    groupsDone: groups,
    seconds,
    jobsASecond: (VIDEOS * (GROUPS + 2)) / seconds,
    workerMiB: most(({ mib }) => mib),
    redisMiB,
    mostRedisMiB: Math.max(...redisMiB),
    redisMiBAtEnd: used() / 2 ** 20,
    redisMiBIfAllWaited: (bytesAGroup * VIDEOS * GROUPS) / 2 ** 20,
  };
}
