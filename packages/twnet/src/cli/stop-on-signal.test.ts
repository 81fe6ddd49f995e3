import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { stopOnSignal, takesSignal, unlessStopped } from './stop-on-signal.js';

describe('stopOnSignal', () => {
  it('takes the first signal and what one press sends again, and leaves the second to end the process', async () => {
    expect(takesSignal('SIGINT')).toBe(false);
    {
      using stop = stopOnSignal();
      expect(takesSignal('SIGTERM')).toBe(true);
      expect(stop.signal.aborted).toBe(true);
      expect(takesSignal('SIGINT')).toBe(true);
      await new Promise((resolve) => setTimeout(resolve, 600));
      expect(takesSignal('SIGINT')).toBe(false);
    }
    using next = stopOnSignal();
    expect(next.signal.aborted).toBe(false);
  });
});

describe('unlessStopped', () => {
  it('gives up an opening that may take for ever, and says what is there', async () => {
    using stop = stopOnSignal();
    const opening = unlessStopped(new Promise(() => undefined), stop, 'pipe.ts');
    takesSignal('SIGINT');
    await expect(opening).rejects.toThrow('interrupted: pipe.ts had no frame yet; nothing was written');
  });

  it('listens no longer than it waits, however many inputs there are', async () => {
    using stop = stopOnSignal();
    await unlessStopped(Promise.resolve(1), stop, 'a.mp4');
    await unlessStopped(Promise.reject(new Error('broken')), stop, 'b.mp4').catch(() => undefined);
    expect(getEventListeners(stop.signal, 'abort')).toHaveLength(0);
  });
});
