/** How the process ends early: Ctrl-C, termination, a closed pipe. */
import { discardAllTemporaries, removeTemporariesOnExit } from '@twnet/node/files/atomic';
import { type EndingSignal, SIGNAL_EXIT_CODES, takesSignal } from './stop-on-signal.js';

/**
 * Ends the process at once on Ctrl-C, hang-up and termination, every unfinished output removed. It dies of
 * the signal itself (a shell reports 130 for Ctrl-C, and ends its own loop): `process.exit` would first wait
 * for worker threads, thus for a network in the middle of a frame. Commands that can complete their files early do
 * that first, see {@link stopOnSignal}.
 */
export function endOnSignals(): void {
  removeTemporariesOnExit();
  for (const [signal, exitCode] of Object.entries(SIGNAL_EXIT_CODES)) {
    process.on(signal, () => {
      if (takesSignal(signal as EndingSignal)) return;
      discardAllTemporaries();
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
      process.exit(exitCode);
    });
  }
}

/** A reader that went away (`twnet inspect … | head`) is no error. */
export function endureClosedPipes(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // A terminal that is gone gives EIO. The files that are being written are wanted all the same.
      if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
    });
  }
}
