/** The far side of a port: answers what it is asked, one request after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Answer } from '@twnet/core/runtime/port';
import { type Gate, pass } from './gate.js';

export function serve<Q, A>(answer: Answer<Q, A>): void {
  const gate = (workerData as { gate?: Gate } | null)?.gate;
  let last: Promise<void> = Promise.resolve();
  const take = (request: Q): void => {
    last = last.then(() =>
      pass(gate, async () => {
        const [reply, transfer] = await answer(request);
        if (parentPort) parentPort.postMessage(reply, transfer);
        else process.send?.(reply);
      }),
    );
  };
  if (parentPort) parentPort.on('message', take);
  else {
    process.on('message', take);
    // Whoever asked is gone.
    process.on('disconnect', () => process.exit());
  }
}
