/** The far side of a {@link Partner}: answers what it is asked, one request after the other. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Gate, pass } from './gate.js';

/** @param answer gives the reply and the buffers that are handed over with it */
export function serve<Q, A>(answer: (request: Q) => Promise<[reply: A, transfer?: ArrayBuffer[]]>): void {
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
