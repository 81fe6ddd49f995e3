/** How long a method takes over a stream, from the file to labels of the stream's size. */
import type { OpenedMethod } from '../methods/stream-method.js';

/** The first run of a graph allocates its memory: not what a long video sees. */
const WARMUP_FRAMES = 4;

/**
 * Milliseconds a frame over whole groups of pictures: from the labels of the first frame to those of the frame that is
 * as many groups later as there are, so that each kind of frame has its share, and opening the stream none.
 *
 * @param frames of the stream
 * @param gop frames of a group
 * @throws RangeError for a stream of one frame
 */
export async function timeStream(
  opened: OpenedMethod,
  stream: string | Uint8Array,
  { frames, gop }: { readonly frames: number; readonly gop: number },
): Promise<number> {
  if (frames < 2) throw new RangeError(`a stream of ${frames} frames cannot be timed`);
  const groups = Math.floor((frames - 1) / gop);
  const last = groups > 0 ? groups * gop : frames - 1;
  for await (const { frame } of opened.labels(stream)) if (frame.index + 1 >= WARMUP_FRAMES) break;
  let begun = 0;
  for await (const { frame } of opened.labels(stream)) {
    if (frame.index === 0) begun = performance.now();
    if (frame.index === last) return (performance.now() - begun) / last;
  }
  throw new Error(`the stream ended before its frame ${last}`);
}
