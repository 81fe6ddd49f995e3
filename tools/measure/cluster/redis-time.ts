/** What a job costs Redis, which does one thing after the other: seconds of its processor. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connect } from '../../../packages/twnet/src/queue/broker.js';
import { overview } from '../../../packages/twnet/src/queue/overview.js';
import { submit } from '../../../packages/twnet/src/queue/submit.js';
import { RedisServer } from '../../../test/redis-server.js';
import { GROUPS, madeVideo } from './made-plan.js';

const WORKER = fileURLToPath(new URL('made-worker.ts', import.meta.url));
const VIDEOS = 100;

export async function timeOfRedis() {
  await using redis = await RedisServer.start('everysec');
  await using broker = await connect(redis.address);
  const processor = async () => {
    const info = await broker.redis.info('cpu');
    return ['user', 'sys'].reduce(
      (sum, kind) => sum + Number(new RegExp(`used_cpu_${kind}:([\\d.]+)`).exec(info)?.[1]),
      0,
    );
  };
  const before = await processor();
  await submit(
    broker,
    (async function* () {
      for (let i = 0; i < VIDEOS; i++) yield madeVideo(i);
    })(),
  );
  const worker = spawn(process.execPath, ['--import', 'tsx', WORKER, redis.address], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (;;) {
    await wait(500);
    const { waiting, active, delayed, videos } = await overview(broker);
    if (waiting + active + delayed + videos === 0) break;
  }
  const jobs = VIDEOS * (GROUPS + 2);
  const secondsAJob = ((await processor()) - before) / jobs;
  worker.kill('SIGTERM');
  if (worker.exitCode === null) await once(worker, 'exit');
  return { jobs, secondsAJob };
}
