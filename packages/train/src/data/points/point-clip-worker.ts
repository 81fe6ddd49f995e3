/** The thread behind {@link PointClipSource}. */
import '@twnet/node/kernels/provide';
import { workerData } from 'node:worker_threads';
import { serveNumbers } from '../numbered-worker.js';
import { makePointClip } from './make-point-clip.js';
import type { PointClip } from './point-clip.js';
import type { PointClipData } from './point-clip-source.js';

const data = workerData as PointClipData;

serveNumbers<PointClip>((index) => {
  const made = makePointClip(data, index);
  const pictures = new Set([
    ...made.frames.map(({ pixels }) => pixels),
    ...made.decoded.values(),
    ...made.clean.values(),
  ]);
  return { made, owned: [...pictures] };
});
