/** Runs a command line to its end and exit code. */
import '@twnet/node/kernels/provide';
import type { Command } from 'commander';
import { endOnSignals, endureClosedPipes } from './interrupt.js';
import { reportError } from './report-error.js';
import { InterruptedError } from './stop-on-signal.js';

function fail(thrown: unknown): never {
  const exitCode = reportError(thrown);
  if (thrown instanceof InterruptedError && thrown.abrupt) {
    process.removeAllListeners(thrown.signal);
    process.kill(process.pid, thrown.signal);
  }
  process.exit(exitCode);
}

export async function run(program: Command): Promise<void> {
  endOnSignals();
  endureClosedPipes();
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  try {
    await program.parseAsync();
  } catch (error) {
    fail(error);
  }
  // Native libraries may keep threads and handles alive that are of no more use. Output to pipes and files is
  // synchronous on POSIX, but not everywhere: wait for what is still buffered.
  process.stdout.write('', () => process.exit());
}
