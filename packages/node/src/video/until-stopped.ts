/**
 * The items of a source until a signal says to stop; then it ends as if the source had ended, also in the middle of
 * waiting for an item (a camera, a pipe that nobody writes to). Items that were not handed out yet are lost.
 *
 * @throws whatever the source throws
 */
export async function* untilStopped<T>(
  source: AsyncIterable<T>,
  signal: AbortSignal | undefined,
): AsyncGenerator<T, void> {
  if (signal === undefined) {
    yield* source;
    return;
  }
  const iterator = source[Symbol.asyncIterator]();
  let wake = () => {};
  const onStop = () => wake();
  signal.addEventListener('abort', onStop);
  let pending = false;
  try {
    while (!signal.aborted) {
      pending = true;
      const next = iterator.next();
      const result = await new Promise<IteratorResult<T> | undefined>((resolve, reject) => {
        wake = () => resolve(undefined);
        next.then(resolve, reject);
      });
      if (result === undefined) return;
      pending = false;
      if (result.done) return;
      yield result.value;
    }
  } finally {
    signal.removeEventListener('abort', onStop);
    const end = iterator.return?.();
    // A generator that waits for its own source does not end before that answers.
    if (pending) end?.catch(() => undefined);
    else await end;
  }
}
