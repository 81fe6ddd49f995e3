/** `twnet worker`: takes jobs from a queue. */
import type { Command } from 'commander';
import { positiveInteger } from '../option-values.js';
import { beQuiet } from '../progress.js';
import { addQueueOption, type QueueFlags } from '../queue-option.js';
import { stopOnSignal } from '../stop-on-signal.js';

interface WorkerFlags extends QueueFlags {
  readonly storage?: string[];
  readonly concurrency: number;
  readonly threads?: number;
  readonly patience: number;
  readonly untilEmpty?: boolean;
  readonly quiet?: boolean;
}

/** A frame of 4K takes seconds at worst; what is silent for a minute is gone. */
const PATIENCE = 60;

const DETAILS = `
A worker reads and writes only below the folders and buckets that --storage names. Credentials for buckets come from the
environment or whatever else the AWS SDK asks; AWS_ENDPOINT_URL_S3 names another server than Amazon's. The first Ctrl-C
(SIGTERM) completes the jobs at work and ends; a job whose worker is killed is another's after --patience seconds.

Examples:
  twnet worker --storage /archive --storage /labels
  twnet worker --queue rediss://queue.example:6379 --storage s3://drives --concurrency 4 --threads 2`;

export function registerWorkerCommand(program: Command): void {
  addQueueOption(
    program.command('worker').description('segment videos from a queue, until it is told to stop'),
  )
    .option(
      '--storage <place>',
      'folder or bucket (s3://bucket/folder) that it may read and write; several times for several (default: the current folder)',
      (place: string, before: string[] = []) => [...before, place],
    )
    .option('--concurrency <n>', 'jobs at a time', positiveInteger, 1)
    .option(
      '--threads <n>',
      "threads of each job's networks (default: the cores, shared out)",
      positiveInteger,
    )
    .option(
      '--patience <seconds>',
      'without a sign of life for so long, its job is given to another',
      positiveInteger,
      PATIENCE,
    )
    .option('--until-empty', 'end when nothing is left to do')
    .option('--quiet', 'say nothing of jobs that are done')
    .addHelpText('after', DETAILS)
    .action(runWorker);
}

async function runWorker({
  queue,
  storage = ['.'],
  concurrency,
  threads,
  patience,
  untilEmpty,
  quiet,
}: WorkerFlags): Promise<void> {
  if (quiet) beQuiet();
  const [{ availableParallelism }, { absolute }, { connect }, { work }] = await Promise.all([
    import('node:os'),
    import('../../queue/find-videos.js'),
    import('../../queue/broker.js'),
    import('../../queue/work.js'),
  ]);
  using stop = stopOnSignal();
  await using broker = await connect(queue);
  if (!quiet) process.stderr.write('worker: waits for jobs\n');
  await work(broker, {
    storage: storage.map(absolute),
    ...{ concurrency, patience, untilEmpty },
    threads: threads ?? Math.max(1, Math.floor(availableParallelism() / concurrency)),
    signal: stop.signal,
    onDone: quiet ? undefined : (what) => process.stderr.write(`worker: ${what}\n`),
  });
}
