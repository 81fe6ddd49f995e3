/** The thread behind {@link BatchSource}. */
import { workerData } from 'node:worker_threads';
import type { BatchOrigin } from './batch-source.js';
import { type BatchOptions, byEpochs, mixedBatch, type StillBatch, type StillShare } from './batches.js';
import { serveNumbers } from './numbered-worker.js';
import { makeStreetStill } from './street-clip.js';

const { origins, options } = workerData as { origins: BatchOrigin[]; options: BatchOptions };

const sources = origins.map((origin): StillShare => {
  const { share } = origin;
  if ('street' in origin) return { share, still: (index) => makeStreetStill(index, origin.street) };
  return { share, still: byEpochs(origin.stills, options.seed) };
});

serveNumbers<StillBatch>((index) => {
  const made = mixedBatch(sources, index, options);
  return { made, owned: [made.images, made.labels] };
});
