/** `twnet segment`, from its options to its last line. */
import { isatty } from 'node:tty';
import { InputError, messageOf, OutputError } from '@twnet/core/errors';
import { claimOutputs } from '@twnet/node/files/claim-outputs';
import type { Model } from '@twnet/node/model/model';
import { checkVideoOutput } from '@twnet/node/video/containers';
import { failAll } from '../report-error.js';
import { InterruptedError, stopOnSignal } from '../stop-on-signal.js';
import { written, writtenLine } from '../written.js';
import type { SegmentFlags } from './flags.js';
import { claimsOf, planJobs } from './plan.js';
import { formatReport, type SegmentReport } from './report.js';
import { type OpenNetworks, type SegmentJob, segmentOne } from './segment-one.js';
import { workingSizeOptions } from './working-size-options.js';

/** What became of an input that could not be segmented, in --json and --stats. */
interface FailedInput {
  readonly input: string;
  readonly error: string;
}

export async function runSegment(inputs: readonly string[], flags: SegmentFlags): Promise<void> {
  const jobs = planJobs(inputs, flags);
  for (const { overlay } of jobs) if (overlay !== undefined) checkVideoOutput(overlay);
  if (flags.format !== undefined && flags.labels === undefined)
    throw new InputError(`--format ${flags.format}: is of labels; add --labels DIR`);
  claim(jobs, flags);
  using stop = stopOnSignal();
  const { Model } = await import('@twnet/node/model/model');
  const model = await Model.open(flags.model);
  await checkMethod(model, flags);
  await checkClasses(model.card.classes, flags.classes);
  await using networks = networksBySize(model, flags.parallel);
  const reports: (SegmentReport | FailedInput)[] = [];
  const failures: unknown[] = [];
  for (const job of jobs) {
    try {
      const { report, failure } = await segmentOne(job, flags, model, networks.open, stop);
      reports.push(report);
      if (!flags.json) say(flags, formatReport(report));
      if (failure) failures.push(failure);
    } catch (error) {
      reports.push({ input: job.input, error: messageOf(error) });
      failures.push(error);
    }
    if (stop.signal.aborted) break;
  }
  await end(reports, jobs.length === 1, flags);
  if (stop.signal.aborted && !(failures.at(-1) instanceof InterruptedError)) {
    const left = jobs.length - reports.length;
    if (left > 0) failures.push(stop.interrupted(`${left} of ${jobs.length} inputs were not begun`));
  }
  failAll(failures);
}

/** Before any work. */
function claim(jobs: readonly SegmentJob[], flags: SegmentFlags): void {
  const inputs = [...jobs.map(({ input }) => input), ...(flags.model === undefined ? [] : [flags.model])];
  if (inputs.includes('-') && isatty(0))
    throw new InputError('-: standard input is the terminal; pipe a video into it');
  try {
    const { force, json } = flags;
    claimOutputs(claimsOf(jobs, flags), { inputs, force, stdout: json ? '--json' : undefined });
  } catch (error) {
    if (error instanceof OutputError && flags.output === undefined && flags.labels === undefined)
      throw new OutputError(`${error.message}, with -o`);
    throw error;
  }
}

/** Whether the model has what is asked of it. */
async function checkMethod({ card }: Model, flags: SegmentFlags): Promise<void> {
  const { operatingPoint } = await import('@twnet/core/model/operating-points');
  operatingPoint(card, flags);
  workingSizeOptions(flags, card);
}

async function checkClasses(names: readonly string[], wanted: readonly string[] | undefined): Promise<void> {
  if (wanted === undefined) return;
  const { ClassChoice } = await import('@twnet/core/segment/class-choice');
  new ClassChoice(names, wanted, '--classes');
}

/** Networks for inputs of equal size are opened once. */
function networksBySize(model: Model, parallel: number): AsyncDisposable & { readonly open: OpenNetworks } {
  let key: string | undefined;
  let networks: Awaited<ReturnType<OpenNetworks>> = [];
  const close = async () => {
    const { closeAll } = await import('@twnet/node/networks/networks');
    const old = networks;
    networks = [];
    key = undefined;
    await closeAll(old);
  };
  return {
    async open(options) {
      if (key === JSON.stringify(options)) return networks;
      await close();
      const { openParallel } = await import('@twnet/node/networks/networks');
      networks = await openParallel(model, parallel, options);
      key = JSON.stringify(options);
      return networks;
    },
    [Symbol.asyncDispose]: close,
  };
}

/** The statistics, where they are asked for. */
async function end(
  reports: readonly (SegmentReport | FailedInput)[],
  isOne: boolean,
  flags: SegmentFlags,
): Promise<void> {
  if (isOne && 'error' in reports[0]) return;
  const json = `${JSON.stringify(isOne ? reports[0] : reports, null, 2)}\n`;
  if (flags.stats !== undefined) {
    const { writeFileAtomic } = await import('@twnet/node/files/atomic');
    await writeFileAtomic(flags.stats, json);
    say(flags, `${writtenLine(written(flags.stats, 'statistics'))}\n`);
  }
  if (flags.json) process.stdout.write(json);
}

/** For the person: on standard output, unless that takes data. */
function say({ json, stats }: SegmentFlags, text: string): void {
  if (json) return;
  const stream = stats === '/dev/stdout' ? process.stderr : process.stdout;
  stream.write(text);
}
