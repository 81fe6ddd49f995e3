import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { Interruption } from './interruption.js';

describe('waiting that a signal ends', () => {
  it('gives what is waited for, or the reason', async () => {
    const controller = new AbortController();
    using interruption = new Interruption(controller.signal);
    expect(await interruption.wait(Promise.resolve(3))).toBe(3);
    await expect(interruption.wait(Promise.reject(new Error('no')))).rejects.toThrow('no');
    const waits = [
      interruption.wait(new Promise(() => undefined)),
      interruption.wait(new Promise(() => undefined)),
    ];
    controller.abort(new Error('over'));
    for (const each of waits) await expect(each).rejects.toThrow('over');
    await expect(interruption.wait(Promise.resolve(3))).rejects.toThrow('over');
    await expect(new Interruption(AbortSignal.abort('x')).wait(Promise.resolve(1))).rejects.toBe('x');
  });

  it('holds on to nothing that was waited for, however long it lives', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    using interruption = new Interruption(new AbortController().signal);
    const seen: WeakRef<object>[] = [];
    for (let i = 0; i < 50; i++) {
      const value = await interruption.wait(Promise.resolve({ index: i }));
      seen.push(new WeakRef(value));
    }
    await new Promise((resolve) => setTimeout(resolve, 0));
    collect();
    expect(seen.filter((ref) => ref.deref() !== undefined).length).toBeLessThan(5);
  });
});
