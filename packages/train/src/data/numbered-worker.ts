/** The thread's side of a {@link NumberedSource}. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Gate, pass } from '@twnet/node/workers/gate';
import type { NumberedReply } from './numbered-source.js';

/** What was made, and the arrays of it that are handed over rather than copied. */
export interface Made<T> {
  readonly made: T;
  readonly owned: readonly Uint8Array[];
}

/** Answers numbers with what `make` makes of them, until it is told to stop. */
export function serveNumbers<T>(make: (index: number) => Made<T>): void {
  const { stop, gate } = workerData as { stop: Int32Array; gate?: Gate };
  const answer = (index: number): void => {
    if (Atomics.load(stop, 0) === 1) {
      parentPort?.close();
      return;
    }
    try {
      const { made, owned } = make(index);
      parentPort?.postMessage(
        { index, made } satisfies NumberedReply<T>,
        owned.map(({ buffer }) => buffer as ArrayBuffer),
      );
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      parentPort?.postMessage({ index, error: message } satisfies NumberedReply<T>);
    }
  };
  parentPort?.on('message', (index: number) => void pass(gate, () => answer(index)));
}
