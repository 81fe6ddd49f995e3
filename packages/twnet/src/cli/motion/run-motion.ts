/** `twnet motion`, from its options to its last line. */
import { messageOf } from '@twnet/core/errors';
import type { MotionSummary } from '@twnet/node/extract/extraction';
import type { MotionFlags } from '../commands/motion.js';
import { partlyReadable } from '../partly-readable.js';
import { type Progress, showOpening, showProgress } from '../progress.js';
import { failAll } from '../report-error.js';
import { type Stop, stopOnSignal } from '../stop-on-signal.js';
import { type WrittenOutput, written, writtenLines } from '../written.js';
import { Extractors } from './extractors.js';
import { type MotionJob, planMotion } from './plan.js';

interface MotionReport extends Omit<MotionSummary, 'complete'> {
  readonly input: string;
  /** Stopped by Ctrl-C: the file holds the frames up to then. */
  readonly interrupted?: boolean;
  readonly outputs: readonly WrittenOutput[];
}

/** What became of an input that could not be read, in --json. */
interface FailedInput {
  readonly input: string;
  readonly error: string;
}

interface Outcome {
  readonly report: MotionReport | FailedInput;
  readonly failure?: unknown;
}

export async function runMotion(inputs: readonly string[], flags: MotionFlags): Promise<void> {
  const jobs = planMotion(inputs, flags);
  using stop = stopOnSignal();
  const outcomes = await runAll(jobs, flags, stop);
  const reports = outcomes.map(({ report }) => report);
  if (!flags.json) for (const report of reports) say(flags, formatReport(report));
  else if (jobs.length > 1 || reports.some((report) => !('error' in report)))
    process.stdout.write(`${JSON.stringify(jobs.length === 1 ? reports[0] : reports, null, 2)}\n`);
  const failures = outcomes.flatMap(({ failure }) => (failure === undefined ? [] : [failure]));
  const cut = whatIsCut(reports, jobs.length);
  // Only now: from here on a further signal ends the process at once.
  if (stop.signal.aborted && cut !== '') failures.push(stop.interrupted(cut));
  failAll(failures);
}

/** What a signal kept from being read, in words. */
function whatIsCut(reports: readonly (MotionReport | FailedInput)[], count: number): string {
  const parts = reports.flatMap((report) =>
    'interrupted' in report ? [`wrote the first ${framesOf(report)} frames of ${report.input}`] : [],
  );
  const left = count - reports.length;
  return [...parts, ...(left > 0 ? [`${left} of ${count} inputs were not begun`] : [])].join('; ');
}

const framesOf = ({ frames: { I, P, B } }: MotionReport): number => I + P + B;

/** `--jobs` at a time, in their order; those that a signal keeps from being begun have no outcome. */
async function runAll(jobs: readonly MotionJob[], flags: MotionFlags, stop: Stop): Promise<Outcome[]> {
  const outcomes: (Outcome | undefined)[] = jobs.map(() => undefined);
  using opening = showOpening('motion', jobs[0].input, flags.json);
  using progress = new JobsProgress(jobs.length, flags.json, () => opening[Symbol.dispose]());
  await using extractors = new Extractors(flags, stop);
  let next = 0;
  const work = async (): Promise<void> => {
    while (next < jobs.length && !stop.signal.aborted) {
      const index = next++;
      outcomes[index] = await runOne(jobs[index], index, extractors, progress, stop);
    }
  };
  await Promise.all(Array.from({ length: Math.min(flags.jobs, jobs.length) }, work));
  return outcomes.filter((outcome) => outcome !== undefined);
}

async function runOne(
  job: MotionJob,
  index: number,
  extractors: Extractors,
  progress: JobsProgress,
  stop: Stop,
): Promise<Outcome> {
  const { input, output } = job;
  let told = 0;
  try {
    const { complete, ...summary } = await extractors.run(job, ({ frames, total, notes }) => {
      for (; told < notes.length; told++) progress.note(`${input}: ${notes[told]}`);
      progress.update(index, frames, total);
    });
    progress.done();
    const { width, height, losses } = summary;
    const interrupted = stop.signal.aborted && !complete ? { interrupted: true } : {};
    const report: MotionReport = { input, ...summary, ...interrupted, outputs: [] };
    const frames = framesOf(report);
    const kept = output !== '-' && (frames > 0 || complete);
    const outputs = kept ? [written(output, 'motion vectors', { frames, width, height })] : [];
    const failure = losses.length > 0 ? partlyReadable(input, summary, 'the rest was written') : undefined;
    return { report: { ...report, outputs }, failure };
  } catch (error) {
    progress.done();
    return { report: { input, error: messageOf(error) }, failure: error };
  }
}

/** Of one input its frames, of several how many are done. */
class JobsProgress implements Disposable {
  readonly #frames: number[];
  readonly #bar: Progress;
  #done = 0;

  constructor(
    private readonly count: number,
    silent: boolean | undefined,
    private readonly begun: () => void,
  ) {
    this.#frames = Array.from({ length: count }, () => 0);
    this.#bar = showProgress(
      'motion',
      count === 1 ? { unit: 'frames', silent } : { unit: 'inputs', total: count, silent },
    );
  }

  update(index: number, frames: number, total: number | undefined): void {
    this.begun();
    this.#frames[index] = frames;
    if (this.count === 1) this.#bar.update(frames, '', total);
    else this.#show();
  }

  done(): void {
    this.#done += 1;
    if (this.count > 1) this.#show();
  }

  note(line: string): void {
    this.begun();
    this.#bar.note(line);
  }

  [Symbol.dispose](): void {
    this.#bar.close();
  }

  #show(): void {
    this.#bar.update(this.#done, `${this.#frames.reduce((sum, n) => sum + n, 0)} frames`);
  }
}

/** For the person: on standard output, unless that takes data. */
function say({ output }: MotionFlags, text: string): void {
  const stream = output === '-' ? process.stderr : process.stdout;
  stream.write(text);
}

function formatReport(report: MotionReport | FailedInput): string {
  if ('error' in report) return '';
  const { input, codec, width, height, frames, vectors, motionSource, outputs } = report;
  const kind = motionSource === 'codec' ? '' : ' (estimated)';
  return (
    `${input}: ${codec}, ${width}×${height}, ${framesOf(report)} frames (${frames.I} I, ${frames.P} P, ${frames.B} B), ` +
    `${vectors} vectors${kind}\n${writtenLines(outputs)}`
  );
}
