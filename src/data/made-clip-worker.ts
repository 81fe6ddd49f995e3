/** The thread behind {@link MadeClipSource}. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Still } from './camvid.js';
import { type MadeClipOptions, makeClip } from './made-clip.js';
import type { MadeClipReply } from './made-clip-source.js';

const { stills, options, stop } = workerData as {
  stills: Still[];
  options: MadeClipOptions;
  stop: Int32Array;
};
const port = parentPort;

port?.on('message', (index: number) => {
  if (Atomics.load(stop, 0) === 1) {
    port.close();
    return;
  }
  try {
    const clip = makeClip(stills, index, options);
    const buffers = [
      ...clip.frames.map(({ pixels }) => pixels.buffer),
      ...clip.labels.map(({ buffer }) => buffer),
    ];
    port.postMessage({ index, clip } satisfies MadeClipReply, buffers as ArrayBuffer[]);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    port.postMessage({ index, error: message } satisfies MadeClipReply);
  }
});
