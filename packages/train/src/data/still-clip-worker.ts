/** The thread behind {@link StillClipSource}. */
import { workerData } from 'node:worker_threads';
import type { Still } from './camvid.js';
import { serveNumbers } from './numbered-worker.js';
import { makeStillClip, type StillClipOptions } from './still-clip.js';
import type { TrainingClip } from './training-clip.js';

const { stills, options } = workerData as { stills: Still[]; options: StillClipOptions };

serveNumbers<TrainingClip>((index) => {
  const made = makeStillClip(stills, index, options);
  return { made, owned: [...made.frames.map(({ pixels }) => pixels), ...made.labels] };
});
