/**
 * `npm run measure`: runs the commands that give the documents' figures, those of which there are none yet for the
 * weights that ship. Stopped and run again, it goes on where it was. `npm run documents` then fills the documents.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '@twnet/node/files/atomic';
import { Command, Option } from 'commander';
import { MEASUREMENTS, RESEARCH, ROOT } from '../documents/files.js';
import { type Measurement, shippedDigests } from '../documents/measurements.js';
import { fileName, RESULT_PICTURES, results } from '../documents/results.js';
import { IDLE, PLAN, type Planned, type Sources, without } from './plan.js';

/** What the commands write, whole; git ignores it. */
const WORK = 'measured';

interface Flags extends Sources {
  readonly only?: readonly string[];
  readonly kind?: Planned['kind'];
  readonly again?: boolean;
}

async function measure(flags: Flags): Promise<void> {
  const { only, kind, again } = flags;
  const unknown = only?.find((name) => !PLAN.some((planned) => planned.name === name));
  if (unknown)
    throw new Error(`--only: there is no ${unknown}; there are ${PLAN.map(({ name }) => name).join(', ')}`);
  const digests = await shippedDigests();
  const chosen = PLAN.filter(
    (planned) =>
      (only === undefined || only.includes(planned.name)) && (kind === undefined || kind === planned.kind),
  );
  mkdirSync(join(ROOT, WORK), { recursive: true });
  mkdirSync(MEASUREMENTS, { recursive: true });
  const failed: string[] = [];
  for (const planned of chosen) {
    const { name, needs } = planned;
    const lacking = needs.filter((source) => flags[source] === undefined);
    if (lacking.length > 0)
      say(`${name}: left out, give ${lacking.map((source) => `--${source}`).join(', ')}`);
    else if (!again && isCurrent(planned, digests)) say(`${name}: measured already`);
    else {
      discardWork(planned, again);
      if (!(await run(planned, flags))) failed.push(name);
    }
  }
  if (failed.length > 0) throw new Error(`could not be measured: ${failed.join(', ')}`);
}

/** Of the weights that ship and, where that matters, from a machine that did nothing else. */
function isCurrent({ name, kind }: Planned, digests: readonly string[]): boolean {
  const path = join(MEASUREMENTS, `${name}.json`);
  if (!existsSync(path)) return false;
  const { stamp } = JSON.parse(readFileSync(path, 'utf8')) as Measurement;
  return (
    stamp.weights.every(({ digest }) => digests.includes(digest)) &&
    (kind === 'accuracy' || stamp.busyCores <= IDLE)
  );
}

/** What was measured before and would be used again: nothing of a report that was stopped, and the times alone of one that others slowed. */
function discardWork({ name }: Planned, again: boolean | undefined): void {
  if (name !== 'report') {
    rmSync(join(ROOT, WORK, `${name}.json`), { force: true });
    return;
  }
  const folder = join(ROOT, WORK, name);
  const done = join(folder, 'report.json');
  if (again) rmSync(folder, { recursive: true, force: true });
  if (!existsSync(done)) return;
  if ((JSON.parse(readFileSync(done, 'utf8')) as Measurement).stamp.busyCores <= IDLE) return;
  // How well networks do is the same on a busy machine, and takes an hour.
  rmSync(done);
  const kept = join(folder, 'measured');
  for (const file of readdirSync(kept)) if (/^(begun|speed)-/.test(file)) rmSync(join(kept, file));
}

async function run(
  { name, kind, args, script, env, drop = [] }: Planned,
  sources: Sources,
): Promise<boolean> {
  const isReport = name === 'report';
  const output = isReport ? join(WORK, 'report') : join(WORK, `${name}.json`);
  const command = [...args(sources), '-o', output];
  say(`${name}: ${script ?? 'twnet'} ${command.join(' ')}`);
  const { status } = spawnSync(
    process.execPath,
    ['--import', 'tsx', script ?? 'packages/bench/src/main.ts', ...command],
    {
      cwd: ROOT,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  if (status !== 0) return false;
  const path = join(ROOT, isReport ? join(output, 'report.json') : output);
  const measured = without(JSON.parse(readFileSync(path, 'utf8')), drop) as Measurement;
  if (isReport) await copyPictures(join(ROOT, output), measured);
  await writeFileAtomic(join(MEASUREMENTS, `${name}.json`), `${JSON.stringify(measured, null, 1)}\n`);
  const { busyCores } = measured.stamp;
  if (kind === 'idle' && busyCores > IDLE)
    say(
      `${name}: other programs kept ${busyCores} cores busy, so its times are too long; run it again later`,
    );
  return true;
}

/** Those that the document shows, and no others. */
async function copyPictures(report: string, measured: Measurement): Promise<void> {
  const folder = join(RESEARCH, RESULT_PICTURES);
  rmSync(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const { file } of results(measured).pictures)
    await copyFile(join(report, file), join(folder, fileName(file)));
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

const program = new Command('npm run measure --')
  .description('Measures what the documents say, where that is not done yet for the weights that ship.')
  .option('--data <dir>', "CamVid in SegNet's layout")
  .option('--clip <dir>', 'consecutive labelled frames: images/ and labels/')
  .option('--video <file>', 'a video without labels')
  .option('--videos <files...>', 'videos without labels that no model was trained on')
  .option('--clips <dir>', 'real driving videos without labels')
  .option('--start <dir>', 'the weights that training started from, as a model folder')
  .option('--tables <dir>', "models of npm run tables, for the report: it fills the paper's tables with them")
  .option('--only <names...>', `some of: ${PLAN.map(({ name }) => name).join(', ')}`)
  .addOption(
    new Option(
      '--kind <kind>',
      'accuracy, on any machine; or times and memory, on one that does nothing else',
    ).choices(['accuracy', 'idle']),
  )
  .option('--again', 'also what is measured already')
  .action(measure);
await program.parseAsync().catch((error: Error) => {
  say(error.message);
  process.exitCode = 1;
});
