/**
 * Breaks what a queue depends on, over and over, and looks whether every video comes out whole, equal and once:
 *
 *     tsx tools/checks/queue-faults.ts [FAULTS] [SEED] [-o FILE.json]
 *
 * Workers are killed and paused, Redis is killed and started again from its append-only file, connections to it and to the
 * bucket are cut, disks are filled (as root alone: they are small file systems in memory), videos are submitted twice.
 * Afterwards a video that kills its worker must be set aside and named.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { measurementStamp } from '@twnet/bench/stamp/stamp';
import { writeFileAtomic } from '@twnet/node/files/atomic';
import { randomFrom } from '@twnet/testing/made-motion';
import { writeMadeSegmenter } from '@twnet/testing/made-segmenter';
import { makeStream } from '@twnet/testing/made-stream';
import { movingTexture } from '@twnet/testing/moving-texture';
import { connect } from '../../packages/twnet/src/queue/broker.js';
import { overview, retryFailed } from '../../packages/twnet/src/queue/overview.js';
import { storageOf } from '../../packages/twnet/src/queue/storage.js';
import { RedisServer } from '../../test/redis-server.js';
import { BUCKET, startBucket } from '../../test/s3-server.js';
import { buildFirst, MAIN } from '../measure/cluster/built.js';
import { CuttableProxy } from './cuttable-proxy.js';
import { SmallDisk } from './small-disk.js';

const [FAULTS = 200, SEED = 1] = process.argv
  .slice(2)
  .filter((each) => /^\d+$/.test(each))
  .map(Number);
const OUTPUT = process.argv[process.argv.indexOf('-o') + 1];
const [WORKERS, CLIPS, PATIENCE] = [3, 8, 4];

// s3rver removes a folder that it has emptied while it opens a file there for somebody else, who has to try again.
process.on('uncaughtException', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'ENOENT' || !error.path?.includes('_S3rver_')) throw error;
});

buildFirst();
const random = randomFrom(SEED);
const below = (count: number) => Math.floor(Math.abs(random()) * 1e6) % count;
const folder = mkdtempSync(join(tmpdir(), 'twnet-faults-'));
const clips = Array.from({ length: CLIPS }, (_, i) => `clip-${i}.mp4`);
const disks = Array.from({ length: WORKERS }, (_, i) => SmallDisk.mount(join(folder, `disk-${i}`)));
/** A box that means nothing: every other clip is large enough to be read in parts. */
const nothing = Buffer.alloc(4.5e6);
nothing.writeUInt32BE(nothing.length);
nothing.write('free', 4);
await writeMadeSegmenter(join(folder, 'model'), { accurate: { bidirectional: true } });
// As deploy/ has it.
await using redis = await RedisServer.start('everysec');
await using _bucket = await startBucket();
const direct = process.env.AWS_ENDPOINT_URL_S3!;
const [toQueue, toStorage] = [
  await CuttableProxy.to(redis.port),
  await CuttableProxy.to(Number(new URL(direct).port)),
];
const storage = await storageOf(`s3://${BUCKET}`);
for (const [i, name] of clips.entries()) {
  const path = join(folder, name);
  const options = {
    crf: 14,
    preset: 'veryfast',
    'x264-params': `open-gop=1:bframes=2:keyint=8:min-keyint=8:scenecut=0:log-level=none`,
  };
  await makeStream(movingTexture(96, 64, 32 + 3 * i, 1.5 + i / 2, 1), {
    output: path,
    encoder: 'libx264',
    options,
  });
  if (i % 2 === 0) appendFileSync(path, nothing);
  await storage.write(`s3://${BUCKET}/in/${name}`, readFileSync(path));
}
const segmented = spawnSync(process.execPath, [
  MAIN,
  'segment',
  ...clips.map((name) => join(folder, name)),
  '--labels',
  join(folder, 'one'),
  '-o',
  `${join(folder, 'drawn')}/`,
  '--model',
  join(folder, 'model'),
]);
if (segmented.status !== 0) throw new Error(String(segmented.stderr));

const queue = `redis://127.0.0.1:${toQueue.port}`;
const workers: (ChildProcess | undefined)[] = Array.from({ length: WORKERS });
let ending = false;
const said: string[] = [];
/** A supervisor, as systemd or Kubernetes is one. */
function startWorker(at: number): void {
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL_S3: `http://127.0.0.1:${toStorage.port}`,
    ...(disks[at] && { TMPDIR: disks[at].path }),
  };
  const args = [
    'worker',
    '--queue',
    queue,
    '--storage',
    `s3://${BUCKET}`,
    '--storage',
    folder,
    '--patience',
    String(PATIENCE),
    '--threads',
    '1',
  ];
  const child = spawn(process.execPath, [MAIN, ...args], { env, stdio: ['ignore', 'ignore', 'pipe'] });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => said.push(...text.split('\n')));
  workers[at] = child;
  child.on('exit', () => {
    if (!ending) setTimeout(() => startWorker(at), 200);
  });
}
for (let i = 0; i < WORKERS; i++) startWorker(i);

await using broker = await connect(redis.address);
/** Not synchronously: the bucket is in this process. */
async function submit(from: string, to: string, ...more: string[]): Promise<void> {
  const args = ['submit', `s3://${BUCKET}/${from}/`, '--out', `s3://${BUCKET}/${to}`, ...more];
  const child = spawn(process.execPath, [
    MAIN,
    ...args,
    '--model',
    join(folder, 'model'),
    '--queue',
    redis.address,
  ]);
  const [code] = (await once(child, 'exit')) as [number];
  if (code !== 0) throw new Error(`submit ended with ${code}`);
}
const submitRound = (round: number) => submit('in', `out-${round}`, '--overlay', '--job-frames', '8');

const KINDS = {
  'worker killed': async () => {
    workers[below(WORKERS)]?.kill('SIGKILL');
  },
  'worker paused': async () => {
    const worker = workers[below(WORKERS)];
    worker?.kill('SIGSTOP');
    setTimeout(() => worker?.kill('SIGCONT'), 1000 * (1 + below(2 * PATIENCE)));
  },
  'Redis restarted': async () => {
    await redis.kill();
    await wait(100 * below(10));
    await redis.up();
  },
  'queue cut off': async () => {
    toQueue.cut();
    setTimeout(() => toQueue.mend(), 300 * (1 + below(8)));
  },
  'storage cut off': async () => {
    toStorage.cut();
    setTimeout(() => toStorage.mend(), 300 * (1 + below(8)));
  },
  'disk full': async () => {
    const disk = disks[below(WORKERS)];
    disk?.fill();
    setTimeout(() => disk?.clear(), 1000 * (2 + below(4)));
  },
  'submitted twice': async () => submitRound(rounds - 1),
} as const;
const injected: Record<string, number> = {};
let rounds = 0;
let retried = 0;
const left = async () => {
  const now = await overview(broker);
  return now.waiting + now.active + now.delayed + now.videos;
};
const begun = performance.now();
for (let faults = 0; faults < FAULTS; ) {
  await submitRound(rounds++);
  while (faults < FAULTS && (await left()) > 0) {
    const names = (Object.keys(KINDS) as (keyof typeof KINDS)[]).filter(
      (name) => name !== 'disk full' || disks[0] !== undefined,
    );
    // Submitting twice is the cheapest.
    const kind = names[below(names.length)];
    await KINDS[kind]();
    injected[kind] = (injected[kind] ?? 0) + 1;
    faults++;
    await wait(150 + 100 * below(8));
  }
  console.log(`round ${rounds}: ${faults} faults, ${((performance.now() - begun) / 1000).toFixed(0)} s`);
}
for (;;) {
  while ((await left()) > 0) await wait(500);
  const { failed, failures } = await overview(broker);
  if (failed === 0) break;
  for (const { reason } of failures) console.log(`set aside, submitted again: ${reason}`);
  retried += await retryFailed(broker);
}

const problems: string[] = [];
for (let round = 0; round < rounds; round++) {
  const out = `s3://${BUCKET}/out-${round}`;
  const found = new Map<string, Buffer>();
  for await (const { location } of storage.list(out))
    found.set(location.slice(out.length + 1), (await storage.read(location))!);
  for (const clip of clips) {
    const name = clip.replace('.mp4', '');
    const equal = (path: string, place: string, edit = (text: string) => text) => {
      const [expected, got] = [readFileSync(path), found.get(place)];
      const same = place.endsWith('.json')
        ? got?.toString() === edit(expected.toString())
        : got?.equals(expected) === true;
      if (!same) problems.push(`round ${round}: ${place} is ${got ? 'different' : 'missing'}`);
      found.delete(place);
    };
    for (const file of readdirSync(join(folder, 'one', name)).filter((each) => !each.startsWith('.')))
      equal(join(folder, 'one', name, file), `${name}/${file}`, (text) =>
        text.replace(join(folder, clip), `s3://${BUCKET}/in/${clip}`),
      );
    equal(join(folder, 'drawn', `${name}-segmented.mp4`), `${name}-segmented.mp4`);
  }
  const done = [...found.keys()].filter((name) => name.startsWith('.twnet/done/'));
  if (done.length !== CLIPS) problems.push(`round ${round}: ${done.length} videos are said to be done`);
  for (const name of found.keys())
    if (!/^\.twnet\/(done|owned)\//.test(name)) problems.push(`round ${round}: ${name} is left over`);
}

// Whoever takes this video dies of it.
ending = true;
for (const worker of workers) worker?.kill('SIGKILL');
// What the last faults would still do to it is not the video's doing.
await wait(1000 * (2 * PATIENCE + 1));
for (const worker of workers) worker?.kill('SIGKILL');
await wait(500);
await storage.write(`s3://${BUCKET}/poison/poison.mp4`, readFileSync(join(folder, clips[0])));
await submit('poison', 'poisoned');
ending = false;
startWorker(0);
let deaths = 0;
let failures: readonly { reason: string; source: string }[] = [];
for (let tries = 0; tries < 1500 && failures.length === 0; tries++) {
  const [job] = await broker.queue.getActive();
  // It has been taken once more.
  if (job && job.attemptsStarted > deaths) {
    workers[0]?.kill('SIGKILL');
    deaths++;
  }
  await wait(20);
  if (tries % 20 === 0) failures = (await overview(broker)).failures;
}
if (failures.length !== 1 || deaths < 3)
  problems.push(`poison: ${deaths} workers died, ${failures.length} videos set aside`);
ending = true;
for (const worker of workers) worker?.kill('SIGKILL');

if (process.env.VERBOSE) writeFileSync(process.env.VERBOSE, said.join('\n'));
const report = {
  stamp: {
    ...(await measurementStamp([], [])),
    command: `npm run measure -- --only cluster-faults`,
  },
  all: FAULTS,
  faults: injected,
  ...{ seed: SEED, workers: WORKERS, videos: rounds * CLIPS, rounds, setAsideByChance: retried },
  poison: { workersDied: deaths, reason: failures[0]?.reason ?? null },
  /** Jobs that failed and were tried again, by what was said of them. */
  felt: {
    diskFull: said.filter((line) => /the disk is full/.test(line)).length,
    storage: said.filter((line) => /the storage does not answer|its bytes do not come/.test(line)).length,
  },
  problems,
  problemCount: problems.length,
  seconds: Math.round((performance.now() - begun) / 1000),
};
console.log(JSON.stringify(report, null, 2));
if (process.argv.includes('-o')) await writeFileAtomic(OUTPUT, `${JSON.stringify(report, null, 1)}\n`);
toQueue.close();
toStorage.close();
await wait(300);
for (const disk of disks) disk?.unmount();
rmSync(folder, { recursive: true, force: true });
process.exitCode = problems.length > 0 ? 1 : 0;
