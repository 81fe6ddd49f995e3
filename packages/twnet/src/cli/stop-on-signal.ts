/** The first Ctrl-C of a command that can complete its files early: they are completed; the second ends it at once. */
import { TwnetError } from '@twnet/core/errors';

/** Exit codes by the shell's convention, 128 + number; also where a process cannot end by a signal. */
export const SIGNAL_EXIT_CODES = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;
export type EndingSignal = keyof typeof SIGNAL_EXIT_CODES;

/** One press reaches the process several times where npm or tsx, which started it, pass it on: not the second yet. */
const ONE_PRESS = 500;
/** A read that nothing can end (a pipe that nobody writes to) may keep the process for so long. */
const LAST_RESORT = 20_000;

interface Running {
  readonly controller: AbortController;
  received?: { readonly name: EndingSignal; readonly at: number };
}
let running: Running | undefined;

/** While it is not disposed of, signals stop the work instead of ending the process. */
export interface Stop extends Disposable {
  /** Aborted by the first signal. */
  readonly signal: AbortSignal;
  /** The error that ends a command which was stopped, once its files are complete. @param done `wrote the first 12 frames` */
  interrupted(done: string, abrupt?: boolean): InterruptedError;
}

/** Completed early, for a signal. */
export class InterruptedError extends TwnetError {
  override name = 'InterruptedError';
  override readonly exitCode: number;

  /** @param abrupt a read is still waiting, which the process would wait for when it exits by itself */
  constructor(
    message: string,
    readonly signal: EndingSignal,
    readonly abrupt: boolean,
  ) {
    super(message);
    this.exitCode = SIGNAL_EXIT_CODES[signal];
  }
}

export function stopOnSignal(): Stop {
  const mine: Running = { controller: new AbortController() };
  running = mine;
  const end = () => {
    if (running === mine) running = undefined;
  };
  return {
    signal: mine.controller.signal,
    interrupted(done, abrupt = false) {
      const name = mine.received?.name ?? 'SIGINT';
      end(); // another signal ends the process
      setTimeout(() => process.kill(process.pid, name), LAST_RESORT).unref();
      return new InterruptedError(`interrupted: ${done}`, name, abrupt);
    },
    [Symbol.dispose]: end,
  };
}

/** Whether a signal only stops the work, or is one that has done so already. */
export function takesSignal(name: EndingSignal): boolean {
  if (!running) return false;
  if (running.received) return performance.now() - running.received.at < ONE_PRESS;
  running.received = { name, at: performance.now() };
  process.stderr.write(
    '\ntwnet: interrupted; finishing the files with what is done; press Ctrl-C again to stop at once\n',
  );
  running.controller.abort();
  return true;
}

/** What opens an input, unless it is stopped; that may wait for ever (a pipe that nobody writes to). */
export async function unlessStopped<T>(
  opening: Promise<T>,
  { signal, interrupted }: Stop,
  input: string,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = () => reject(interrupted(`${input} had no frame yet; nothing was written`, true));
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    // Many inputs may come after one another.
    opening.finally(() => signal.removeEventListener('abort', stop)).then(resolve, reject);
  });
}
