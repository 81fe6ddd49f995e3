/** How the process ends early: Ctrl-C, termination, a closed pipe. */
import { discardAllTemporaries, removeTemporariesOnExit } from '../files/index.js';

/** Exit codes for systems where a process cannot end by a signal: the shell's convention 128 + number. */
const SIGNAL_EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/**
 * Ends the process at once on Ctrl-C, hang-up and termination, every unfinished output removed. It dies of
 * the signal itself (a shell reports 130 for Ctrl-C, and ends its own loop): `process.exit` would first wait
 * for worker threads, thus for a network in the middle of a frame.
 */
export function endOnSignals(): void {
  removeTemporariesOnExit();
  for (const [signal, exitCode] of Object.entries(SIGNAL_EXIT_CODES)) {
    process.once(signal, () => {
      discardAllTemporaries();
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
      process.exit(exitCode);
    });
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
