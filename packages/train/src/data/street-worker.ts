/** The thread behind {@link StreetClipSource} and {@link StreetStillSource}. */
import { workerData } from 'node:worker_threads';
import type { Still } from './camvid.js';
import { serveNumbers } from './numbered-worker.js';
import { makeStreetClip, makeStreetStill, type StreetClipOptions } from './street-clip.js';
import type { StreetKind } from './street-source.js';
import type { TrainingClip } from './training-clip.js';

const { kind, options } = workerData as { kind: StreetKind; options: StreetClipOptions };

serveNumbers<Still | TrainingClip>((index) => {
  if (kind === 'still') {
    const made = makeStreetStill(index, options);
    return { made, owned: [made.pixels, made.labels] };
  }
  const made = makeStreetClip(index, options);
  return { made, owned: [...made.frames.map(({ pixels }) => pixels), ...made.labels] };
});
