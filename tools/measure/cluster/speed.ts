/**
 * What the queue costs, and what a second worker brings, on one machine: `tsx tools/measure/cluster/speed.ts -o FILE.json`.
 * `--only pair,pinned,groups,long,redis` measures some of it again and keeps the rest of the file.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { measurementStamp } from '@twnet/bench/stamp/stamp';
import { writeFileAtomic } from '@twnet/node/files/atomic';
import { buildFirst, MAIN } from './built.js';
import { CLIPS, FOLDER, FRAMES, LONG, longVideo, SIZE, shortClips } from './clips.js';
import { timeOfRedis } from './redis-time.js';
import { MODEL, throughQueue } from './run.js';

const { values } = parseArgs({
  options: { output: { type: 'string', short: 'o' }, only: { type: 'string' } },
});
const output = values.output!;
const wanted = (part: string): boolean => values.only?.split(',').includes(part) ?? true;

buildFirst();
const clips = await shortClips();
const long = await longVideo();
const folder = mkdtempSync(join(tmpdir(), 'twnet-queue-speed-'));
const storage = [FOLDER, folder];
const found: Record<string, unknown> = existsSync(output) ? JSON.parse(readFileSync(output, 'utf8')) : {};

const parts: Record<string, () => Promise<object>> = {
  async pair() {
    const ask = (workers: number) =>
      throughQueue({ videos: clips, out: join(folder, String(workers)), storage, workers, jobFrames: 240 });
    const [one, two] = [await ask(1), await ask(2)];
    const machine = await whatTheMachineGives();
    await ran('segment', ...clips, '--labels', join(folder, 'segment'), '--model', MODEL);
    const equal = [1, 2].map((workers) => compare(join(folder, String(workers)), join(folder, 'segment')));
    const [files] = equal;
    if (equal[1].files !== files.files) throw new Error('the runs wrote different numbers of files');
    return { one, two, speedup: one.seconds / two.seconds, machine, equal: equal[0], equalOnTwo: equal[1] };
  },
  /** One and two workers that have a core of their own each. */
  async pinned() {
    const ask = (workers: number) =>
      throughQueue({
        videos: clips,
        out: join(folder, `pinned-${workers}`),
        ...{ storage, workers, jobFrames: 240, pinned: true },
      });
    const [one, two] = [await ask(1), await ask(2)];
    const machine = await whatTheMachineGives(true);
    return { pinned: { one, two, speedup: one.seconds / two.seconds, machine } };
  },
  async groups() {
    const ask = (sync: 'always' | 'everysec') =>
      throughQueue({
        videos: clips,
        out: join(folder, sync),
        ...{ storage, workers: 1, jobFrames: 12, sync },
      });
    return { groupsOf12: await ask('everysec'), groupsOf12Always: await ask('always') };
  },
  async long() {
    const out = join(folder, 'long');
    const measured = await throughQueue({
      videos: [long],
      ...{ out, storage, workers: 1, jobFrames: 240, pinned: true },
    });
    // Of 25 frames a second, as most videos have.
    const hoursADay = (measured.frames / measured.seconds) * (86_400 / 3600 / 25);
    return { long: { ...measured, hoursADay } };
  },
  redis: async () => ({ redis: await timeOfRedis() }),
};
for (const [name, measure] of Object.entries(parts)) {
  if (!wanted(name)) continue;
  Object.assign(found, { clips: CLIPS, frames: FRAMES, ...SIZE, longFrames: LONG.frames }, await measure());
  found.stamp = {
    ...(await measurementStamp([MODEL], [])),
    command: 'npm run measure -- --only cluster-speed',
  };
  await writeFileAtomic(output, `${JSON.stringify(found, null, 1)}\n`);
}
rmSync(folder, { recursive: true, force: true });
console.log(JSON.stringify(found, null, 1));
process.exit();

/** Two processes that have nothing to do with one another, against one that does half of the work. */
async function whatTheMachineGives(pinned = false) {
  const half = CLIPS / 2;
  const alone = await control([clips.slice(0, half)], pinned);
  const both = await control([clips.slice(0, half), clips.slice(half)], pinned);
  return { alone, both, speedup: (2 * alone) / both };
}

/** Seconds that processes take that segment their clips on one thread each, without a queue. */
async function control(shares: readonly (readonly string[])[], pinned: boolean): Promise<number> {
  const index = JSON.stringify(join(MAIN, '../../index.js'));
  const script = `
    const { segment } = await import(${index});
    for (const clip of process.argv.slice(2))
      for await (const { labels } of segment(clip, { model: '${MODEL}', threads: 1 })) void labels;`;
  const file = join(folder, 'alone.mjs');
  await writeFileAtomic(file, script);
  const begun = performance.now();
  const segmenting = (share: readonly string[], core: number) =>
    pinned
      ? ended('taskset', '--cpu-list', String(core), process.execPath, file, ...share)
      : ended(process.execPath, file, ...share);
  await Promise.all(shares.map(segmenting));
  return (performance.now() - begun) / 1000;
}

function ran(...args: string[]): Promise<void> {
  return ended(process.execPath, MAIN, ...args);
}

async function ended(program: string, ...args: string[]): Promise<void> {
  const [code] = await once(spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'] }), 'exit');
  if (code !== 0) throw new Error(`${args.join(' ').slice(0, 100)}: ended with ${code}`);
}

/** All files of all clips, but for the lists of when they were written. */
function compare(of: string, expected: string) {
  const names = (path: string) =>
    readdirSync(path)
      .filter((name) => name !== '.twnet.json')
      .sort();
  const all = { clips: 0, files: 0, equal: 0 };
  for (const clip of clips) {
    const [ours, theirs] = [of, expected].map((path) => join(path, basename(clip, '.mp4')));
    const files = names(theirs);
    if (names(ours).join() !== files.join()) throw new Error(`${ours}: holds other files`);
    all.clips++;
    for (const file of files) {
      all.files++;
      if (readFileSync(join(ours, file)).equals(readFileSync(join(theirs, file)))) all.equal++;
    }
  }
  return all;
}
