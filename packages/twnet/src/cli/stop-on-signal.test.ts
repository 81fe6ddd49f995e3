import { describe, expect, it } from 'vitest';
import { stopOnSignal, takesSignal } from './stop-on-signal.js';

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
