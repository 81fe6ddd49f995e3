import { describe, expect, it } from 'vitest';
import { untilStopped } from './until-stopped.js';

/** Counts; with `last` it waits for ever after it. */
async function* count(last = Number.POSITIVE_INFINITY, onEnd = () => {}): AsyncGenerator<number> {
  try {
    for (let i = 0; i < last; i++) yield i;
    await new Promise(() => undefined);
  } finally {
    onEnd();
  }
}

async function* three(): AsyncGenerator<number> {
  yield* [1, 2, 3];
}

async function* failing(): AsyncGenerator<number> {
  yield 1;
  throw new Error('damaged');
}

async function collect(source: AsyncIterable<number>, signal?: AbortSignal, each?: (n: number) => void) {
  const items: number[] = [];
  for await (const item of untilStopped(source, signal)) {
    items.push(item);
    each?.(item);
  }
  return items;
}

describe('untilStopped', () => {
  it('passes everything on, with and without a signal, and what the source throws', async () => {
    expect(await collect(three())).toEqual([1, 2, 3]);
    expect(await collect(three(), new AbortController().signal)).toEqual([1, 2, 3]);
    await expect(collect(failing(), new AbortController().signal)).rejects.toThrow('damaged');
  });

  it('ends between two items, and ends the source', async () => {
    const stop = new AbortController();
    let ended = false;
    const source = count(undefined, () => {
      ended = true;
    });
    const items = await collect(source, stop.signal, (n) => n === 4 && stop.abort());
    expect(items).toEqual([0, 1, 2, 3, 4]);
    expect(ended).toBe(true);
  });

  it('ends while it waits', async () => {
    const stop = new AbortController();
    expect(await collect(count(2), stop.signal, (n) => n === 1 && setImmediate(() => stop.abort()))).toEqual([
      0, 1,
    ]);
  });

  it('gives nothing when it was stopped before', async () => {
    expect(await collect(three(), AbortSignal.abort())).toEqual([]);
  });
});
