import { describe, expect, it } from 'vitest';
import { FairQueue } from './fair-queue.js';

/** Calls that end when told to, and a record of those that began. */
function scripted(queue: FairQueue) {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const ask = (caller: number, name: string) =>
    queue.run(caller, () => {
      begun.push(name);
      return new Promise<string>((resolve) => ends.set(name, () => resolve(name)));
    });
  const end = async (name: string) => {
    ends.get(name)?.();
    await new Promise((resolve) => setTimeout(resolve, 0));
  };
  return { begun, ask, end };
}

describe('FairQueue', () => {
  it('keeps the order of each caller and takes callers in turn, a few at a time', async () => {
    const { begun, ask, end } = scripted(new FairQueue(2));
    const all = [
      ask(1, 'a1'),
      ask(1, 'a2'),
      ask(1, 'a3'),
      ask(1, 'a4'),
      ask(2, 'b1'),
      ask(3, 'c1'),
      ask(2, 'b2'),
    ];
    expect(begun).toEqual(['a1', 'a2']);
    for (const name of ['a1', 'a2', 'a3', 'b1', 'c1', 'a4', 'b2']) await end(name);
    expect(begun).toEqual(['a1', 'a2', 'a3', 'b1', 'c1', 'a4', 'b2']);
    expect(await Promise.all(all)).toHaveLength(7);
  });

  it('refuses what a caller has waiting, and all once it is ended, when what runs is done', async () => {
    const queue = new FairQueue(1);
    const { begun, ask, end } = scripted(queue);
    const running = ask(1, 'a1');
    const dropped = ask(1, 'a2');
    const waiting = ask(2, 'b1');
    queue.drop(1, new Error('left'));
    await expect(dropped).rejects.toThrow('left');
    const refused = expect(waiting).rejects.toThrow('closed');
    let ended = false;
    const ending = queue.end(new Error('closed')).then(() => {
      ended = true;
    });
    await refused;
    await expect(ask(3, 'c1')).rejects.toThrow('closed');
    expect(ended).toBe(false);
    await end('a1');
    await ending;
    expect(await running).toBe('a1');
    expect(begun).toEqual(['a1']);
  });

  it('goes on after a call that fails', async () => {
    const queue = new FairQueue(1);
    const failing = queue.run(1, () => Promise.reject(new Error('broke')));
    const next = queue.run(1, async () => 'next');
    await expect(failing).rejects.toThrow('broke');
    expect(await next).toBe('next');
  });
});
