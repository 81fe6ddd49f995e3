/**
 * `npm run cluster`: Redis, two workers and some clips of rendered streets on this machine, to see how a queue works.
 * Needs redis-server (Debian: apt-get install redis-server). Results stay in cluster-out/.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderScene } from '../packages/twnet/src/cli/demo/scene.js';
import { RedisServer } from '../test/redis-server.js';

const MAIN = fileURLToPath(new URL('../packages/twnet/src/cli/main.ts', import.meta.url));
const CLIPS = 4;
const FOLDER = resolve('cluster-out');

if (spawnSync('redis-server', ['--version']).status !== 0) {
  console.error('cluster: there is no redis-server on this machine: apt-get install redis-server');
  process.exit(2);
}
const clips = join(FOLDER, 'clips');
mkdirSync(clips, { recursive: true });
for (let seed = 1; seed <= CLIPS; seed++) {
  const path = join(clips, `street-${seed}.mp4`);
  if (existsSync(path)) continue;
  console.log(`cluster: renders ${path}`);
  await renderScene(path, { frames: 48, size: { width: 480, height: 360 }, seed }, () => undefined);
}

await using redis = await RedisServer.start();
console.log(`cluster: Redis at ${redis.address}`);
const workers = [1, 2].map((number) =>
  start(`worker ${number}`, 'worker', '--storage', FOLDER, '--threads', '1'),
);
await ended(
  start(
    'submit',
    'submit',
    clips,
    '--out',
    join(FOLDER, 'labels'),
    '--overlay',
    '--job-frames',
    '24',
    '--model',
    'camvid',
  ),
);
await ended(start('jobs', 'jobs', '--watch'));
for (const worker of workers) worker.kill('SIGTERM');
await Promise.all(workers.map(ended));
console.log(`cluster: labels and overlays are in ${join(FOLDER, 'labels')}`);

/** A command of twnet whose lines bear its name. */
function start(name: string, ...args: string[]): ChildProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', MAIN, ...args, '--queue', redis.address]);
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      process.stdout.write(text.replace(/^(?=.)/gm, `${name.padEnd(9)}| `));
    });
  return child;
}

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((done) => child.on('exit', () => done()));
}
