/** The thread behind {@link StreetClipSource} and {@link StreetStillSource}. */
import { parentPort, workerData } from 'node:worker_threads';
import type { NumberedReply } from './numbered-source.js';
import { makeStreetClip, makeStreetStill, type StreetClipOptions } from './street-clip.js';
import type { StreetKind } from './street-source.js';

const { kind, options, stop } = workerData as {
  kind: StreetKind;
  options: StreetClipOptions;
  stop: Int32Array;
};
const port = parentPort;

function make(index: number): { made: unknown; owned: Uint8Array[] } {
  if (kind === 'still') {
    const still = makeStreetStill(index, options);
    return { made: still, owned: [still.pixels, still.labels] };
  }
  const clip = makeStreetClip(index, options);
  return { made: clip, owned: [...clip.frames.map(({ pixels }) => pixels), ...clip.labels] };
}

port?.on('message', (index: number) => {
  if (Atomics.load(stop, 0) === 1) {
    port.close();
    return;
  }
  try {
    const { made, owned } = make(index);
    port.postMessage(
      { index, made } satisfies NumberedReply<unknown>,
      owned.map(({ buffer }) => buffer as ArrayBuffer),
    );
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    port.postMessage({ index, error: message } satisfies NumberedReply<unknown>);
  }
});
