/** Stills in memory that threads share, so that a worker has no copy of the data set. */
import type { Still } from './camvid.js';

/** The same still in shared memory; one that is there already as it is. */
export function sharedStill(still: Still): Still {
  const share = (bytes: Uint8Array): Uint8Array => {
    if (bytes.buffer instanceof SharedArrayBuffer) return bytes;
    const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
    copy.set(bytes);
    return copy;
  };
  return { ...still, pixels: share(still.pixels), labels: share(still.labels) };
}
