/** `twnet jobs`: how far a queue is. */
import { setTimeout as wait } from 'node:timers/promises';
import { InputError } from '@twnet/core/errors';
import type { Command } from 'commander';
import type { Overview } from '../../queue/overview.js';
import { addQueueOption, type QueueFlags } from '../queue-option.js';
import { stopOnSignal } from '../stop-on-signal.js';

interface JobsFlags extends QueueFlags {
  readonly watch?: boolean;
  readonly retry?: boolean;
  readonly cancel?: boolean;
  readonly json?: boolean;
}

/** Milliseconds from one look to the next. */
const LOOK = 2000;

export function registerJobsCommand(program: Command): void {
  addQueueOption(
    program.command('jobs').description('tell how far the jobs of a queue are, and which failed why'),
  )
    .option('--watch', 'go on until nothing is left to do, with rate and time left')
    .option('--retry', 'submit videos again that failed')
    .option('--cancel', 'forget all jobs; results that are there stay')
    .option('--json', 'print it as JSON')
    .addHelpText('after', '\nExamples:\n  twnet jobs --watch\n  twnet jobs --retry')
    .action(runJobs);
}

async function runJobs({ queue, watch, retry, cancel, json }: JobsFlags): Promise<void> {
  if (retry && cancel) throw new InputError('--retry and --cancel: give one of them');
  const [{ connect }, { cancelAll, overview, retryFailed }] = await Promise.all([
    import('../../queue/broker.js'),
    import('../../queue/overview.js'),
  ]);
  using stop = stopOnSignal();
  await using broker = await connect(queue);
  if (cancel) {
    await cancelAll(broker);
    process.stdout.write(json ? '{"cancelled":true}\n' : 'forgot all jobs\n');
    return;
  }
  if (retry) {
    const videos = await retryFailed(broker);
    if (!json) process.stdout.write(`submitted ${videos} ${videos === 1 ? 'video' : 'videos'} again\n`);
  }
  let now = await overview(broker);
  const first = { at: performance.now(), ...now.totals };
  while (watch && leftOf(now) > 0 && !stop.signal.aborted) {
    if (!json) process.stderr.write(`${progressLine(now, first)}\n`);
    await wait(LOOK, undefined, { signal: stop.signal }).catch(() => undefined);
    now = await overview(broker);
  }
  process.stdout.write(json ? `${JSON.stringify(now, null, 2)}\n` : formatOverview(now));
}

const leftOf = ({ waiting, active, delayed, videos }: Overview): number =>
  waiting + active + delayed + videos;

interface Start {
  readonly at: number;
  readonly groups: number;
  readonly frames: number;
}

function progressLine(now: Overview, start: Start): string {
  const seconds = (performance.now() - start.at) / 1000;
  const [groups, frames] = [now.totals.groups - start.groups, now.totals.frames - start.frames];
  const left = groups > 0 ? (seconds / groups) * (now.waiting + now.active + now.delayed) : undefined;
  const rate = groups > 0 ? `, ${(frames / seconds).toFixed(1)} frames a second` : '';
  const time = left === undefined ? '' : `, ${Math.ceil(left / 60)} min left of the jobs that are known`;
  const failed = now.failed > 0 ? `, ${now.failed} failed` : '';
  return `jobs: ${leftOf(now)} left (${now.active} at work on ${now.workers} workers)${rate}${time}${failed}`;
}

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);

function formatOverview(now: Overview): string {
  const { waiting, active, delayed, videos, failed, completed, totals, workers, failures } = now;
  const { bytesRead, bytesWritten } = totals;
  const moved =
    bytesRead + bytesWritten > 0
      ? `, ${megabytes(bytesRead)} MB read from buckets and ${megabytes(bytesWritten)} MB written to them`
      : '';
  const lines = [
    `${waiting} waiting, ${active} at work, ${delayed} to be tried again, ${videos} videos wait for their parts; ${workers} workers`,
    `${completed} videos complete, ${failed} jobs failed; ${totals.frames} frames segmented in ${totals.seconds.toFixed(0)} s of work${moved}`,
    ...failures.map(
      ({ kind, source, from, reason }) =>
        `failed: ${source}${from === undefined ? '' : `, from frame ${from}`} (${kind}): ${reason}`,
    ),
    ...(failed > failures.length ? [`and ${failed - failures.length} more`] : []),
    ...(failed > 0 ? ['twnet jobs --retry submits them again'] : []),
  ];
  return `${lines.join('\n')}\n`;
}
