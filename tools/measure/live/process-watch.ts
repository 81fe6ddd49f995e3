/** What this process holds, second by second. */
import { readdirSync, readFileSync } from 'node:fs';

export interface Held {
  readonly megabytes: number;
  readonly descriptors: number;
  readonly threads: number;
}

/** Linux. */
function heldNow(): Held {
  const status = readFileSync('/proc/self/status', 'utf8');
  return {
    megabytes: process.memoryUsage().rss / 1e6,
    descriptors: readdirSync('/proc/self/fd').length,
    threads: Number(/Threads:\s+(\d+)/.exec(status)![1]),
  };
}

export class ProcessWatch implements Disposable {
  private readonly seen: Held[] = [];
  private readonly timer = setInterval(() => this.seen.push(heldNow()), 1000);

  /** Means over parts of the time, one after the other. */
  parts(count: number): Held[] {
    const size = this.seen.length / count;
    return Array.from({ length: count }, (_, k) => {
      const part = this.seen.slice(Math.floor(k * size), Math.floor((k + 1) * size));
      const mean = (of: keyof Held) =>
        Math.round((10 * part.reduce((sum, held) => sum + held[of], 0)) / part.length) / 10;
      return { megabytes: mean('megabytes'), descriptors: mean('descriptors'), threads: mean('threads') };
    });
  }

  [Symbol.dispose](): void {
    clearInterval(this.timer);
  }
}
