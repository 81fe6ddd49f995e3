/** The thread behind {@link BatchSource}. */
import { parentPort, workerData } from 'node:worker_threads';
import type { BatchOrigin } from './batch-source.js';
import { type BatchOptions, byEpochs, mixedBatch, type StillBatch, type StillShare } from './batches.js';
import type { NumberedReply } from './numbered-source.js';
import { makeStreetStill } from './street-clip.js';

const { origins, options, stop } = workerData as {
  origins: BatchOrigin[];
  options: BatchOptions;
  stop: Int32Array;
};
const port = parentPort;

const sources = origins.map((origin): StillShare => {
  const { share } = origin;
  if ('street' in origin) return { share, still: (index) => makeStreetStill(index, origin.street) };
  return { share, still: byEpochs(origin.stills, options.seed) };
});

port?.on('message', (index: number) => {
  if (Atomics.load(stop, 0) === 1) {
    port.close();
    return;
  }
  try {
    const made = mixedBatch(sources, index, options);
    const owned = [made.images.buffer, made.labels.buffer] as ArrayBuffer[];
    port.postMessage({ index, made } satisfies NumberedReply<StillBatch>, owned);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    port.postMessage({ index, error: message } satisfies NumberedReply<StillBatch>);
  }
});
