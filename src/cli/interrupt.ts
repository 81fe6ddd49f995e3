/** How the process ends early: Ctrl-C, termination, a closed pipe. */
import { removeTemporariesOnExit } from '../files/index.js';

/** Exit codes of a process that a signal ended, by the shell's convention 128 + number. */
const SIGNAL_EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Ends the process at once on Ctrl-C, hang-up and termination, with every unfinished output removed. Nothing
 * is waited for: work on native threads is simply left.
 */
export function endOnSignals(): void {
  removeTemporariesOnExit();
  for (const [signal, exitCode] of Object.entries(SIGNAL_EXIT_CODES)) {
    process.on(signal, () => process.exit(exitCode));
  }
}

/** A reader that went away (`twnet inspect … | head`) is no error. */
export function endOnClosedPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0);
      throw error;
    });
  }
}
