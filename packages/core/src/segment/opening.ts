/** What is being opened and can be looped over at once. */
import { Interruption } from '../options/interruption.js';

interface Opened<Frame> extends AsyncIterable<Frame> {
  close(): unknown;
}

/**
 * Waits for what `open` opens, or loops over its frames at once; what it throws is thrown there. Once aborted, nobody waits
 * for it: what is opened then all the same is closed. What `open` refuses before it begins comes before the signal.
 *
 * @throws the signal's reason
 */
export function openingOf<Frame, S extends Opened<Frame>>(
  open: () => Promise<S>,
  signal?: AbortSignal,
): Promise<S> & AsyncIterable<Frame> & AsyncDisposable {
  const opening = openUnlessAborted(open, signal);
  // Thrown where somebody waits for it.
  opening.catch(() => undefined);
  return Object.assign(opening, {
    async *[Symbol.asyncIterator](): AsyncGenerator<Frame, void> {
      yield* await opening;
    },
    async [Symbol.asyncDispose](): Promise<void> {
      const opened = await opening.catch(() => undefined);
      await opened?.close();
    },
  });
}

async function openUnlessAborted<S extends { close(): unknown }>(
  open: () => Promise<S>,
  signal: AbortSignal | undefined,
): Promise<S> {
  const opening = open();
  using interruption = new Interruption(signal);
  try {
    return await interruption.wait(opening);
  } catch (error) {
    if (interruption.aborted) opening.then((opened) => opened.close()).catch(() => undefined);
    throw error;
  }
}
