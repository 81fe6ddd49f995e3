/** The thread behind {@link MadeClipSource}. */
import { workerData } from 'node:worker_threads';
import type { Still } from './camvid.js';
import { type MadeClip, type MadeClipOptions, makeClip } from './made-clip.js';
import { serveNumbers } from './numbered-worker.js';

const { stills, options } = workerData as { stills: Still[]; options: MadeClipOptions };

serveNumbers<MadeClip>((index) => {
  const made = makeClip(stills, index, options);
  return { made, owned: [...made.frames.map(({ pixels }) => pixels), ...made.labels] };
});
