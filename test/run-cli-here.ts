/**
 * Runs the built command line in this process, for what it refuses: the same program and report of errors as a process
 * has, without its start. What libraries write themselves, signals and exits need a process: run-cli.ts.
 */
import { vi } from 'vitest';
import type { CliResult } from './run-cli.js';

const DIST = new URL('../packages/twnet/dist/', import.meta.url).href;
const { createMeasuringProgram } = (await import(
  `${DIST}bench/src/cli/program.js`
)) as typeof import('../packages/bench/src/cli/program.js');
const { reportError } = (await import(
  `${DIST}twnet/src/cli/report-error.js`
)) as typeof import('../packages/twnet/src/cli/report-error.js');

const { beQuiet } = (await import(
  `${DIST}twnet/src/cli/progress.js`
)) as typeof import('../packages/twnet/src/cli/progress.js');
// It comes by the clock, in a process that ends no timers.
beQuiet();

/** Runs `twnet …args` to its end; one at a time. */
export async function twnetHere(...args: string[]): Promise<CliResult> {
  const written = { stdout: '', stderr: '' };
  const streams = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      written[name] += String(text);
      return true;
    }),
  );
  let exitCode = 0;
  try {
    await createMeasuringProgram().parseAsync(args, { from: 'user' });
  } catch (thrown) {
    exitCode = reportError(thrown);
  } finally {
    for (const stream of streams) stream.mockRestore();
  }
  return { exitCode, signal: null, ...written };
}
