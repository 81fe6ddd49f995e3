/** An item and the milliseconds that its source took for it. */
export interface Timed<T> {
  readonly value: T;
  readonly milliseconds: number;
}

/**
 * Iterates over `source` up to `depth` items ahead of the consumer, so that the source works while the consumer
 * does. Never more than `depth` items wait. Leaving the loop early closes the source.
 */
export async function* readAhead<T>(source: AsyncIterable<T>, depth: number): AsyncGenerator<Timed<T>, void> {
  const iterator = source[Symbol.asyncIterator]();
  const waiting: Promise<Timed<IteratorResult<T>>>[] = [];
  let last: Promise<unknown> = Promise.resolve();
  const request = () => {
    const item = last.then(async () => {
      const start = performance.now();
      const value = await iterator.next();
      return { value, milliseconds: performance.now() - start };
    });
    // A failure is reported when its turn comes, not as an unhandled rejection before.
    last = item.catch(() => undefined);
    waiting.push(item);
  };
  try {
    for (let i = 0; i < depth; i++) request();
    for (;;) {
      const { value: result, milliseconds } = await waiting.shift()!;
      if (result.done) return;
      request();
      yield { value: result.value, milliseconds };
    }
  } finally {
    await last;
    await iterator.return?.();
  }
}
